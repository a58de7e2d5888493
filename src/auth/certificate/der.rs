//! A reader for the part of DER that certificates and key files use. <https://www.itu.int/rec/T-REC-X.690>

/// A sequence of values. Reading removes them from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Der<'a>(&'a [u8]);

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_ID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[0]`, explicit, or implicit and constructed.
pub(super) const CONTEXT_0: u8 = 0xa0;
/// `[0]`, implicit and primitive.
pub(super) const CONTEXT_0_PRIMITIVE: u8 = 0x80;

impl<'a> Der<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The tag and content of the next value.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (value, rest) = self.split()?;
        self.0 = rest;
        let (header, _) = content_length(value)?;
        Some((value[0], &value[header..]))
    }

    /// The next value, with its tag and length.
    pub(super) fn whole(&mut self) -> Option<&'a [u8]> {
        let (value, rest) = self.split()?;
        self.0 = rest;
        Some(value)
    }

    /// The content of the next value, which must have a tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.peek(tag).then(|| self.next()).flatten().map(|(_, content)| content)
    }

    /// The values in the next value, which must have a tag.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self)
    }

    pub(super) fn sequence(&mut self) -> Option<Self> {
        self.enter(SEQUENCE)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the next value has a tag.
    pub(super) fn peek(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// An integer from 0 to `i32::MAX`.
    pub(super) fn number(&mut self) -> Option<u32> {
        let bytes = self.take(INTEGER)?;
        let bytes = bytes.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(bytes);
        (bytes.len() <= 4 && bytes.first().is_some_and(|first| bytes.len() < 4 || *first < 0x80))
            .then(|| bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// The value at the front, and the rest.
    fn split(&self) -> Option<(&'a [u8], &'a [u8])> {
        let (header, length) = content_length(self.0)?;
        self.0.split_at_checked(header.checked_add(length)?)
    }
}

/// The sizes of the header and of the content. Long tags are refused, and indefinite lengths, which [`super::ber`]
/// removes.
pub(super) fn content_length(value: &[u8]) -> Option<(usize, usize)> {
    let (&tag, &first) = (value.first()?, value.get(1)?);
    if tag & 0x1f == 0x1f {
        return None;
    }
    match first {
        0..=0x7f => Some((2, first.into())),
        0x81..=0x84 => {
            let count = usize::from(first - 0x80);
            let bytes = value.get(2..2 + count)?;
            Some((2 + count, bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_read_in_order() {
        let mut der = Der::new(&[0x30, 6, 2, 1, 7, 4, 1, 9, 2, 2, 0, 255]);
        let mut inner = der.sequence().unwrap();
        assert_eq!((inner.number(), inner.take(OCTET_STRING)), (Some(7), Some(&[9][..])));
        assert!(inner.next().is_none());
        assert_eq!(der.number(), Some(255));
    }

    #[test]
    fn a_truncated_value_or_an_indefinite_length_is_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x82, 1],
            &[0x30, 0x84, 255, 255, 255, 255],
            &[0x1f, 1, 1],
        ] {
            assert!(Der::new(bytes).next().is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn a_large_number_is_refused() {
        for (bytes, number) in [
            (&[2, 1, 0][..], Some(0)),
            (&[2, 3, 1, 0, 0], Some(65_536)),
            (&[2, 5, 1, 0, 0, 0, 0], None),
            (&[2, 0], None),
        ] {
            assert_eq!(Der::new(bytes).number(), number, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut der = Der::new(&bytes);
            while let Some((_, content)) = der.next() {
                prop_assert!(content.len() < bytes.len());
            }
        }
    }
}
