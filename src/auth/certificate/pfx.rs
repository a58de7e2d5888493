//! PFX, PKCS #12: certificates and a private key in one file. <https://www.rfc-editor.org/rfc/rfc7292>

use std::borrow::Cow;

use ring::{digest, hmac};
use zeroize::Zeroizing;

use super::CertificateFailure;
use super::ber::to_der;
use super::decrypt::{decrypt, rounds};
use super::der::{CONTEXT_0, CONTEXT_0_PRIMITIVE, Der, INTEGER, OBJECT_ID, OCTET_STRING};
use super::kdf::{self, Password, Purpose};

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
/// Bags differ in their last number.
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];

/// The contents of a file.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) certificates: Vec<Vec<u8>>,
    /// Private keys, in PKCS #8.
    pub(super) keys: Vec<Zeroizing<Vec<u8>>>,
}

/// Reads a file. Without a password, both an empty one and none are tried.
pub(super) fn read(file: &[u8], password: &str) -> Result<Contents, CertificateFailure> {
    let file = to_der(file).ok_or(CertificateFailure::Unreadable)?;
    match read_with(&file, Some(password)) {
        Err(CertificateFailure::Password) if password.is_empty() => {
            read_with(&file, None).map_err(|failure| match failure {
                CertificateFailure::Password => CertificateFailure::NoPassword,
                other => other,
            })
        }
        result => result,
    }
}

fn read_with(file: &[u8], password: Password<'_>) -> Result<Contents, CertificateFailure> {
    let unreadable = CertificateFailure::Unreadable;
    let mut pfx = Der::new(file).sequence().ok_or(unreadable.clone())?;
    pfx.take(INTEGER).ok_or(unreadable.clone())?;
    let safe = data(&mut pfx).ok_or(unreadable.clone())?;
    if let Some(mac) = pfx.sequence() {
        check(mac, safe, password)?;
    }
    let mut contents = Contents::default();
    let safe = to_der(safe).ok_or(unreadable.clone())?;
    let mut parts = Der::new(&safe).sequence().ok_or(unreadable)?;
    while let Some(part) = parts.sequence() {
        contents.read_part(part, password)?;
    }
    Ok(contents)
}

/// The bytes of a ContentInfo that is plain data.
fn data<'a>(from: &mut Der<'a>) -> Option<&'a [u8]> {
    let mut info = from.sequence()?;
    (info.take(OBJECT_ID)? == DATA).then(|| info.enter(CONTEXT_0)?.take(OCTET_STRING)).flatten()
}

/// Compares the code that the password makes of the contents, so that a wrong password is told from a damaged file.
/// One that is made in another way is passed over: what follows fails by itself.
fn check(mut mac: Der<'_>, safe: &[u8], password: Password<'_>) -> Result<(), CertificateFailure> {
    let read = |mac: &mut Der<'_>| {
        let mut info = mac.sequence()?;
        let algorithm = info.sequence()?.take(OBJECT_ID)?.to_vec();
        Some((algorithm, info.take(OCTET_STRING)?.to_vec(), mac.take(OCTET_STRING)?.to_vec()))
    };
    let (algorithm, code, salt) = read(&mut mac).ok_or(CertificateFailure::Unreadable)?;
    let (digest, hmac): (&digest::Algorithm, _) = match algorithm.as_slice() {
        [0x2b, 0x0e, 0x03, 0x02, 0x1a] => (kdf::SHA1, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 1] => (&digest::SHA256, hmac::HMAC_SHA256),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 2] => (&digest::SHA384, hmac::HMAC_SHA384),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 3] => (&digest::SHA512, hmac::HMAC_SHA512),
        _ => return Ok(()),
    };
    let rounds = if mac.peek(INTEGER) { rounds(&mut mac)? } else { std::num::NonZeroU32::MIN };
    let key = kdf::derive(digest, Purpose::Mac, password, &salt, rounds, digest.output_len());
    hmac::verify(&hmac::Key::new(hmac, &key), safe, &code).map_err(|_| CertificateFailure::Password)
}

impl Contents {
    /// A ContentInfo: bags, plain or encrypted.
    fn read_part(
        &mut self,
        mut part: Der<'_>,
        password: Password<'_>,
    ) -> Result<(), CertificateFailure> {
        let unreadable = CertificateFailure::Unreadable;
        let kind = part.take(OBJECT_ID).ok_or(unreadable.clone())?;
        let mut content = part.enter(CONTEXT_0).ok_or(unreadable.clone())?;
        match kind {
            DATA => {
                let bags = content.take(OCTET_STRING).ok_or(unreadable)?;
                self.read_bags(bags, password)
            }
            ENCRYPTED_DATA => {
                let mut read = || {
                    let mut data = content.sequence()?;
                    data.take(INTEGER)?;
                    let mut info = data.sequence()?;
                    info.take(OBJECT_ID)?;
                    let algorithm = info.sequence()?;
                    let encrypted = match info.peek(CONTEXT_0) {
                        true => Cow::Owned(pieces(info.enter(CONTEXT_0)?)?),
                        false => Cow::Borrowed(info.take(CONTEXT_0_PRIMITIVE)?),
                    };
                    Some((algorithm, encrypted))
                };
                let (algorithm, encrypted) = read().ok_or(unreadable)?;
                let bags = decrypt(algorithm, &encrypted, password)?;
                self.read_bags(&bags, password)
            }
            _ => Err(CertificateFailure::Algorithm { what: "a public key".into() }),
        }
    }

    fn read_bags(&mut self, bags: &[u8], password: Password<'_>) -> Result<(), CertificateFailure> {
        let bags = to_der(bags).ok_or(CertificateFailure::Unreadable)?;
        let mut bags = Der::new(&bags).sequence().ok_or(CertificateFailure::Unreadable)?;
        while let Some(mut bag) = bags.sequence() {
            let kind = bag.take(OBJECT_ID).ok_or(CertificateFailure::Unreadable)?;
            let mut value = bag.enter(CONTEXT_0).ok_or(CertificateFailure::Unreadable)?;
            match kind.strip_prefix(BAG) {
                Some([1]) => {
                    let key = value.whole().ok_or(CertificateFailure::Unreadable)?;
                    self.keys.push(Zeroizing::new(key.to_vec()));
                }
                Some([2]) => self.keys.push(shrouded_key(value, password)?),
                Some([3]) => self.certificates.extend(certificate(value)),
                _ => {} // a list of revocations, a secret, or bags of bags
            }
        }
        Ok(())
    }
}

/// The content of an octet string that is in pieces.
fn pieces(mut from: Der<'_>) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    while !from.is_empty() {
        content.extend_from_slice(from.take(OCTET_STRING)?);
    }
    Some(content)
}

/// A certificate of X.509; `None` for any other.
fn certificate(mut bag: Der<'_>) -> Option<Vec<u8>> {
    const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
    let mut bag = bag.sequence()?;
    (bag.take(OBJECT_ID)? == X509)
        .then(|| bag.enter(CONTEXT_0)?.take(OCTET_STRING))
        .flatten()
        .map(Into::into)
}

/// Decrypts an EncryptedPrivateKeyInfo, which PEM has too.
pub(super) fn shrouded_key(
    mut key: Der<'_>,
    password: Password<'_>,
) -> Result<Zeroizing<Vec<u8>>, CertificateFailure> {
    let mut read = || {
        let mut key = key.sequence()?;
        Some((key.sequence()?, key.take(OCTET_STRING)?))
    };
    let (algorithm, encrypted) = read().ok_or(CertificateFailure::Unreadable)?;
    decrypt(algorithm, encrypted, password)
}
