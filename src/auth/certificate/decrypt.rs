//! Decrypts private keys with a password: PBES2, which current tools use, and the older algorithms of PKCS #12.
//! <https://www.rfc-editor.org/rfc/rfc8018>, <https://www.rfc-editor.org/rfc/rfc7292>

use std::num::NonZeroU32;

use aes::cipher::{Array, BlockCipherDecrypt, BlockSizeUser, Key, KeyInit, KeySizeUser};
use rc2::Rc2;
use ring::pbkdf2;
use zeroize::Zeroizing;

use super::CertificateFailure;
use super::der::{Der, INTEGER, OBJECT_ID, OCTET_STRING};
use super::kdf::{self, Password, Purpose};

type Bytes = Zeroizing<Vec<u8>>;

const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// The algorithms of PKCS #12 differ in their last number.
const PKCS12: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/// The `hmacWith…` algorithms differ in their last number.
const HMAC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];
const AES: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01];
const DES3: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07];

/// The most rounds of a key derivation. Each takes a microsecond, and real files use fewer.
const MOST_ROUNDS: u32 = 5_000_000;

/// Decrypts with the algorithm of an AlgorithmIdentifier. The failure is `Password` if the padding is wrong.
pub(super) fn decrypt(
    mut algorithm: Der<'_>,
    encrypted: &[u8],
    password: Password<'_>,
) -> Result<Bytes, CertificateFailure> {
    let id = algorithm.take(OBJECT_ID).ok_or(CertificateFailure::Unreadable)?;
    let parameters = algorithm.sequence().ok_or(CertificateFailure::Unreadable)?;
    if id == PBES2 {
        return pbes2(parameters, encrypted, password);
    }
    match id.strip_prefix(PKCS12) {
        Some([way]) => pkcs12(*way, parameters, encrypted, password),
        _ => Err(unknown("the algorithm", id)),
    }
}

/// PBES2: derives the key with PBKDF2, and decrypts with AES or Triple DES.
fn pbes2(
    mut parameters: Der<'_>,
    encrypted: &[u8],
    password: Password<'_>,
) -> Result<Bytes, CertificateFailure> {
    let mut read = || {
        let mut derivation = parameters.sequence()?;
        let derivation = (derivation.take(OBJECT_ID)?, derivation.sequence()?);
        let mut cipher = parameters.sequence()?;
        Some((derivation, cipher.take(OBJECT_ID)?, cipher.take(OCTET_STRING)?))
    };
    let ((derivation, mut parameters), cipher, iv) =
        read().ok_or(CertificateFailure::Unreadable)?;
    if derivation != PBKDF2 {
        return Err(unknown("the derivation of the key", derivation));
    }
    let salt = parameters.take(OCTET_STRING).ok_or(CertificateFailure::Unreadable)?;
    let rounds = rounds(&mut parameters)?;
    if parameters.peek(INTEGER) {
        parameters.next(); // skip the length of the key, which follows from the cipher
    }
    let digest = match parameters.sequence().and_then(|mut it| it.take(OBJECT_ID)) {
        None => pbkdf2::PBKDF2_HMAC_SHA1,
        Some(id) => match id.strip_prefix(HMAC) {
            Some([7]) => pbkdf2::PBKDF2_HMAC_SHA1,
            Some([9]) => pbkdf2::PBKDF2_HMAC_SHA256,
            Some([10]) => pbkdf2::PBKDF2_HMAC_SHA384,
            Some([11]) => pbkdf2::PBKDF2_HMAC_SHA512,
            _ => return Err(unknown("the digest", id)),
        },
    };
    let key = |length| {
        let mut key = Zeroizing::new(vec![0; length]);
        pbkdf2::derive(digest, rounds, salt, password.unwrap_or_default().as_bytes(), &mut key);
        key
    };
    match cipher.strip_prefix(AES) {
        Some([2]) => cbc::<aes::Aes128>(&key(16), iv, encrypted),
        Some([22]) => cbc::<aes::Aes192>(&key(24), iv, encrypted),
        Some([42]) => cbc::<aes::Aes256>(&key(32), iv, encrypted),
        _ if cipher == DES3 => cbc::<des::TdesEde3>(&key(24), iv, encrypted),
        _ => Err(unknown("the cipher", cipher)),
    }
}

