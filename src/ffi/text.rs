//! Text for C that an object owns.

use std::ffi::c_char;

/// A text that ends with NUL.
#[derive(Eq, PartialEq)]
pub(super) struct CText(Box<[u8]>);

impl CText {
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        Self(bytes.into_boxed_slice())
    }

    pub(super) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}
