//! TLS as this library uses it: rustls with ring, and the platform's own judgement of certificates.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use super::TransportFailure;

/// The configuration for https. Reads the system's certificates, which takes milliseconds: made when first needed.
pub(crate) fn config(ca_file: Option<&str>) -> Result<ClientConfig, TransportFailure> {
    let fail = |reason: String| TransportFailure::Tls { to: "any host".into(), reason };
    let extra = ca_file.map(read_certificates).transpose()?.unwrap_or_default();
    let provider = provider();
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
        .map_err(|error| fail(error.to_string()))?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| fail(error.to_string()))?
        .dangerous() // rustls' name for any verifier but its own; this one is the platform's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// The configuration for plain http on loopback: trusts nobody, costs nothing.
pub(crate) fn none() -> Result<ClientConfig, TransportFailure> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportFailure::Tls {
            to: "any host".into(),
            reason: error.to_string(),
        })?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

/// What a failure of TLS means to somebody who did not set it up.
pub(crate) fn explain(error: &rustls::Error) -> String {
    use rustls::CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, UnknownIssuer,
    };
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
    match error {
        InvalidCertificate(UnknownIssuer) => "nobody known here has signed its certificate".into(),
        InvalidCertificate(Expired | ExpiredContext { .. }) => "its certificate has expired".into(),
        InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            "its certificate is for another host".into()
        }
        InvalidCertificate(reason) => format!("its certificate was not accepted ({reason:?})"),
        AlertReceived(alert) => format!("it ended the handshake ({alert:?})"),
        InvalidMessage(_) => "it does not speak TLS".into(),
        other => other.to_string(),
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn read_certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, TransportFailure> {
    let fail = |reason: String| TransportFailure::Option { name: "ca_file", reason };
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| fail(format!("\"{path}\" cannot be read as PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(fail(format!(
            "\"{path}\" has no certificate; give a PEM file with at least one"
        )));
    }
    Ok(certificates)
}
