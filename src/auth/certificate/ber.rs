//! Turns BER into DER: several programs, such as Firefox, write PKCS #12 with indefinite lengths and with octet strings
//! in pieces. <https://www.itu.int/rec/T-REC-X.690>

use zeroize::Zeroizing;

use super::der::{OCTET_STRING, content_length};

/// How deep values may be nested: three times as deep as in PKCS #12.
const DEEPEST: usize = 32;

const CONSTRUCTED: u8 = 0x20;
const INDEFINITE: u8 = 0x80;
/// What ends a value of indefinite length.
const END: &[u8] = &[0, 0];

/// The first value in DER, as far as its lengths and the pieces of octet strings are concerned.
pub(super) fn to_der(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // A definite length may take one byte more. The buffer never moves, which would leave a copy of a key behind.
    const MORE: usize = 1024;
    let mut der = Zeroizing::new(Vec::with_capacity(bytes.len() + MORE));
    copy(&mut { bytes }, &mut der, false, DEEPEST)?;
    Some(der)
}

/// Takes one value from the front. Of a piece of an octet string, only the content is copied.
fn copy(from: &mut &[u8], to: &mut Vec<u8>, is_piece: bool, depth: usize) -> Option<()> {
    let (&tag, &first) = (from.first()?, from.get(1)?);
    let is_octets = tag & !CONSTRUCTED == OCTET_STRING;
    if is_piece && !is_octets {
        return None;
    }
    let start = to.len();
    if tag & CONSTRUCTED == 0 {
        to.extend_from_slice(content(from)?);
    } else if first == INDEFINITE {
        *from = &from[2..];
        copy_all(from, to, is_octets, depth.checked_sub(1)?)?;
        *from = from.strip_prefix(END)?;
    } else {
        let mut content = content(from)?;
        copy_all(&mut content, to, is_octets, depth.checked_sub(1)?)?;
        content.is_empty().then_some(())?;
    }
    if !is_piece {
        insert_header(to, start, if is_octets { OCTET_STRING } else { tag });
    }
    Some(())
}

/// Takes values up to the end, or to the mark of the end.
fn copy_all(from: &mut &[u8], to: &mut Vec<u8>, are_pieces: bool, depth: usize) -> Option<()> {
    while !from.is_empty() && !from.starts_with(END) {
        copy(from, to, are_pieces, depth)?;
    }
    Some(())
}

/// Takes one value of definite length from the front.
fn content<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (header, length) = content_length(from)?;
    let (value, rest) = from.split_at_checked(header.checked_add(length)?)?;
    *from = rest;
    Some(&value[header..])
}

/// Puts a tag and a length before the bytes from `start` on.
fn insert_header(to: &mut Vec<u8>, start: usize, tag: u8) {
    let length = (to.len() - start).to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let before = to.len();
    to.push(tag);
    match length {
        [] => to.push(0),
        [short @ 0..0x80] => to.push(*short),
        long => {
            to.push(0x80 | long.len() as u8);
            to.extend_from_slice(long);
        }
    }
    let header = to.len() - before;
    to[start..].rotate_right(header);
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::der::{Der, SEQUENCE};
    use super::*;
    use proptest::prelude::*;

    fn with_header(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut value = content.to_vec();
        insert_header(&mut value, 0, tag);
        value
    }

    /// Rewrites DER with indefinite lengths, and octet strings in pieces.
    pub(in super::super) fn from_der(bytes: &[u8]) -> Vec<u8> {
        let mut ber = Vec::new();
        let mut der = Der::new(bytes);
        while let Some(value) = der.whole() {
            let (header, _) = content_length(value).unwrap();
            let (tag, content) = (value[0], &value[header..]);
            if tag == OCTET_STRING {
                ber.extend_from_slice(&[OCTET_STRING | CONSTRUCTED, INDEFINITE]);
                for piece in content.chunks(100) {
                    ber.extend_from_slice(&with_header(OCTET_STRING, piece));
                }
                ber.extend_from_slice(END);
            } else if tag & CONSTRUCTED != 0 {
                ber.extend_from_slice(&[tag, INDEFINITE]);
                ber.extend_from_slice(&from_der(content));
                ber.extend_from_slice(END);
            } else {
                ber.extend_from_slice(value);
            }
        }
        ber
    }

    #[test]
    fn lengths_become_definite_and_pieces_one() {
        for (ber, der) in [
            (&[0x30, 0x80, 2, 1, 7, 0, 0, 9][..], &[0x30, 3, 2, 1, 7][..]),
            (&[0x24, 0x80, 4, 1, 8, 4, 2, 9, 9, 0, 0], &[4, 3, 8, 9, 9]),
            (&[0x24, 5, 4, 1, 8, 4, 0], &[4, 1, 8]),
            (&[0x30, 0x81, 3, 2, 1, 7], &[0x30, 3, 2, 1, 7]),
            (&[0xa0, 0x80, 0x30, 0x80, 0, 0, 0, 0], &[0xa0, 2, 0x30, 0]),
        ] {
            assert_eq!(to_der(ber).unwrap().as_slice(), der, "{ber:?}");
        }
    }

    #[test]
    fn what_has_no_end_or_is_nested_too_deep_is_refused() {
        let deep = [[0x30, 0x80].repeat(40), [0, 0].repeat(40)].concat();
        for ber in [
            &[0x30, 0x80, 2, 1, 7][..],
            &[0x30, 0x80, 2, 1, 7, 0],
            &[0x04, 0x80, 0, 0],
            &[0x30, 4, 2, 1, 7],
            &[0x24, 3, 2, 1, 7],
            &deep,
        ] {
            assert!(to_der(ber).is_none(), "{ber:?}");
        }
    }

    proptest! {
        #[test]
        fn der_stays_as_it_is(
            bytes in prop::collection::vec(any::<u8>(), 0..400),
            large in 0..70_000_usize,
        ) {
            let inner =
                [with_header(OCTET_STRING, &bytes), with_header(OCTET_STRING, &vec![7; large])];
            let der = with_header(SEQUENCE, &inner.concat());
            prop_assert_eq!(to_der(&der).unwrap().to_vec(), der.clone());
            prop_assert_eq!(to_der(&from_der(&der)).unwrap().to_vec(), der);
        }

        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = to_der(&bytes);
        }
    }
}
