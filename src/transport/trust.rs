//! Which server certificates are accepted: those that the platform accepts, and those in `ca_file`.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, Der, ServerName, TrustAnchor, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use super::ca_file::Own;

/// The platform's verifier, which also accepts a server certificate that is itself in `ca_file`.
#[derive(Debug)]
pub(super) struct Trust {
    /// The certificates of `ca_file`.
    own: Vec<CertificateDer<'static>>,
    /// A verifier with `own` alone, for a platform whose certificates are files that take longer to read than a
    /// connection takes to be made. The platform's verifier includes `own`, so it would accept everything that this one
    /// accepts.
    first: Option<Arc<WebPkiServerVerifier>>,
    platform: OnceLock<Verifier>,
    provider: Arc<CryptoProvider>,
}

/// The platform's verifier has to decide, and is not loaded yet.
#[derive(Debug)]
struct Undecided;

impl Trust {
    /// Loads the platform's verifier, unless the certificates of `ca_file` may be enough.
    pub(super) fn new(
        Own { certificates: own, roots }: Own,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let reads_files = cfg!(all(unix, not(target_vendor = "apple"), not(target_os = "android")));
        let first = match reads_files && !own.is_empty() {
            true => Some(verifier(roots, &provider)?),
            false => None,
        };
        let trust = Self { own, first, platform: OnceLock::new(), provider };
        if trust.first.is_none() {
            trust.ask_platform()?;
        }
        Ok(trust)
    }

    /// Loads the platform's verifier, which decides from now on. This reads files.
    pub(super) fn ask_platform(&self) -> Result<(), Error> {
        if self.platform.get().is_none() {
            let own = self.own.clone();
            let platform = Verifier::new_with_extra_roots(own, Arc::clone(&self.provider))?;
            let _ = self.platform.set(platform);
        }
        Ok(())
    }

    /// The current verifier, and whether its refusal is final.
    fn verifier(&self) -> (&dyn ServerCertVerifier, bool) {
        match (self.platform.get(), &self.first) {
            (Some(platform), _) => (platform, true),
            (None, Some(first)) => (&**first, false),
            (None, None) => {
                unreachable!("without `first`, the platform's verifier is loaded at once")
            }
        }
    }

    /// Verifies a server certificate that is itself in `ca_file`. It does not matter who signed it, or that it is marked
    /// as an authority's, as `openssl req -x509` does.
    fn verify_own(
        &self,
        end_entity: &CertificateDer<'_>,
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match without_issuer(&self.provider)?.verify_server_cert(
            end_entity,
            &[],
            server_name,
            &[],
            now,
        ) {
            // webpki looks for the issuer after it has checked the dates and the usage, so only the name is left.
            Err(error) if is_authority(&error) || is_of_unknown_issuer(&error) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        }
    }
}

/// A verifier that knows no issuer. Its authority has a name that is not DER, which no certificate can have.
fn without_issuer(provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let anchor = TrustAnchor {
        subject: Der::from_slice(b"none"),
        subject_public_key_info: Der::from_slice(&[]),
        name_constraints: None,
    };
    verifier(RootCertStore { roots: vec![anchor] }, provider)
}

fn verifier(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let builder = WebPkiServerVerifier::builder_with_provider(roots.into(), Arc::clone(provider));
    builder.build().map_err(|error| Error::Other(OtherError(Arc::new(error))))
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.own.contains(end_entity) {
            return self.verify_own(end_entity, server_name, now);
        }
        let (verifier, is_final) = self.verifier();
        match verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        ) {
            Err(_) if !is_final => {
                Err(CertificateError::Other(OtherError(Arc::new(Undecided))).into())
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whether a connection was given up because the platform's verifier was not loaded yet.
pub(super) fn is_undecided(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            other.0.downcast_ref::<Undecided>().is_some()
        }
        _ => false,
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the platform has not decided yet")
    }
}

impl std::error::Error for Undecided {}

fn is_of_unknown_issuer(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

/// Whether a certificate was refused because it is an authority's. rustls reports this error as text only.
pub(super) fn is_authority(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            other.0.to_string() == "CaUsedAsEndEntity"
        }
        _ => false,
    }
}
