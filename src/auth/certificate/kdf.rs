//! The key derivation of PKCS #12. <https://www.rfc-editor.org/rfc/rfc7292#appendix-B>

use std::num::NonZeroU32;

use ring::digest;
use zeroize::Zeroizing;

pub(super) const SHA1: &digest::Algorithm = &digest::SHA1_FOR_LEGACY_USE_ONLY;

/// A password. `None` differs from an empty one: without a password, .NET writes files with the former, openssl with
/// the latter.
pub(super) type Password<'a> = Option<&'a str>;

/// The purpose of a key. The numbers are those of the RFC.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// Derives a key of `length` bytes.
pub(super) fn derive(
    digest: &'static digest::Algorithm,
    purpose: Purpose,
    password: Password<'_>,
    salt: &[u8],
    rounds: NonZeroU32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = digest.block_len();
    let fill = |bytes: &[u8]| -> Vec<u8> {
        let whole = bytes.len().div_ceil(block) * block;
        bytes.iter().copied().cycle().take(whole).collect()
    };
    let mut input = Zeroizing::new(fill(salt));
    input.extend_from_slice(&Zeroizing::new(fill(&utf16(password))));
    let mut key = Zeroizing::new(Vec::with_capacity(length + digest.output_len()));
    while key.len() < length {
        let mut context = digest::Context::new(digest);
        context.update(&vec![purpose as u8; block]);
        context.update(&input);
        let mut made = context.finish();
        for _ in 1..rounds.get() {
            made = digest::digest(digest, made.as_ref());
        }
        key.extend_from_slice(made.as_ref());
        let step: Vec<u8> = made.as_ref().iter().copied().cycle().take(block).collect();
        input.chunks_mut(block).for_each(|chunk| add_one_more(chunk, &step));
    }
    key.truncate(length);
    key
}

/// Adds `step` + 1 to a number of the same length, modulo its size.
fn add_one_more(number: &mut [u8], step: &[u8]) {
    let mut carry = 1u16;
    for (byte, step) in number.iter_mut().zip(step).rev() {
        let sum = u16::from(*byte) + u16::from(*step) + carry;
        *byte = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
}

/// A password in the form of PKCS #12: UTF-16, big-endian, with a zero at the end; empty for `None`.
fn utf16(password: Password<'_>) -> Zeroizing<Vec<u8>> {
    let units = password.map(|password| password.encode_utf16().chain([0]));
    Zeroizing::new(units.into_iter().flatten().flat_map(u16::to_be_bytes).collect())
}
