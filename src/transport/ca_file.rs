//! Reads the certificates of `ca_file`.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error, PemObject};

use super::TransportFailure;
use crate::quoted::Quoted;

/// The byte order mark that Windows PowerShell and older editors write before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The certificates of `ca_file`: none without one.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    /// The same, as authorities.
    pub(super) roots: RootCertStore,
}

impl Own {
    pub(super) fn none() -> Self {
        Self { certificates: Vec::new(), roots: RootCertStore::empty() }
    }
}

/// The certificates of a PEM file, at least one.
pub(super) fn read(path: &str) -> Result<Own, TransportFailure> {
    let fail = |problem: String| TransportFailure::Option {
        name: "ca_file",
        reason: format!("\"{}\" {problem}", Quoted(path)),
    };
    let bytes = std::fs::read(path).map_err(|error| fail(format!("cannot be read: {error}")))?;
    parse(&bytes).map_err(fail)
}

fn parse(bytes: &[u8]) -> Result<Own, String> {
    let text = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(text)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("cannot be read as PEM: {}", fault(&error)))?;
    if certificates.is_empty() {
        return Err("contains no certificate. Give a PEM file with at least one".into());
    }
    let mut roots = RootCertStore::empty();
    for (number, certificate) in (1..).zip(&certificates) {
        roots.add(certificate.clone()).map_err(|_| {
            format!("contains a certificate that cannot be read: block {number}. Export it again")
        })?;
    }
    Ok(Own { certificates, roots })
}

fn fault(error: &Error) -> String {
    match error {
        Error::MissingSectionEnd { .. } => "a block has no end".into(),
        Error::IllegalSectionStart { .. } => "a block has no proper first line".into(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn certificate() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["localhost".to_string()]).unwrap();
        params.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn each_certificate_counts_also_after_a_byte_order_mark() {
        let count = |text: &str| parse(text.as_bytes()).unwrap().certificates.len();
        let two = format!("{}text\n{}", certificate(), certificate());
        assert_eq!(count(&two), 2);
        assert_eq!(count(&format!("\u{feff}{two}")), 2);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let good = certificate();
        let cut = &good[..good.len() / 2];
        let no_certificate = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
        for (text, problem) in [
            ("", "contains no certificate"),
            (cut, "cannot be read as PEM: a block has no end"),
            (
                &good.replacen("CERTIFICATE-----", "CERTIFICATE", 1),
                "cannot be read as PEM: a block has no proper first line",
            ),
            (
                &format!("{good}{no_certificate}"),
                "contains a certificate that cannot be read: block 2. Export it again",
            ),
        ] {
            let told = parse(text.as_bytes()).unwrap_err();
            assert!(told.starts_with(problem), "{told}");
        }
    }
}
