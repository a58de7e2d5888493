//! A sign-in that the service refused: its message, and advice.
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

use std::fmt;

use serde_json::json;

use super::advice::{self, Row};
use crate::error::{Cause, Context, Error, Refusal};
use crate::json::Json;
use crate::quoted::{Long, Quoted};
use crate::response::{Response, Unreadable};
use crate::status::Status;
use crate::transport::HttpResponse;

/// A refusal by a sign-in endpoint.
#[derive(Debug)]
pub(super) struct Refused {
    /// The OAuth error, such as `invalid_client`.
    pub(super) error: String,
    pub(super) status: Status,
    cause: SignInRefusal,
    response: HttpResponse,
}

/// The cause of the error for a refused sign-in.
#[derive(Debug)]
struct SignInRefusal {
    error: String,
    trace_id: Option<String>,
    correlation_id: Option<String>,
    refusal: Refusal,
    status: Status,
}

impl Refused {
    /// A refusal by Entra.
    pub(super) fn by_entra(response: HttpResponse, client_id: &str, consent_url: &str) -> Self {
        Self::new("Microsoft Entra", response, client_id, Some(consent_url))
    }

    /// A refusal by another endpoint, with an error object in Entra's form.
    pub(super) fn by(by: &'static str, response: HttpResponse, client_id: &str) -> Self {
        Self::new(by, response, client_id, None)
    }

    /// A refusal in the redirect of a browser.
    pub(super) fn in_browser(error: &str, description: &str, client_id: &str) -> Self {
        let body = json!({"error": error, "error_description": description}).to_string();
        let response = HttpResponse::of(302, &body);
        Self::new("Microsoft Entra", response, client_id, None)
    }

    fn new(
        by: &'static str,
        response: HttpResponse,
        client_id: &str,
        consent_url: Option<&str>,
    ) -> Self {
        let object = Json::parse(&response.body).ok().and_then(Json::object).unwrap_or_default();
        let error = object.text("error").unwrap_or_default();
        let description = object.text("error_description").or_else(|| object.text("message"));
        let (code, message) = split(description.as_deref().unwrap_or_default());
        let row = advice::of(code.as_deref().unwrap_or_default(), &error);
        let advice = match (row, consent_url) {
            (Some(row), _) => Some(told(row, consent_url)),
            // A page of a proxy or a captive portal rather than Entra's answer.
            (None, Some(_)) if error.is_empty() => {
                Some("Check the authority, and whether a proxy answers in its place.".into())
            }
            _ => None,
        };
        let refusal = Refusal {
            by: by.into(),
            subject: match client_id {
                "" => "sign in".into(),
                id => format!("sign in client {}", Quoted(id)),
            },
            http_status: response.http_status,
            code: code.or_else(|| Some(error.clone()).filter(|it| !it.is_empty())).map(Into::into),
            message: (!message.is_empty()).then(|| message.into()),
            advice: advice.map(Into::into),
            retry_after: None,
            attempts: 1,
            content_type: Box::default(),
        };
        let status = row.map_or(Status::SignIn, |row| row.status);
        let cause = SignInRefusal {
            error: error.clone(),
            trace_id: object.text("trace_id"),
            correlation_id: object.text("correlation_id"),
            refusal,
            status,
        };
        Self { error, status, cause, response }
    }

    /// Whether the service failed, rather than refused.
    pub(super) fn is_outage(&self) -> bool {
        self.response.http_status >= 500
    }

    pub(super) fn into_error(self) -> Error {
        let text = |value: &reqwest::header::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        let headers = &self.response.headers;
        let response = Response {
            http_status: self.response.http_status,
            headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: self.response.body,
            client_request_id: self.cause.correlation_id.clone().unwrap_or_default(),
            attempts: 1,
            trace: String::new(),
            content: Err(Unreadable::Unexpected("a refusal".into())),
        };
        let context = Context {
            client_request_id: response.client_request_id.clone(),
            response: Some(response),
            ..Context::default()
        };
        Error::with_context(self.cause, context)
    }
}

/// The advice, with the consent page if an administrator must consent.
fn told(row: &Row, consent_url: Option<&str>) -> String {
    match (row.status, consent_url) {
        (Status::Consent, Some(url)) => {
            format!("{} An administrator can grant it at {url}.", row.advice)
        }
        _ => row.advice.into(),
    }
}

/// The code and the sentence of a description: `AADSTS7000215: Invalid client secret provided. … Trace ID: …`
fn split(description: &str) -> (Option<String>, &str) {
    let end = description.find("Trace ID:").unwrap_or(description.len());
    let text = description[..end].trim();
    match text.split_once(": ") {
        Some((code, message))
            if code.strip_prefix("AADSTS").is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            }) =>
        {
            (Some(code.into()), message.trim())
        }
        _ => (None, text),
    }
}

impl Cause for SignInRefusal {
    fn status(&self) -> Status {
        self.status
    }

    fn refusal(&self) -> Option<&Refusal> {
        Some(&self.refusal)
    }
}

impl fmt::Display for SignInRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { by, subject, http_status, code, message, advice, .. } = &self.refusal;
        write!(f, "{by} refused to {subject} ({http_status}")?;
        if !self.error.is_empty() {
            write!(f, " {}", Quoted(&self.error))?;
        }
        if let Some(code) = code.as_deref().filter(|code| **code != *self.error) {
            write!(f, ", {}", Quoted(code))?;
        }
        match message {
            Some(message) => write!(f, ": {}).", Long(message))?,
            None => f.write_str(").")?,
        }
        if let Some(advice) = advice {
            write!(f, " {advice}")?;
        }
        match (&self.trace_id, &self.correlation_id) {
            (Some(trace), Some(correlation)) => {
                write!(f, " Trace ID {}, correlation ID {}.", Quoted(trace), Quoted(correlation))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(body: &str) -> Error {
        Refused::by_entra(
            HttpResponse::of(401, body),
            "app",
            "https://login.example/t/adminconsent?client_id=app",
        )
        .into_error()
    }

    #[test]
    fn a_refusal_contains_entras_message_and_advice() {
        let error = error(
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2","error_codes":[7000215],"trace_id":"1","correlation_id":"2"}"#,
        );
        assert_eq!(
            error.to_string(),
            "Microsoft Entra refused to sign in client app (401 invalid_client, AADSTS7000215: Invalid client \
             secret provided). Give the value of the secret, not its id; the value is shown only when the secret \
             is created. Trace ID 1, correlation ID 2."
        );
        assert_eq!(error.status(), Status::SignIn);
        assert_eq!(error.graph_code(), Some("AADSTS7000215"));
        assert_eq!(error.graph_message(), Some("Invalid client secret provided."));
        assert_eq!((error.http_status(), error.client_request_id()), (Some(401), "2"));
    }

    #[test]
    fn missing_consent_names_the_page_where_it_is_given() {
        let error = error(
            r#"{"error":"invalid_grant","error_description":"AADSTS65001: The user or administrator has not consented."}"#,
        );
        assert_eq!(error.status(), Status::Consent);
        let url = "https://login.example/t/adminconsent?client_id=app";
        assert!(error.advice().unwrap().contains(url), "{error}");
    }

    #[test]
    fn a_refusal_without_an_error_object_has_a_message() {
        assert_eq!(
            error("<html>").to_string(),
            "Microsoft Entra refused to sign in client app (401). Check the authority, and whether a proxy answers in \
             its place."
        );
        assert_eq!(
            error(r#"{"error":"x","error_description":"AADSTS: y"}"#).to_string(),
            "Microsoft Entra refused to sign in client app (401 x: AADSTS: y)."
        );
    }
}
