//! Client assertions: a JWT by which an application proves itself with a key, its own or that of an identity elsewhere.
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::EntraError;
use crate::directory::{Application, PublicKey};

/// Clocks may differ by so much.
const TOLERANCE_SECONDS: i64 = 300;

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    aud: Option<String>,
    exp: Option<i64>,
    nbf: Option<i64>,
    iss: Option<String>,
    sub: Option<String>,
}

/// An assertion that was read and is not yet verified.
struct Assertion<'a> {
    header: Header,
    claims: Claims,
    signed: &'a [u8],
    signature: Vec<u8>,
}

/// Verifies an assertion of `application`, or says what is wrong with it. `audiences`: the names of this token endpoint.
pub(super) fn check(
    text: &str,
    application: &Application,
    audiences: &[String],
    now: Timestamp,
) -> Result<(), EntraError> {
    let assertion = Assertion::read(text).ok_or_else(EntraError::malformed_assertion)?;
    let issuer = assertion.claims.iss.as_deref().unwrap_or_default();
    if issuer.eq_ignore_ascii_case(&application.id) || application.federated.is_empty() {
        assertion.check_own(application, audiences)?;
    } else {
        assertion.check_federated(application, issuer)?;
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
            signed: signed.as_bytes(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// By the application's own certificate: issuer and subject are the application, the audience is this endpoint.
    fn check_own(&self, application: &Application, audiences: &[String]) -> Result<(), EntraError> {
        let (x5t, x5t_s256) = (self.header.x5t.as_deref(), self.header.x5t_s256.as_deref());
        let mut candidates =
            application.keys.iter().filter(|key| key.has_thumbprint(x5t, x5t_s256));
        if !candidates.any(|key| self.is_signed_by(key)) {
            return Err(EntraError::assertion_signature());
        }
        let is_application = |claim: &Option<String>| {
            claim.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(&application.id))
        };
        if !is_application(&self.claims.iss) || !is_application(&self.claims.sub) {
            return Err(EntraError::assertion_subject());
        }
        let audience = self.claims.aud.clone().unwrap_or_default();
        let is_here = audiences
            .iter()
            .any(|known| known.eq_ignore_ascii_case(audience.trim_end_matches('/')));
        is_here.then_some(()).ok_or_else(|| EntraError::assertion_audience(&audience))
    }

    /// By an identity elsewhere: issuer, subject and audience as registered, compared letter by letter.
    fn check_federated(&self, application: &Application, issuer: &str) -> Result<(), EntraError> {
        let subject = self.claims.sub.as_deref().unwrap_or_default();
        let audience = self.claims.aud.as_deref().unwrap_or_default();
        let mut known: Vec<_> = application.federated.iter().collect();
        known.retain(|known| known.issuer == issuer);
        if known.is_empty() {
            return Err(EntraError::federated_issuer(issuer));
        }
        known.retain(|known| known.subject == subject);
        if known.is_empty() {
            return Err(EntraError::federated_subject(subject));
        }
        known.retain(|known| known.audience == audience);
        if known.is_empty() {
            return Err(EntraError::federated_audience(audience));
        }
        let is_signed = known.iter().any(|known| self.is_signed_by(&known.key));
        is_signed.then_some(()).ok_or_else(EntraError::assertion_signature)
    }

    fn check_time(&self, now: Timestamp) -> Result<(), EntraError> {
        let now = now.as_second();
        let is_over =
            self.claims.exp.is_none_or(|end| end.saturating_add(TOLERANCE_SECONDS) <= now);
        let is_early =
            self.claims.nbf.is_some_and(|start| start > now.saturating_add(TOLERANCE_SECONDS));
        if is_over || is_early { Err(EntraError::assertion_lifetime()) } else { Ok(()) }
    }

    fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.has_signed(&self.header.alg, self.signed, &self.signature)
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
