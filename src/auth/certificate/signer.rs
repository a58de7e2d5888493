//! A certificate that signs: PS256, which Entra recommends. <https://www.rfc-editor.org/rfc/rfc7518#section-3.5>

use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PSS_SHA256, RsaKeyPair};
use zeroize::Zeroizing;

use super::der::Der;
use super::x509::{self, PublicKey};
use super::{CertificateFailure, pem, pfx};
use crate::auth::callback::ask;
use crate::error::Error;

/// A host's function that signs bytes.
pub(super) type Sign = dyn Fn(&[u8]) -> Result<Vec<u8>, String> + Send + Sync;

/// A certificate, those that vouch for it, and its key.
pub(crate) struct Signer<'a> {
    /// In DER, the certificate itself first.
    pub(crate) chain: Vec<Vec<u8>>,
    key: Key<'a>,
}

enum Key<'a> {
    Own(Box<RsaKeyPair>),
    Host { sign: &'a Sign, length: usize },
}

/// What a file holds before a key has found its certificate.
type Found = (Vec<Vec<u8>>, Vec<Zeroizing<Vec<u8>>>);

/// The certificate of a file, with its key.
pub(super) fn own(file: &[u8], password: &str) -> Result<Signer<'static>, CertificateFailure> {
    let (certificates, keys) = match pem::is_pem(file) {
        true => of_pem(file, password)?,
        false => {
            let pfx::Contents { certificates, keys } = pfx::read(file, password)?;
            (certificates, keys)
        }
    };
    if certificates.is_empty() {
        return Err(CertificateFailure::NoCertificate);
    }
    let key = keys.first().ok_or(CertificateFailure::NoKey)?;
    if x509::is_ec_key(key) {
        return Err(CertificateFailure::Ec);
    }
    let key = RsaKeyPair::from_pkcs8(key).or_else(|_| RsaKeyPair::from_der(key));
    let key = key.map_err(|_| CertificateFailure::KeyRefused)?;
    let modulus = x509::modulus(key.public_key().as_ref()).ok_or(CertificateFailure::KeyRefused)?;
    let chain = with_first(certificates, modulus)?;
    Ok(Signer { chain, key: Key::Own(Box::new(key)) })
}

/// The certificate of a key that the host holds.
pub(super) fn host<'a>(
    certificate: &[u8],
    sign: &'a Sign,
) -> Result<Signer<'a>, CertificateFailure> {
    let chain = match pem::is_pem(certificate) {
        true => of_pem(certificate, "")?.0,
        false => vec![certificate.to_vec()],
    };
    let first = chain.first().ok_or(CertificateFailure::NoCertificate)?;
    let length = rsa(first)?.len();
    Ok(Signer { chain, key: Key::Host { sign, length } })
}

fn of_pem(file: &[u8], password: &str) -> Result<Found, CertificateFailure> {
    let text = std::str::from_utf8(file).map_err(|_| CertificateFailure::Unreadable)?;
    let (mut certificates, mut keys) = (Vec::new(), Vec::new());
    for block in pem::blocks(text).ok_or(CertificateFailure::Unreadable)? {
        match block.name.as_str() {
            "CERTIFICATE" => certificates.push(block.bytes.to_vec()),
            "EC PRIVATE KEY" => return Err(CertificateFailure::Ec),
            "RSA PRIVATE KEY" if block.has_headers => return Err(CertificateFailure::OldPem),
            "PRIVATE KEY" | "RSA PRIVATE KEY" => keys.push(block.bytes),
            "ENCRYPTED PRIVATE KEY" if password.is_empty() => {
                return Err(CertificateFailure::NoPassword);
            }
            "ENCRYPTED PRIVATE KEY" => {
                keys.push(pfx::shrouded_key(Der::new(&block.bytes), Some(password))?);
            }
            _ => {}
        }
    }
    Ok((certificates, keys))
}

/// The certificates in an order that begins with the one of a key.
fn with_first(
    mut certificates: Vec<Vec<u8>>,
    modulus: &[u8],
) -> Result<Vec<Vec<u8>>, CertificateFailure> {
    let is_it =
        |certificate: &Vec<u8>| x509::public_key(certificate) == Some(PublicKey::Rsa(modulus));
    let at = certificates.iter().position(is_it).ok_or(CertificateFailure::OtherKey)?;
    certificates[..=at].rotate_right(1);
    Ok(certificates)
}

/// The modulus of a certificate for RSA.
fn rsa(certificate: &[u8]) -> Result<&[u8], CertificateFailure> {
    match x509::public_key(certificate) {
        Some(PublicKey::Rsa(modulus)) => Ok(modulus),
        Some(PublicKey::Ec) => Err(CertificateFailure::Ec),
        Some(PublicKey::Other) => Err(CertificateFailure::NotRsa),
        None => Err(CertificateFailure::Unreadable),
    }
}

impl Signer<'_> {
    /// The certificate's own bytes.
    pub(crate) fn certificate(&self) -> &[u8] {
        self.chain.first().map_or(&[], Vec::as_slice)
    }

    /// Signs with PS256.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.key {
            Key::Own(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), bytes, &mut signature)
                    .map_err(|_| CertificateFailure::KeyRefused)?;
                Ok(signature)
            }
            Key::Host { sign, length } => {
                let signature = ask("its signing callback", || sign(bytes))?;
                match signature.len() == *length {
                    true => Ok(signature),
                    false => Err(CertificateFailure::Signature.into()),
                }
            }
        }
    }
}
