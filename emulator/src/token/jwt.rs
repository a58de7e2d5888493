//! JSON Web Tokens as Entra shapes them. <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{hmac, rand};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Signs what this process mints. Every process has its own: a token is valid for one emulator only.
#[derive(Debug)]
pub(crate) struct SigningKey(hmac::Key);

impl SigningKey {
    pub(crate) fn generate() -> Self {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &rand::SystemRandom::new());
        Self(key.expect("the system has random bytes"))
    }

    pub(crate) fn sign<T: Serialize>(&self, claims: &T) -> String {
        let header = json!({"typ": "JWT", "alg": "HS256", "kid": "emulator"}).to_string();
        let claims = serde_json::to_string(claims).expect("claims are plain data");
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = hmac::sign(&self.0, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whether this key made the signature of `token`.
    pub(crate) fn is_signer_of(&self, token: &str) -> bool {
        let Some((signed, signature)) = token.rsplit_once('.') else { return false };
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        hmac::verify(&self.0, signed.as_bytes(), &signature).is_ok()
    }
}

/// The claims that matter here. Unknown ones are ignored, as Graph ignores them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aud: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nbf: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) appid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) azp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idtyp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tid: Option<String>,
    /// Delegated permissions, separated by blanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    /// Application permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ver: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uti: Option<String>,
}

impl Claims {
    /// Reads the middle part; `None` when the token is not three parts with JSON in the first two.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, _signature] = parts.as_slice() else { return None };
        let json = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
        serde_json::from_slice::<serde_json::Map<_, _>>(&json(header)?).ok()?;
        serde_json::from_slice(&json(claims)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Claims, SigningKey};

    #[test]
    fn a_minted_token_is_read_back_and_recognised() {
        let key = SigningKey::generate();
        let claims = Claims { appid: Some("app".into()), ..Claims::default() };
        let token = key.sign(&claims);
        assert_eq!(Claims::read(&token), Some(claims));
        assert!(key.is_signer_of(&token));
        assert!(!SigningKey::generate().is_signer_of(&token));
    }

    #[test]
    fn what_is_not_a_token_is_not_read() {
        for text in ["", "a.b.c", "secret", "eyJhIjoxfQ.eyJhIjoxfQ", "e30.W10.", "e30.e30.e30.e30"]
        {
            assert_eq!(Claims::read(text), None, "{text}");
        }
    }
}
