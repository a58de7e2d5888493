//! Certificates with private keys: from a PEM or PFX file, or with a key that only the host can use.

mod ber;
mod decrypt;
mod der;
mod failure;
mod kdf;
mod pem;
mod pfx;
mod signer;
mod x509;

use std::fmt;

use zeroize::Zeroizing;

pub(crate) use failure::CertificateFailure;
use signer::Sign;
pub(super) use signer::Signer;

use super::file;
use crate::token::Secret;

/// A certificate and its private key, for [`Credential::client_certificate`](crate::Credential::client_certificate).
///
/// # Example
/// ```
/// use mgpresence::{Certificate, Credential};
///
/// let certificate = Certificate::from_file("/etc/presence/client.pfx").password("for the example");
/// let credential = Credential::client_certificate("contoso.com", "22553876-f5ab", certificate).build()?;
/// # Ok::<(), mgpresence::Error>(())
/// ```
pub struct Certificate {
    material: Material,
    password: Option<Secret>,
}

enum Material {
    File(String),
    Bytes(Zeroizing<Vec<u8>>),
    /// The certificate, and a function that signs with its key.
    Host(Vec<u8>, Box<Sign>),
}

impl Certificate {
    /// The path of a file with the certificate and its private key: PEM or PFX (PKCS #12). It is read again at each
    /// sign-in, so that it can be replaced.
    pub fn from_file(path: impl Into<String>) -> Self {
        Self { material: Material::File(path.into()), password: None }
    }

    /// The bytes of such a file, which are wiped from memory when they are no longer used.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { material: Material::Bytes(Zeroizing::new(bytes.into())), password: None }
    }

    /// A certificate, in PEM or DER, whose private key stays in a certificate store, a key vault or a smart card.
    /// `sign` receives the bytes to sign, and returns their RSA-PSS signature with SHA-256 (PS256), or the reason why
    /// there is none. It runs on a thread of its own.
    pub fn from_signer(
        certificate: impl Into<Vec<u8>>,
        sign: impl Fn(&[u8]) -> Result<Vec<u8>, String> + Send + Sync + 'static,
    ) -> Self {
        Self { material: Material::Host(certificate.into(), Box::new(sign)), password: None }
    }

    /// The password of the file or of its key.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.password = Some(Secret::new(password));
        self
    }

    /// Reads the certificate, and the private key unless the host signs.
    pub(super) fn load(&self) -> Result<Signer<'_>, CertificateFailure> {
        let password = self.password.as_ref().map_or("", Secret::as_str);
        match &self.material {
            Material::File(path) => {
                let bytes = file::bytes(path).map_err(|reason| CertificateFailure::File {
                    path: path.as_str().into(),
                    reason,
                })?;
                signer::own(&bytes, password)
            }
            Material::Bytes(bytes) => signer::own(bytes, password),
            Material::Host(certificate, sign) => signer::host(certificate, sign),
        }
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = match &self.material {
            Material::File(path) => path.as_str(),
            Material::Bytes(_) => "bytes",
            Material::Host(..) => "a key of the host",
        };
        f.debug_tuple("Certificate").field(&material).finish()
    }
}

