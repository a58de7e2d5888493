//! The C library: the functions of `mgpresence::ffi` and nothing more.

pub use ::mgpresence::ffi::*;
