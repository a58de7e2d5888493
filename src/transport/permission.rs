//! The permission that a refused token lacks, and how to get it.
//! <https://learn.microsoft.com/graph/permissions-reference#presence-permissions>

use super::cloud::Cloud;
use super::{Call, Origin};
use crate::operation::{Effect, Operation};
use crate::token::{Claims, Holder};

/// Advice for a 403, as far as the token's claims tell. `None` for a token whose claims cannot be read.
pub(super) fn advice(call: &Call, origin: &Origin) -> Option<String> {
    let claims = Claims::of(&call.token);
    let holder = claims.holder()?;
    if holder == Holder::Application && is_for_persons_only(call.row.operation) {
        return None;
    }
    let is_me = call.message.url.path().contains("/me/");
    let sufficient: &[_] = match (holder, call.row.effect) {
        (Holder::Application, Effect::Read) => &["Presence.Read.All", "Presence.ReadWrite.All"],
        (Holder::Application, Effect::Write) => &["Presence.ReadWrite.All"],
        (Holder::Person, Effect::Read) if is_me => {
            &["Presence.Read", "Presence.Read.All", "Presence.ReadWrite"]
        }
        (Holder::Person, Effect::Read) => &["Presence.Read.All"],
        (Holder::Person, Effect::Write) => &["Presence.ReadWrite"],
    };
    let permission = sufficient[0];
    if let Some(held) = sufficient.iter().find(|permission| claims.has(permission)) {
        return Some(format!(
            "The token has {held}: if it was granted a moment ago, get a new token; if not, a policy of the \
             tenant refuses the call."
        ));
    }
    let page = consent_page(&claims, origin);
    Some(match holder {
        Holder::Application => {
            let at = page.map(|page| format!(" at {page}")).unwrap_or_default();
            format!(
                "The token lacks {permission} (application). Add it to the registration of the application, and \
                 have an administrator grant it{at}. Then sign in with a new credential: this token stays as it is."
            )
        }
        Holder::Person => {
            let at = page
                .map(|page| format!("; where only administrators consent, that is at {page}"))
                .unwrap_or_default();
            let own =
                if call.row.effect == Effect::Write { ", the token's own user only" } else { "" };
            format!(
                "The token lacks {permission} (delegated{own}). Sign in again with that scope{at}."
            )
        }
    })
}

/// Whether an operation has delegated permissions only.
/// <https://learn.microsoft.com/graph/api/presence-setmanuallocation#permissions>
pub(super) fn is_for_persons_only(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::SetManualLocation
            | Operation::SetAutomaticLocation
            | Operation::ClearLocation
            | Operation::ClearAutomaticLocation
    )
}

/// The page on which an administrator consents to the application's permissions.
/// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
fn consent_page(claims: &Claims, origin: &Origin) -> Option<String> {
    let host = match Cloud::at(&origin.to_string()) {
        Some(cloud) => cloud.login_host().to_string(),
        // An emulator is Graph and the login host.
        None if origin.is_loopback() => origin.to_string(),
        None => return None,
    };
    let (tenant, app) = (claims.tenant_id()?, claims.app_id()?);
    let is_id =
        |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    (is_id(&tenant) && is_id(&app)).then(|| format!("{host}/{tenant}/adminconsent?client_id={app}"))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::*;
    use crate::token::Token;

    fn page(claims: &str, origin: &str) -> Option<String> {
        let token = format!("e30.{}.", BASE64_URL_SAFE_NO_PAD.encode(claims));
        let claims = Claims::of(&Token::new(&token).unwrap());
        consent_page(&claims, &Origin::new(origin, true).unwrap())
    }

    #[test]
    fn the_consent_page_depends_on_the_cloud_and_is_omitted_if_unknown() {
        let graph = "https://graph.microsoft.com";
        let known = r#"{"tid": "t-1", "appid": "a-1"}"#;
        for (claims, origin, expected) in [
            (
                known,
                graph,
                Some("https://login.microsoftonline.com/t-1/adminconsent?client_id=a-1"),
            ),
            (
                known,
                "https://graph.microsoft.us",
                Some("https://login.microsoftonline.us/t-1/adminconsent?client_id=a-1"),
            ),
            (
                known,
                "http://127.0.0.1:8080",
                Some("http://127.0.0.1:8080/t-1/adminconsent?client_id=a-1"),
            ),
            (known, "https://graph.example", None),
            (r#"{"tid": "t-1"}"#, graph, None),
            (r#"{"appid": "a-1"}"#, graph, None),
            (r#"{"tid": "t/../x", "appid": "a-1"}"#, graph, None),
            (r#"{"tid": "t-1", "appid": "a-1&x=y"}"#, graph, None),
        ] {
            assert_eq!(page(claims, origin).as_deref(), expected, "{claims} at {origin}");
        }
    }
}
