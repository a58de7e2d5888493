//! Which certificate of a server is accepted: the platform decides, and `ca_file` for what it holds itself.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

/// The platform's verifier, to which a server's certificate may also be one of `ca_file` itself. That of a host that
/// signs for itself is mostly an authority's, as `openssl req -x509` makes it, and webpki refuses it for that alone.
#[derive(Debug)]
pub(super) struct Trust {
    /// The certificates of `ca_file`.
    own: Vec<CertificateDer<'static>>,
    /// Decides by `own` alone, where the platform is a folder of certificates that takes longer to read than a connection
    /// takes to be made. What it accepts the platform's verifier would accept, since that has these certificates too.
    first: Option<Arc<WebPkiServerVerifier>>,
    platform: OnceLock<Verifier>,
    provider: Arc<CryptoProvider>,
}

/// The platform has to decide, and was not asked yet.
#[derive(Debug)]
struct Undecided;

impl Trust {
    /// Reads the platform's certificates, unless those of `ca_file` may do.
    pub(super) fn new(
        own: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let reads_files = cfg!(all(unix, not(target_vendor = "apple"), not(target_os = "android")));
        let first = match reads_files && !own.is_empty() {
            true => Some(only(&own, &provider)?),
            false => None,
        };
        let trust = Self { own, first, platform: OnceLock::new(), provider };
        if trust.first.is_none() {
            trust.ask_platform()?;
        }
        Ok(trust)
    }

    /// Lets the platform decide from now on. Reads files.
    pub(super) fn ask_platform(&self) -> Result<(), Error> {
        if self.platform.get().is_none() {
            let own = self.own.clone();
            let platform = Verifier::new_with_extra_roots(own, Arc::clone(&self.provider))?;
            let _ = self.platform.set(platform);
        }
        Ok(())
    }

    /// The verifier that decides now, and whether its refusal is final.
    fn verifier(&self) -> (&dyn ServerCertVerifier, bool) {
        match (self.platform.get(), &self.first) {
            (Some(platform), _) => (platform, true),
            (None, Some(first)) => (&**first, false),
            (None, None) => unreachable!("the platform is asked at once where nothing comes first"),
        }
    }
}

/// A verifier for these certificates and no others.
fn only(
    certificates: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate.clone())?;
    }
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
        let (verifier, is_final) = self.verifier();
        match verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        ) {
            // Its time has been checked before this error can come; what is left is its name.
            Err(error) if is_authority(&error) && self.own.contains(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
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

/// Whether a connection was given up because the platform was not asked yet.
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

/// Whether a certificate was refused because it is an authority's. rustls knows this error by its text alone.
pub(super) fn is_authority(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            other.0.to_string() == "CaUsedAsEndEntity"
        }
        _ => false,
    }
}
