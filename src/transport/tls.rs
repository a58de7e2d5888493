//! TLS: rustls with ring, and the platform's verifier of certificates.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use rustls::CertificateError::{NotValidForName, NotValidForNameContext};
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;

use super::TransportFailure;
use super::ca_file::{self, Own};
use super::trust::{Trust, is_authority};

/// The advice if TLS fails before a connection is made.
const CHECK_SYSTEM: &str = "Check the certificates of this system, or give `ca_file`";

/// The configuration for https, and the certificates that it trusts. It reads files, which takes milliseconds.
pub(crate) fn config(
    ca_file: Option<&str>,
) -> Result<(ClientConfig, Arc<Trust>), TransportFailure> {
    let fail = |error: rustls::Error| unusable(&error);
    let own = ca_file.map_or_else(|| Ok(Own::none()), ca_file::read)?;
    let provider = provider();
    let trust = Arc::new(Trust::new(own, Arc::clone(&provider)).map_err(fail)?);
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(fail)?
        .dangerous() // rustls requires this for any verifier but its own; this one asks the platform
        .with_custom_certificate_verifier(Arc::clone(&trust) as _)
        .with_no_client_auth();
    Ok((config, trust))
}

/// The configuration for plain http on loopback. It trusts no certificate and reads no file.
pub(crate) fn none() -> Result<ClientConfig, TransportFailure> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

/// The failure if TLS cannot be set up.
pub(super) fn unusable(error: &dyn std::error::Error) -> TransportFailure {
    let (to, reason) = ("any host".into(), error.to_string());
    TransportFailure::Tls { to, reason, advice: CHECK_SYSTEM.into() }
}

/// Explains a failure of TLS: the reason and the advice. `setting` is the setting that determines the host.
pub(crate) fn explain(error: &rustls::Error, setting: &str) -> (String, Cow<'static, str>) {
    match error {
        rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            ("its certificate is for another host".into(), format!("Check {setting}").into())
        }
        rustls::Error::InvalidMessage(_) => {
            ("it does not speak TLS".into(), format!("Check {setting} and its port").into())
        }
        error => {
            let (reason, advice) = explain_host(error);
            (reason, advice.into())
        }
    }
}

/// Explains a failure that is not about the host's name.
fn explain_host(error: &rustls::Error) -> (String, &'static str) {
    use rustls::AlertDescription::ProtocolVersion;
    use rustls::Error::{AlertReceived, InvalidCertificate, PeerIncompatible};
    use rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13;
    match error {
        InvalidCertificate(_) if is_authority(error) => (
            "its certificate is that of an authority, signed by itself".into(),
            "If you trust that certificate, give it as `ca_file`",
        ),
        InvalidCertificate(reason) => explain_certificate(reason),
        AlertReceived(ProtocolVersion) | PeerIncompatible(ServerDoesNotSupportTls12Or13) => (
            "it does not support TLS 1.2 or later".into(),
            "Ask for an update of the host, or of the proxy before it",
        ),
        AlertReceived(alert) => (
            format!("it ended the handshake ({alert:?})"),
            "Check the log of the host, or of the proxy before it",
        ),
        other => (other.to_string(), "Check the TLS settings of the host"),
    }
}

fn explain_certificate(reason: &rustls::CertificateError) -> (String, &'static str) {
    use rustls::CertificateError::{
        BadSignature, Expired, ExpiredContext, InvalidPurpose, InvalidPurposeContext, NotValidYet,
        NotValidYetContext, Other, UnknownIssuer,
    };
    match reason {
        UnknownIssuer => (
            "its certificate is not signed by a known authority".into(),
            "Behind an inspecting proxy, give its certificate as `ca_file`",
        ),
        BadSignature => (
            "its certificate is not signed with the key of the known authority of that name".into(),
            "If the authority has a new certificate, give it as `ca_file`",
        ),
        Expired | ExpiredContext { .. } => (
            "its certificate has expired".into(),
            "Check this machine's clock, or ask for a new certificate",
        ),
        NotValidYet | NotValidYetContext { .. } => {
            ("its certificate is not valid yet".into(), "Check this machine's clock")
        }
        InvalidPurpose | InvalidPurposeContext { .. } => {
            ("its certificate is not for a server".into(), "Ask for another certificate")
        }
        Other(reason) => not_accepted(reason),
        reason => not_accepted(&format_args!("{reason:?}")),
    }
}

fn not_accepted(reason: &dyn fmt::Display) -> (String, &'static str) {
    (format!("its certificate was not accepted ({reason})"), "Ask for another certificate")
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
