//! What a token says of itself. Read for convenience only: Graph decides, so nothing is verified.
//! <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Token;

/// The claims of a token. An opaque token has none; one odd claim does not hide the others.
#[derive(Debug)]
pub(crate) struct Claims(Value);

impl Claims {
    pub(crate) fn of(token: &Token) -> Self {
        let payload = token.as_str().split('.').nth(1).unwrap_or_default();
        let json = BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('='));
        Self(json.ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default())
    }

    /// The client id of the application that the token was issued to: `appid` in version 1, `azp` in version 2.
    pub(crate) fn app_id(&self) -> Option<String> {
        let text = |name| self.0.get(name).and_then(Value::as_str).filter(|id| !id.is_empty());
        text("appid").or(text("azp")).map(String::from)
    }

    /// Who the token is for, as JSON for people and hosts; null and [] where it does not say.
    pub(crate) fn about(&self) -> Value {
        let text = |names: &[&str]| {
            names.iter().find_map(|name| self.0.get(*name)?.as_str()).map(String::from)
        };
        let scopes = text(&["scp"]).unwrap_or_default();
        let roles = self.0.get("roles").and_then(Value::as_array).cloned().unwrap_or_default();
        json!({
            "clientId": self.app_id(),
            "tenantId": text(&["tid"]),
            "account": text(&["upn", "unique_name", "preferred_username"]),
            "scopes": scopes.split_whitespace().collect::<Vec<_>>(),
            "roles": roles.iter().filter(|role| role.is_string()).collect::<Vec<_>>(),
            "expires": self.expires(),
        })
    }

    /// When the token ends, in seconds since 1970.
    pub(crate) fn expires(&self) -> Option<u64> {
        let seconds = self.0.get("exp")?;
        seconds.as_u64().or_else(|| seconds.as_f64().map(|seconds| seconds as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app_id(claims: &str) -> Option<String> {
        let token = format!("e30.{}.x", BASE64_URL_SAFE_NO_PAD.encode(claims));
        Claims::of(&Token::new(&token).unwrap()).app_id()
    }

    #[test]
    fn the_application_stands_in_appid_or_azp() {
        assert_eq!(app_id(r#"{"appid": "a", "azp": "b"}"#).as_deref(), Some("a"));
        assert_eq!(app_id(r#"{"azp": "b"}"#).as_deref(), Some("b"));
        assert_eq!(app_id("{}"), None);
    }

    #[test]
    fn one_odd_claim_does_not_hide_the_others() {
        assert_eq!(app_id(r#"{"appid": "a", "exp": "soon"}"#).as_deref(), Some("a"));
        assert_eq!(app_id(r#"{"appid": 5, "azp": "b"}"#).as_deref(), Some("b"));
        assert_eq!(app_id(r#"{"appid": "", "azp": "b"}"#).as_deref(), Some("b"));
    }

    #[test]
    fn a_token_tells_who_it_is_for() {
        let claims = r#"{"appid": "a", "tid": "t", "upn": "adele", "scp": "Presence.Read User.Read", "exp": 7, "roles": 5}"#;
        let token = format!("e30.{}.x", BASE64_URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(
            Claims::of(&Token::new(&token).unwrap()).about(),
            json!({"clientId": "a", "tenantId": "t", "account": "adele", "expires": 7,
                "scopes": ["Presence.Read", "User.Read"], "roles": []})
        );
    }

    #[test]
    fn a_token_that_is_no_jwt_says_nothing() {
        for text in ["opaque", "a.b.c", "a.e30.c", ".."] {
            assert_eq!(Claims::of(&Token::new(text).unwrap()).app_id(), None, "{text}");
        }
    }
}
