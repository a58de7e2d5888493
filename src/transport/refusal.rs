//! Reads Graph's errors, and adds advice. <https://learn.microsoft.com/graph/errors>

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use super::permission::is_for_persons_only;
use super::retry::GaveUp;
use super::{Call, Origin, permission};
use crate::json::Json;
use crate::operation::{Effect, Operation, Row};
use crate::quoted::Quoted;
use crate::response::Response;
use crate::token::Claims;

/// The code and message of an error object, in the form of Graph or of the sign-in service.
pub(crate) fn error_object(body: &str) -> (Option<Box<str>>, Option<Box<str>>) {
    let object = Json::parse(body).ok().and_then(Json::object).unwrap_or_default();
    let error = object.object("error").unwrap_or_default();
    let code = error.text("code").or_else(|| object.text("error"));
    let message = error.text("message").or_else(|| object.text("error_description"));
    (code.map(Box::from), message.map(Box::from))
}

/// Whether a 404 concerns the object itself, such as the session to be cleared, which an earlier attempt may have
/// removed. A 404 for a user who does not exist has the directory's code, `Request_ResourceNotFound`.
pub(crate) fn is_gone(body: &str) -> bool {
    error_object(body).0.is_some_and(|code| code.eq_ignore_ascii_case("NotFound"))
}

/// Advice, if the documentation or experience says more than the response. `said` is the code and message of the
/// response.
pub(super) fn advice(
    call: &Call,
    origin: &Origin,
    response: &Response,
    said: (&str, &str),
    gave_up: Option<GaveUp>,
) -> Option<Cow<'static, str>> {
    let http_status = response.http_status();
    let known = match http_status {
        401 if is_challenge(response) => Some(
            "The token lacks claims that Graph demands (a claims challenge). Get a token with the claims of the \
             WWW-Authenticate header, or give the client a credential that signs in."
                .into(),
        ),
        _ if !is_graphs(said) => None,
        400 if said.1.contains("delegated authentication flow") => Some(
            "The token is an application's, which has no signed-in user. Name the user in place of /me, or sign a \
             person in."
                .into(),
        ),
        401 => of_token(call, said.1),
        403 if call.row.is_documented => permission::advice(call, origin),
        _ => None,
    };
    known
        .map(Cow::Owned)
        .or_else(|| general(call.row, http_status, said, gave_up).map(Cow::Borrowed))
}

/// Whether a response has an error object. The page of a gateway, a firewall or a captive portal has none.
pub(super) fn is_graphs((code, message): (&str, &str)) -> bool {
    !code.is_empty() || !message.is_empty()
}

/// Whether a token with further claims is demanded.
/// <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
fn is_challenge(response: &Response) -> bool {
    response.headers_of("www-authenticate").any(|header| header.contains("insufficient_claims"))
}

/// What the claims of a token say about why Graph calls it invalid.
fn of_token(call: &Call, message: &str) -> Option<String> {
    let claims = Claims::of(&call.token);
    if message.contains("another user") {
        return None;
    }
    if message.contains("expired") {
        let end = claims.expires()?;
        let end = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(end))?;
        // An HTTP date has four digits for the year.
        let end = (end < SystemTime::UNIX_EPOCH + LAST).then(|| httpdate::fmt_http_date(end))?;
        return Some(format!(
            "The token expired on {end}. Get a new one, or give the client a credential that signs in."
        ));
    }
    if let Some(audience) = claims.audience().filter(|_| message.contains("udience")) {
        return Some(format!(
            "The token is for \"{}\". Get one for Microsoft Graph: its scope begins with the base URL.",
            Quoted(&audience)
        ));
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    (claims.expires()? > now.as_secs())
        .then(|| "The token was revoked or is not for Microsoft Graph. Get a new one.".into())
}

/// The year 9999.
const LAST: Duration = Duration::from_secs(253_402_300_799);

fn is_clear(operation: Operation) -> bool {
    matches!(operation, Operation::ClearPresence | Operation::ClearUserPreferredPresence)
}

const OWN_LOCATION: &str = "A work location is set and cleared by its own user only. Sign in as that user, with Presence.ReadWrite.";

