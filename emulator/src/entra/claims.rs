//! The parameter `claims`, with which a client requests claims in the token, usually in response to a claims challenge.
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use serde_json::Value;

use super::error::EntraError;
use super::form::Form;
use crate::token::values;

/// The requested claims that the emulator can put into an access token.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestedClaims {
    /// Authentication contexts.
    pub(super) acrs: Vec<String>,
    /// Client capabilities (`xms_cc`).
    pub(super) client_capabilities: Vec<String>,
    /// Whether the request answers a claims challenge. Client libraries send other claims with every request.
    pub(super) is_challenged: bool,
}

impl RequestedClaims {
    pub(super) fn of(form: &Form) -> Result<Self, EntraError> {
        let Some(text) = form.get("claims") else { return Ok(Self::default()) };
        let claims: Value = serde_json::from_str(text).map_err(|_| EntraError::claims())?;
        let claims = claims.as_object().ok_or_else(EntraError::claims)?;
        let wanted = claims.get("access_token").unwrap_or(&Value::Null);
        Ok(Self {
            acrs: values(&wanted["acrs"]),
            client_capabilities: values(&wanted["xms_cc"]),
            is_challenged: ["acrs", "nbf"].iter().any(|name| wanted[name].is_object()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, RequestedClaims};
    use crate::http::Request;

    fn asked(claims: &str) -> Option<(Vec<String>, Vec<String>)> {
        let body = format!("claims={claims}").into_bytes();
        let request = Request { method: "POST".into(), body, ..Request::default() };
        let claims = RequestedClaims::of(&Form::posted(&request).unwrap()).ok()?;
        Some((claims.acrs, claims.client_capabilities))
    }

    #[test]
    fn one_value_or_several_are_read() {
        let both = asked(
            r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1","llt"]},"nbf":null}}"#,
        );
        assert_eq!(both, Some((vec!["c1".into()], vec!["cp1".into(), "llt".into()])));
        assert_eq!(asked(""), Some((vec![], vec![])));
        assert_eq!(asked("{}"), Some((vec![], vec![])));
        for text in ["c1", "[]", "{"] {
            assert_eq!(asked(text), None, "{text}");
        }
    }
}
