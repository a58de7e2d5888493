//! What is read of a certificate: whose key it is. <https://www.rfc-editor.org/rfc/rfc5280>

use super::der::{BIT_STRING, CONTEXT_0, Der, INTEGER, OBJECT_ID};

/// The key in a certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum PublicKey<'a> {
    /// The modulus, without leading zeros.
    Rsa(&'a [u8]),
    Ec,
    Other,
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// The key in a certificate; `None` for what is not one.
pub(super) fn public_key(certificate: &[u8]) -> Option<PublicKey<'_>> {
    let mut signed = Der::new(certificate).sequence()?.sequence()?;
    if signed.peek(CONTEXT_0) {
        signed.next()?; // version
    }
    signed.take(INTEGER)?; // serial number
    for _ in 0..4 {
        signed.sequence()?; // signature algorithm, issuer, validity, subject
    }
    let mut key = signed.sequence()?;
    let algorithm = key.sequence()?.take(OBJECT_ID)?;
    Some(match algorithm {
        RSA => {
            let bits = key.take(BIT_STRING)?.strip_prefix(&[0])?;
            PublicKey::Rsa(modulus(bits)?)
        }
        EC => PublicKey::Ec,
        _ => PublicKey::Other,
    })
}

/// Whether a private key of PKCS #8 is for an elliptic curve.
pub(super) fn is_ec_key(pkcs8: &[u8]) -> bool {
    let algorithm = || {
        let mut key = Der::new(pkcs8).sequence()?;
        key.take(INTEGER)?;
        key.sequence()?.take(OBJECT_ID)
    };
    algorithm() == Some(EC)
}

/// The modulus of an RSAPublicKey, without leading zeros.
pub(super) fn modulus(key: &[u8]) -> Option<&[u8]> {
    let number = Der::new(key).sequence()?.take(INTEGER)?;
    Some(&number[number.iter().take_while(|byte| **byte == 0).count()..])
}
