//! Client assertions: a JWT that authenticates an application, signed with its own key or that of an external identity
//! provider.
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::EntraError;
use crate::directory::{Application, PublicKey};
use crate::token::SigningKey;

/// The tolerated difference between two clocks.
const TOLERANCE_SECONDS: f64 = 300.0;

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    aud: Option<Audience>,
    // Libraries write whole seconds and fractions (RFC 7519, 2: NumericDate).
    exp: Option<f64>,
    nbf: Option<f64>,
    iss: Option<String>,
    sub: Option<String>,
}

/// Kubernetes writes a list of audiences; other issuers write a single one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn all(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// An assertion that was parsed but not yet verified.
struct Assertion<'a> {
    header: Header,
    claims: Claims,
    text: &'a str,
    signed: &'a [u8],
    signature: Vec<u8>,
}

/// Verifies an assertion of `application`. `audiences` are the names of this token endpoint. `own_key` signs for the
/// federated issuers that are registered without a key.
pub(super) fn check(
    text: &str,
    application: &Application,
    audiences: &[String],
    own_key: &SigningKey,
    now: Timestamp,
) -> Result<(), EntraError> {
    let assertion = Assertion::read(text).ok_or_else(EntraError::malformed_assertion)?;
    let issuer = assertion.claims.iss.as_deref().unwrap_or_default();
    if issuer.eq_ignore_ascii_case(&application.id) || application.federated.is_empty() {
        assertion.check_own(application, audiences)?;
    } else {
        assertion.check_federated(application, issuer, own_key)?;
    }
    assertion.check_time(now)
}

impl<'a> Assertion<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        Some(Self {
            header: part(header)?,
            claims: part(claims)?,
            text,
            signed: signed.as_bytes(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// Verifies an assertion signed with the application's own certificate: issuer and subject must be the application,
    /// and the audience this endpoint.
    fn check_own(&self, application: &Application, audiences: &[String]) -> Result<(), EntraError> {
        if application.keys.is_empty() {
            return Err(EntraError::no_keys());
        }
        let (x5t, x5t_s256) = (self.header.x5t.as_deref(), self.header.x5t_s256.as_deref());
        let is_named = |key: &&PublicKey| key.has_thumbprint(x5t, x5t_s256);
        let named: Vec<&PublicKey> = application.keys.iter().filter(is_named).collect();
        if named.is_empty() {
            return Err(EntraError::unregistered_key(&self.thumbprint(), &application.id));
        }
        if !named.iter().any(|key| self.is_signed_by(key)) {
            return Err(EntraError::assertion_signature(&self.thumbprint(), &application.id));
        }
        let is_application = |claim: &Option<String>| {
            claim.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(&application.id))
        };
        if !is_application(&self.claims.iss) || !is_application(&self.claims.sub) {
            return Err(EntraError::assertion_subject());
        }
        let is_known = |name: &String| {
            audiences.iter().any(|known| known.eq_ignore_ascii_case(name.trim_end_matches('/')))
        };
        let is_here = self.audiences().iter().any(is_known);
        is_here.then_some(()).ok_or_else(|| EntraError::assertion_audience(&self.audience()))
    }

    /// The thumbprint in the header, in the form that the portal shows.
    fn thumbprint(&self) -> String {
        let name = self.header.x5t_s256.as_deref().or(self.header.x5t.as_deref());
        let bytes = URL_SAFE_NO_PAD.decode(name.unwrap_or_default()).unwrap_or_default();
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    fn audiences(&self) -> &[String] {
        self.claims.aud.as_ref().map_or(&[], Audience::all)
    }

    /// The audience as an error message shows it.
    fn audience(&self) -> String {
        self.audiences().join(", ")
    }

    /// Verifies an assertion of an external identity: issuer, subject and audience must equal the registered ones,
    /// including letter case.
    fn check_federated(
        &self,
        application: &Application,
        issuer: &str,
        own_key: &SigningKey,
    ) -> Result<(), EntraError> {
        let subject = self.claims.sub.as_deref().unwrap_or_default();
        let mut known: Vec<_> = application.federated.iter().collect();
        known.retain(|known| known.issuer == issuer);
        if known.is_empty() {
            return Err(EntraError::federated_issuer(issuer));
        }
        known.retain(|known| known.subject == subject);
        if known.is_empty() {
            return Err(EntraError::federated_subject(subject));
        }
        known.retain(|known| self.audiences().contains(&known.audience));
        if known.is_empty() {
            return Err(EntraError::federated_audience(&self.audience()));
        }
        let is_signed = known.iter().any(|known| match &known.key {
            Some(key) => self.is_signed_by(key),
            None => own_key.is_signer_of(self.text),
        });
        is_signed
            .then_some(())
            .ok_or_else(|| EntraError::assertion_signature(&self.thumbprint(), &application.id))
    }

    fn check_time(&self, now: Timestamp) -> Result<(), EntraError> {
        let now = now.as_second() as f64;
        let is_over = self.claims.exp.is_none_or(|end| end + TOLERANCE_SECONDS <= now);
        let is_early = self.claims.nbf.is_some_and(|start| start > now + TOLERANCE_SECONDS);
        match is_over || is_early {
            true => Err(EntraError::assertion_lifetime(now, self.claims.exp.unwrap_or_default())),
            false => Ok(()),
        }
    }

    fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.has_signed(&self.header.alg, self.signed, &self.signature)
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
