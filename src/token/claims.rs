//! What a token says of itself. Read for convenience only: Graph decides, so nothing is verified.
//! <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Token;
use crate::json::{Json, Object};

/// The claims of a token, as JSON. An opaque token has none; one odd claim does not hide the others.
#[derive(Debug, Default)]
pub(crate) struct Claims(String);

/// Whom a token speaks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Holder {
    Application,
    Person,
}

impl Claims {
    pub(crate) fn of(token: &Token) -> Self {
        let payload = token.as_str().split('.').nth(1).unwrap_or_default();
        let json = BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('='));
        Self(json.map(|json| String::from_utf8_lossy(&json).into_owned()).unwrap_or_default())
    }

    fn object(&self) -> Object<'_> {
        Json::parse(&self.0).ok().and_then(Json::object).unwrap_or_default()
    }

    /// The client id of the application that the token was issued to: `appid` in version 1, `azp` in version 2.
    pub(crate) fn app_id(&self) -> Option<String> {
        let claims = self.object();
        let text = |name| claims.text(name).filter(|id| !id.is_empty());
        text("appid").or_else(|| text("azp"))
    }

    /// The tenant that the token was issued in.
    pub(crate) fn tenant_id(&self) -> Option<String> {
        self.object().text("tid").filter(|id| !id.is_empty())
    }

    /// Whom the token speaks for; `None` if it does not say.
    pub(crate) fn holder(&self) -> Option<Holder> {
        let claims = self.object();
        match claims.text("idtyp").as_deref() {
            Some("app") => Some(Holder::Application),
            Some("user") => Some(Holder::Person),
            _ if claims.get("scp").is_some() => Some(Holder::Person),
            _ if claims.get("roles").is_some() => Some(Holder::Application),
            _ => None,
        }
    }

    /// Whether the token has a permission, of the application or of the person.
    pub(crate) fn has(&self, permission: &str) -> bool {
        let claims = self.object();
        let roles = claims.get("roles").and_then(Json::items).unwrap_or_default();
        let is_it = |name: &str| name.eq_ignore_ascii_case(permission);
        claims.text("scp").unwrap_or_default().split_whitespace().any(is_it)
            || roles.into_iter().filter_map(Json::text).any(|role| is_it(&role))
    }

    /// What the token is for.
    pub(crate) fn audience(&self) -> Option<String> {
        self.object().text("aud").filter(|audience| !audience.is_empty())
    }

    /// Who the token is for, as JSON for people and hosts; null and [] where it does not say.
    pub(crate) fn about(&self) -> Value {
        let claims = self.object();
        let text = |names: &[&str]| names.iter().find_map(|name| claims.text(name));
        let scopes = text(&["scp"]).unwrap_or_default();
        let roles = claims.get("roles").and_then(Json::items).unwrap_or_default();
        json!({
            "clientId": self.app_id(),
            "tenantId": text(&["tid"]),
            "account": text(&["upn", "unique_name", "preferred_username"]),
            "scopes": scopes.split_whitespace().collect::<Vec<_>>(),
            "roles": roles.into_iter().filter_map(Json::text).collect::<Vec<_>>(),
            "expires": self.expires(),
        })
    }

    /// When the token ends, in seconds since 1970.
    pub(crate) fn expires(&self) -> Option<u64> {
        let seconds = self.object().get("exp")?;
        seconds.whole().or_else(|| seconds.float().map(|seconds| seconds as u64))
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
        assert_eq!(app_id(r#"{"appid": "a", "exp": 1e400}"#).as_deref(), Some("a"));
        let private = r#"{"$serde_json::private::RawValue": "{\"appid\": \"b\"}", "appid": "a"}"#;
        assert_eq!(app_id(private).as_deref(), Some("a"));
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
    fn a_token_speaks_for_an_application_or_a_person_and_has_permissions() {
        let claims = |claims: &str| {
            let token = format!("e30.{}.x", BASE64_URL_SAFE_NO_PAD.encode(claims));
            Claims::of(&Token::new(&token).unwrap())
        };
        let app = claims(
            r#"{"roles": ["Presence.ReadWrite.All"], "aud": "https://graph.microsoft.com"}"#,
        );
        assert_eq!(app.holder(), Some(Holder::Application));
        assert!(app.has("presence.readwrite.all") && !app.has("Presence.Read"));
        assert_eq!(app.audience().as_deref(), Some("https://graph.microsoft.com"));
        let person = claims(r#"{"scp": "User.Read Presence.Read", "roles": []}"#);
        assert_eq!(person.holder(), Some(Holder::Person));
        assert!(person.has("Presence.Read") && !person.has("Presence"));
        assert_eq!(claims(r#"{"idtyp": "app"}"#).holder(), Some(Holder::Application));
        assert_eq!(claims("{}").holder(), None);
    }

    #[test]
    fn a_token_that_is_no_jwt_says_nothing() {
        for text in ["opaque", "a.b.c", "a.e30.c", ".."] {
            assert_eq!(Claims::of(&Token::new(text).unwrap()).app_id(), None, "{text}");
        }
    }
}