/// Signs with the certificate in a file's bytes, for the fuzz tests.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn sign_with(file: &[u8], password: &str) -> Result<Vec<u8>, crate::error::Error> {
    signer::own(file, password)?.sign(b"signed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::RSA_PSS_2048_8192_SHA256;

    /// A file of tests/data.
    fn file(name: &str) -> String {
        format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    fn load(name: &str, password: &str) -> Result<usize, CertificateFailure> {
        let certificate = Certificate::from_file(file(name)).password(password);
        let signer = certificate.load()?;
        let key = x509::public_key(signer.certificate()).unwrap();
        let x509::PublicKey::Rsa(modulus) = key else { panic!("{name}") };
        let exponent = [1, 0, 1];
        let key = ring::signature::RsaPublicKeyComponents { n: modulus, e: &exponent };
        let signature = signer.sign(b"signed").unwrap();
        assert!(key.verify(&RSA_PSS_2048_8192_SHA256, b"signed", &signature).is_ok(), "{name}");
        Ok(signer.chain.len())
    }

    #[test]
    fn files_with_current_and_older_encryption_are_read() {
        for (name, certificates) in [
            ("aes-256.pfx", 1),
            ("aes-128-sha-512.pfx", 1),
            ("triple-des.pfx", 1),
            ("two-key-triple-des.pfx", 1),
            ("rc2-40.pfx", 1),
            ("rc2-128.pfx", 1),
            ("plain-certificate.pfx", 1),
            ("with-chain.pfx", 2),
            ("nss.pfx", 1),
            ("dotnet.pfx", 1),
            ("encrypted-key.pem", 2),
            ("pkcs1.pem", 1),
        ] {
            assert_eq!(load(name, "hush-hush-hush"), Ok(certificates), "{name}");
        }
        for name in ["no-password.pfx", "dotnet-no-password.pfx"] {
            assert_eq!(load(name, ""), Ok(1), "{name}");
        }
    }

    #[test]
    fn a_pfx_in_ber_is_read() {
        for name in ["aes-256.pfx", "triple-des.pfx", "plain-certificate.pfx", "with-chain.pfx"] {
            let ber = ber::tests::from_der(&std::fs::read(file(name)).unwrap());
            assert!(sign_with(&ber, "hush-hush-hush").is_ok(), "{name}");
        }
    }

    #[test]
    fn each_unusable_file_is_refused_with_its_reason() {
        use CertificateFailure as No;
        for (name, password, failure) in [
            ("aes-256.pfx", "wrong", No::Password),
            ("aes-256.pfx", "", No::NoPassword),
            ("rc2-40.pfx", "wrong", No::Password),
            ("encrypted-key.pem", "wrong", No::Password),
            ("encrypted-key.pem", "", No::NoPassword),
            ("old-encrypted.pem", "hush-hush-hush", No::OldPem),
            ("no-key.pfx", "hush-hush-hush", No::NoKey),
            ("other-key.pem", "", No::OtherKey),
            ("ec.pem", "", No::Ec),
            ("ec.pfx", "hush-hush-hush", No::Ec),
            ("README.md", "", No::Unreadable),
        ] {
            assert_eq!(load(name, password), Err(failure), "{name}");
        }
        assert!(matches!(load("absent.pfx", ""), Err(No::File { .. })));
    }

    #[test]
    fn a_key_of_the_host_signs_and_its_certificate_is_read_before() {
        let pem = std::fs::read(file("ec.pem")).unwrap();
        let ec = Certificate::from_signer(pem, |_| Ok(vec![0; 256]));
        assert_eq!(ec.load().err(), Some(CertificateFailure::Ec));

        let pem = std::fs::read(file("pkcs1.pem")).unwrap();
        let signing = |length| {
            let certificate = Certificate::from_signer(pem.clone(), move |_| Ok(vec![7; length]));
            certificate.load().unwrap().sign(b"signed").map_err(|error| error.status())
        };
        assert_eq!(signing(256), Ok(vec![7; 256]));
        assert_eq!(signing(255), Err(crate::Status::Certificate));
        let sealed = Certificate::from_signer(pem.clone(), |_| Err("the card is out".into()));
        let error = sealed.load().unwrap().sign(b"signed").unwrap_err();
        assert_eq!(error.to_string(), "The credential provided no token: the card is out.");
    }

    #[test]
    fn a_certificate_shows_no_secret() {
        let shown = format!("{:?}", Certificate::from_bytes(*b"secret").password("hush-hush-hush"));
        assert_eq!(shown, "Certificate(\"bytes\")");
    }

    #[test]
    fn a_damaged_file_does_not_panic() {
        let whole = std::fs::read(file("aes-256.pfx")).unwrap();
        for at in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let certificate = Certificate::from_bytes(damaged).password("hush-hush-hush");
            let _ = certificate.load();
            let cut = Certificate::from_bytes(&whole[..at]).password("hush-hush-hush");
            assert!(cut.load().is_err(), "{at}");
        }
    }
}