/// Derives the key as in PKCS #12 with SHA-1, and decrypts with Triple DES or RC2.
fn pkcs12(
    way: u8,
    mut parameters: Der<'_>,
    encrypted: &[u8],
    password: Password<'_>,
) -> Result<Bytes, CertificateFailure> {
    let salt = parameters.take(OCTET_STRING).ok_or(CertificateFailure::Unreadable)?;
    let rounds = rounds(&mut parameters)?;
    let made = |purpose, length| kdf::derive(kdf::SHA1, purpose, password, salt, rounds, length);
    let key = |length| made(Purpose::Key, length);
    let iv = made(Purpose::Iv, 8);
    match way {
        3 => cbc::<des::TdesEde3>(&key(24), &iv, encrypted),
        4 => cbc::<des::TdesEde2>(&key(16), &iv, encrypted),
        5 => cbc_of(&Rc2::new_with_eff_key_len(&key(16), 128), &iv, encrypted),
        6 => cbc_of(&Rc2::new_with_eff_key_len(&key(5), 40), &iv, encrypted),
        way => Err(CertificateFailure::Algorithm { what: format!("way {way} of PKCS #12") }),
    }
}

pub(super) fn rounds(parameters: &mut Der<'_>) -> Result<NonZeroU32, CertificateFailure> {
    let rounds = parameters.number().and_then(NonZeroU32::new);
    match rounds.ok_or(CertificateFailure::Unreadable)? {
        rounds if rounds.get() > MOST_ROUNDS => {
            Err(CertificateFailure::Algorithm { what: format!("{rounds} rounds") })
        }
        rounds => Ok(rounds),
    }
}

fn cbc<C: KeyInit + KeySizeUser + BlockCipherDecrypt>(
    key: &[u8],
    iv: &[u8],
    encrypted: &[u8],
) -> Result<Bytes, CertificateFailure> {
    let key = Key::<C>::try_from(key).map_err(|_| CertificateFailure::Unreadable)?;
    cbc_of(&C::new(&key), iv, encrypted)
}

fn cbc_of<C: BlockCipherDecrypt>(
    cipher: &C,
    iv: &[u8],
    encrypted: &[u8],
) -> Result<Bytes, CertificateFailure> {
    chained(C::block_size(), iv, encrypted, &|block| {
        if let Ok(array) = <&mut Array<u8, <C as BlockSizeUser>::BlockSize>>::try_from(block) {
            cipher.decrypt_block(array);
        }
    })
}

/// Decrypts with cipher block chaining, and removes the padding of PKCS #7.
fn chained(
    size: usize,
    iv: &[u8],
    encrypted: &[u8],
    decrypt_block: &dyn Fn(&mut [u8]),
) -> Result<Bytes, CertificateFailure> {
    if iv.len() != size || encrypted.is_empty() || !encrypted.len().is_multiple_of(size) {
        return Err(CertificateFailure::Unreadable);
    }
    let mut plain = Zeroizing::new(encrypted.to_vec());
    let mut before = iv;
    for (block, encrypted) in plain.chunks_mut(size).zip(encrypted.chunks(size)) {
        decrypt_block(block);
        block.iter_mut().zip(before).for_each(|(byte, before)| *byte ^= before);
        before = encrypted;
    }
    let padding = plain.last().copied().unwrap_or_default();
    let fits = (1..=size).contains(&padding.into())
        && plain.iter().rev().take(padding.into()).all(|byte| *byte == padding);
    if !fits {
        return Err(CertificateFailure::Password);
    }
    let length = plain.len() - usize::from(padding);
    plain.truncate(length);
    Ok(plain)
}

fn unknown(what: &str, id: &[u8]) -> CertificateFailure {
    let id: Vec<_> = id.iter().map(|byte| format!("{byte:02x}")).collect();
    CertificateFailure::Algorithm { what: format!("{what} {}", id.join("")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derivation_that_would_take_minutes_is_refused_with_its_number_of_rounds() {
        let rounds_of = |content: [u8; 4]| {
            let integer = [&[INTEGER, 4], &content[..]].concat();
            rounds(&mut Der::new(&integer)).map(NonZeroU32::get)
        };
        assert_eq!(rounds_of([0, 0x4c, 0x4b, 0x40]), Ok(MOST_ROUNDS));
        let what = "20000000 rounds".into();
        assert_eq!(rounds_of([0x01, 0x31, 0x2d, 0]), Err(CertificateFailure::Algorithm { what }));
        assert_eq!(rounds_of([0; 4]), Err(CertificateFailure::Unreadable));
    }
}
