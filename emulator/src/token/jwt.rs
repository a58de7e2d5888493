//! JSON Web Tokens as Entra shapes them. <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// The RSA key of every emulator. It is public and protects nothing: anyone who can call the control API can have any
/// token signed. Generating a key would take longer than starting an emulator.
static KEY: LazyLock<KeyPair> = LazyLock::new(|| {
    let pem = include_bytes!("signing-key.pem");
    let key = PrivatePkcs8KeyDer::from_pem_slice(pem).expect("the key of this folder is PEM");
    KeyPair::from_pkcs8(key.secret_pkcs8_der()).expect("the key of this folder is RSA")
});

/// Signs the tokens of this process. Each process gives the key a different id, which the signature covers, so a token
/// is valid for one emulator only.
#[derive(Debug)]
pub(crate) struct SigningKey {
    kid: String,
}

#[derive(Deserialize)]
struct Header {
    kid: Option<String>,
}

impl SigningKey {
    pub(crate) fn generate() -> Self {
        let mut bytes = [0; 20];
        SystemRandom::new().fill(&mut bytes).expect("the system has random bytes");
        Self { kid: URL_SAFE_NO_PAD.encode(bytes) }
    }

    pub(crate) fn sign<T: Serialize>(&self, claims: &T) -> String {
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": self.kid}).to_string();
        let claims = serde_json::to_string(claims).expect("claims are plain data");
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; KEY.public().modulus_len()];
        KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .expect("the key is long enough");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whether this key made the signature of `token`.
    pub(crate) fn is_signer_of(&self, token: &str) -> bool {
        let Some((signed, signature)) = token.rsplit_once('.') else { return false };
        let header = signed.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let header = header.and_then(|json| serde_json::from_slice::<Header>(&json).ok());
        let is_named = header.is_some_and(|header| header.kid.as_ref() == Some(&self.kid));
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, KEY.public_key());
        is_named && key.verify(signed.as_bytes(), &signature).is_ok()
    }

    /// The public key as a JSON Web Key Set. <https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens>
    pub(crate) fn key_set(&self) -> Value {
        let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(KEY.public());
        let [n, e] = [n, e].map(|number| URL_SAFE_NO_PAD.encode(number));
        json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e}]})
    }
}

/// The claims that the emulator uses. Like Graph, it ignores unknown ones.
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
    /// The authentication contexts that the sign-in satisfied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acrs: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) appid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) azp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idtyp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tid: Option<String>,
    /// Delegated permissions, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    /// Application permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ver: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uti: Option<String>,
    /// The client's capabilities, such as `cp1`, the handling of claims challenges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) xms_cc: Option<Vec<String>>,
}

impl Claims {
    /// Parses the claims; `None` if the token does not have three parts with JSON in the first two.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, _signature] = parts.as_slice() else { return None };
        let json = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
        serde_json::from_slice::<serde_json::Map<_, _>>(&json(header)?).ok()?;
        serde_json::from_slice(&json(claims)?).ok()
    }

    /// The signed-in user of a delegated token: the object id or, without one, the user principal name.
    pub(crate) fn user(&self) -> Option<&str> {
        self.scp.as_ref()?;
        Some(self.oid.as_deref().or(self.upn.as_deref()).unwrap_or_default())
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
        assert!(!SigningKey::generate().is_signer_of(&token), "its key has another name");
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert!(!key.is_signer_of(&format!("{signed}.AAAA")));
    }

    #[test]
    fn what_is_not_a_token_is_not_read() {
        for text in ["", "a.b.c", "secret", "eyJhIjoxfQ.eyJhIjoxfQ", "e30.W10.", "e30.e30.e30.e30"]
        {
            assert_eq!(Claims::read(text), None, "{text}");
        }
    }
}