/// The advice that does not depend on the token.
fn general(
    row: &Row,
    http_status: u16,
    said: (&str, &str),
    gave_up: Option<GaveUp>,
) -> Option<&'static str> {
    let (code, message) = said;
    Some(match http_status {
        429 | 503 | 504 if gave_up.is_some() => match gave_up? {
            GaveUp::Never => "The request was not repeated, because it could take effect twice.",
            GaveUp::Attempts => "Send fewer requests at a time, or raise `max_attempts`.",
            GaveUp::Budget => "Send fewer requests at a time, or raise `retry_budget`.",
            GaveUp::Time => "Send fewer requests at a time, or raise `timeout`.",
            GaveUp::KeepAlive if is_clear(row.operation) => {
                "A clear is tried three times, or for a minute, unless Graph throttles it for longer."
            }
            GaveUp::KeepAlive => "The keep-alive tries again as soon as possible.",
        },
        _ if !is_graphs(said) => "A proxy, a firewall or a sign-in page may have answered.",
        401 if message.contains("another user") && is_for_persons_only(row.operation) => {
            OWN_LOCATION
        }
        401 if message.contains("another user") => {
            "A delegated token writes only its own user. Use an application token with Presence.ReadWrite.All."
        }
        401 => "The token has expired or is not for Microsoft Graph. Get a new one.",
        403..=405 if !row.is_documented => {
            "The live service is not known to offer this. Use setPresence, setUserPreferredPresence or \
             setStatusMessage."
        }
        403 if is_for_persons_only(row.operation) => OWN_LOCATION,
        403 if row.effect == Effect::Read => {
            "The token lacks Presence.Read.All (or, for the token's own user, Presence.Read)."
        }
        403 => {
            "The token lacks Presence.ReadWrite.All (application) or Presence.ReadWrite (delegated, the token's own user only)."
        }
        404 if row.operation == Operation::ClearPresence && code != "Request_ResourceNotFound" => {
            "The application has no session with this user, so there is nothing to clear."
        }
        404 => "Check the user's id, and that the user belongs to this tenant.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Refusal;

    fn text(operation: Operation, http_status: u16, body: &str) -> String {
        let row = operation.row();
        let (code, message) = error_object(body);
        let said = (code.as_deref().unwrap_or_default(), message.as_deref().unwrap_or_default());
        let is_graphs = is_graphs(said);
        Refusal {
            by: if is_graphs { "Graph" } else { "https://graph.example" }.into(),
            subject: format!("{} adele", row.does),
            http_status,
            advice: general(row, http_status, said, Some(GaveUp::Budget)).map(Into::into),
            retry_after: matches!(http_status, 429 | 503).then(|| Duration::from_millis(2128)),
            attempts: 6,
            content_type: "text/html".into(),
            code,
            message,
        }
        .to_string()
    }

    #[test]
    fn a_refusal_contains_graphs_message_and_advice() {
        let table = [
            (
                text(
                    Operation::SetPresence,
                    401,
                    r#"{"error":{"code":"Unauthorized","message":"Cannot set the presence of another user."}}"#,
                ),
                "Graph refused to set the presence of adele (401 Unauthorized: Cannot set the presence of \
                 another user). A delegated token writes only its own user. Use an application token with Presence.ReadWrite.All.",
            ),
            (
                text(Operation::SetPresence, 403, r#"{"error":{"code":"Forbidden","message":""}}"#),
                "Graph refused to set the presence of adele (403 Forbidden). The token lacks \
                 Presence.ReadWrite.All (application) or Presence.ReadWrite (delegated, the token's own user only).",
            ),
            (
                text(
                    Operation::UpdatePresence,
                    404,
                    r#"{"error":{"code":"NotFound","message":"x"}}"#,
                ),
                "Graph refused to update the presence of adele (404 NotFound: x). The live service is not known \
                 to offer this. Use setPresence, setUserPreferredPresence or setStatusMessage.",
            ),
            (
                text(
                    Operation::UpdatePresence,
                    403,
                    r#"{"error":{"code":"Forbidden","message":"x"}}"#,
                ),
                "Graph refused to update the presence of adele (403 Forbidden: x). The live service is not known \
                 to offer this. Use setPresence, setUserPreferredPresence or setStatusMessage.",
            ),
            (
                text(Operation::GetPresence, 403, r#"{"error":{"code":"Forbidden","message":""}}"#),
                "Graph refused to read the presence of adele (403 Forbidden). The token lacks Presence.Read.All \
                 (or, for the token's own user, Presence.Read).",
            ),
            (
                text(Operation::SetPresence, 404, r#"{"error":{"code":"NotFound","message":""}}"#),
                "Graph refused to set the presence of adele (404 NotFound). Check the user's id, and that \
                 the user belongs to this tenant.",
            ),
            (
                text(Operation::SetPresence, 503, r#"{"error":{"code":"Busy","message":"x"}}"#),
                "Graph refused to set the presence of adele (503 Busy: x). Send fewer requests at a time, or \
                 raise `retry_budget`.",
            ),
            (
                text(Operation::GetPresence, 500, "<html>oops"),
                "https://graph.example refused to read the presence of adele (500) with text/html instead of an error \
                 object. A proxy, a firewall or a sign-in page may have answered.",
            ),
            (
                text(Operation::ClearPresence, 404, "<html>Not Found"),
                "https://graph.example refused to clear the presence of adele (404) with text/html instead of an \
                 error object. A proxy, a firewall or a sign-in page may have answered.",
            ),
            (
                text(Operation::SetPresence, 503, "<html>Busy"),
                "https://graph.example refused to set the presence of adele (503) with text/html instead of an error \
                 object. Send fewer requests at a time, or raise `retry_budget`.",
            ),
            (
                text(
                    Operation::SetPresence,
                    429,
                    r#"{"error":{"code":"TooManyRequests","message":"x"}}"#,
                ),
                "Graph asks to wait 2.1 s before it will set the presence of adele (429), after 6 attempts. \
                 Send fewer requests at a time, or raise `retry_budget`.",
            ),
            (
                text(
                    Operation::GetPresence,
                    401,
                    "\u{feff}{\"error\":\"invalid_token\",\"error_description\":\"why\"}",
                ),
                "Graph refused to read the presence of adele (401 invalid_token: why). The token has expired or \
                 is not for Microsoft Graph. Get a new one.",
            ),
            (
                text(Operation::GetPresence, 418, r#"{"error":{"message":"short and stout"}}"#),
                "Graph refused to read the presence of adele (418: short and stout).",
            ),
        ];
        for (built, wanted) in table {
            assert_eq!(built, wanted);
        }
    }
}
