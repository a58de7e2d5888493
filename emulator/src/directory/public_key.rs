//! RSA public keys: read from certificates and PEM files, and used to verify signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use webpki::EndEntityCert;

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;

/// A key that verifies signatures. In JSON it is the text of a PEM file.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct PublicKey {
    /// The RSAPublicKey structure of PKCS #1.
    key: Vec<u8>,
    /// The thumbprints `x5t` and `x5t#S256` of the certificate, if the key was read from one.
    thumbprints: Option<[String; 2]>,
}

impl TryFrom<String> for PublicKey {
    type Error = String;

    fn try_from(pem: String) -> Result<Self, String> {
        Self::from_pem(&pem)
    }
}

impl PublicKey {
    /// Reads the file that a command-line argument names.
    pub(crate) fn from_argument(path: &str) -> Result<Self, String> {
        Self::from_pem(&std::fs::read_to_string(path).map_err(|error| error.to_string())?)
    }

    /// Reads a certificate or a public key in PEM. As in Entra, the key must be RSA with 2048 bits or more.
    pub(crate) fn from_pem(text: &str) -> Result<Self, String> {
        if let Ok(certificate) = CertificateDer::from_pem_slice(text.as_bytes()) {
            let parsed = EndEntityCert::try_from(&certificate)
                .map_err(|error| format!("the certificate: {error}"))?;
            let thumbprint = |algorithm| {
                URL_SAFE_NO_PAD.encode(digest::digest(algorithm, certificate.as_ref()).as_ref())
            };
            let thumbprints = [&digest::SHA1_FOR_LEGACY_USE_ONLY, &digest::SHA256].map(thumbprint);
            return Self::from_info(&parsed.subject_public_key_info(), Some(thumbprints));
        }
        let info = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes());
        Self::from_info(
            &info.map_err(|_| "it holds neither a certificate nor a public key in PEM")?,
            None,
        )
    }

    fn from_info(info: &[u8], thumbprints: Option<[String; 2]>) -> Result<Self, String> {
        let key = rsa_key(info).ok_or("its key is not RSA")?;
        Ok(Self { key: key.into(), thumbprints })
    }

    /// Whether the thumbprint in a token's header fits this key. A header without a thumbprint fits every key.
    pub(crate) fn has_thumbprint(&self, x5t: Option<&str>, x5t_s256: Option<&str>) -> bool {
        let is = |index: usize, wanted: Option<&str>| {
            wanted.is_none_or(|wanted| {
                self.thumbprints
                    .as_ref()
                    .is_some_and(|known| known[index] == wanted.trim_end_matches('='))
            })
        };
        is(0, x5t) && is(1, x5t_s256)
    }

    /// `algorithm` is RS256 or PS256, from the token's header.
    pub(crate) fn has_signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            "RS256" => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.key)
                .verify(message, signature)
                .is_ok(),
            "PS256" => UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, &self.key)
                .verify(message, signature)
                .is_ok(),
            _ => false,
        }
    }
}

/// SubjectPublicKeyInfo is a sequence of an algorithm and a bit string that holds the key. Only an RSA key is itself a
/// sequence.
fn rsa_key(info: &[u8]) -> Option<&[u8]> {
    let (content, _) = element(info, SEQUENCE)?;
    let (_, rest) = element(content, SEQUENCE)?;
    let (bits, _) = element(rest, BIT_STRING)?;
    let key = bits.strip_prefix(&[0])?;
    element(key, SEQUENCE).map(|_| key)
}

/// The content of a DER element, and the bytes after the element.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        0x82 => (usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?)), &rest[2..]),
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::PublicKey;

    const CERTIFICATE: &str = include_str!("../../tests/data/client-certificate.pem");
    const PUBLIC_KEY: &str = include_str!("../../tests/data/client-public-key.pem");

    #[test]
    fn a_certificate_and_its_public_key_are_the_same_key() {
        let (certificate, key) =
            (PublicKey::from_pem(CERTIFICATE).unwrap(), PublicKey::from_pem(PUBLIC_KEY).unwrap());
        assert_eq!(certificate.key, key.key);
        assert!(certificate.thumbprints.is_some() && key.thumbprints.is_none());
    }

    #[test]
    fn what_is_no_key_says_so() {
        assert!(PublicKey::from_pem("secret").unwrap_err().contains("neither"));
        let elliptic = rcgen::generate_simple_self_signed(Vec::new()).unwrap().cert.pem();
        assert!(PublicKey::from_pem(&elliptic).unwrap_err().contains("not RSA"));
    }
}
