//! What a token says of itself. Read for convenience only: Graph decides, so nothing is verified.
//! <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::Token;

/// The claims that this library looks at. An opaque token has none.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Claims {
    /// Client id of the application, in tokens of version 1.
    appid: Option<String>,
    /// The same in tokens of version 2.
    azp: Option<String>,
    /// When the token ends, in seconds since 1970.
    pub(crate) exp: Option<i64>,
}

impl Claims {
    pub(crate) fn of(token: &Token) -> Self {
        let payload = token.as_str().split('.').nth(1).unwrap_or_default();
        BASE64_URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default()
    }

    /// The client id of the application that the token was issued to.
    pub(crate) fn app_id(self) -> Option<String> {
        self.appid.or(self.azp).filter(|id| !id.is_empty())
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
    fn a_token_that_is_no_jwt_says_nothing() {
        for text in ["opaque", "a.b.c", "a.e30.c", ".."] {
            assert_eq!(Claims::of(&Token::new(text).unwrap()).app_id(), None, "{text}");
        }
    }
}
