//! Text for C that an object owns.

use std::borrow::Cow;
use std::ffi::c_char;

/// A text that ends with NUL.
#[derive(Eq, PartialEq)]
pub(super) struct CText(Box<[u8]>);

impl CText {
    /// A NUL within the text would end it for C, so that a value which a server made up reads as another one. It becomes
    /// the replacement character.
    pub(super) fn new(text: &str) -> Self {
        Self::verbatim(&match text.contains('\0') {
            true => Cow::Owned(text.replace('\0', "\u{fffd}")),
            false => Cow::Borrowed(text),
        })
    }

    /// A text whose length the caller gets too.
    pub(super) fn verbatim(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        Self(bytes.into_boxed_slice())
    }

    pub(super) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn a_nul_does_not_end_a_text() {
        for (text, shown) in [("Busy", "Busy"), ("Busy\0x", "Busy\u{fffd}x"), ("\0", "\u{fffd}")] {
            let text = CText::new(text);
            assert_eq!(CStr::from_bytes_with_nul(&text.0).unwrap().to_str(), Ok(shown));
        }
    }
}
