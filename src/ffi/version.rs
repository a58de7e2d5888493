//! The version of the library, for callers to compare with the header that they were built with.

use std::ffi::c_char;

#[cfg(feature = "test-panic")]
use super::entry::entry;
use super::guard::guard;

/// The ABI version of this header: the major version in the upper 16 bits, the minor version in the lower 16.
pub const MGP_ABI_VERSION: u32 = 1;

/// The ABI version of the library that was loaded, in the form of MGP_ABI_VERSION. May be called from any thread.
///
/// A program that loads the library itself compares the two first: the major versions must be equal, and the library's
/// minor version must not be lower than the header's.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_abi_version() -> u32 {
    guard(MGP_ABI_VERSION, || MGP_ABI_VERSION)
}

/// The version of the library, such as "0.1.0". Valid as long as the library is loaded. May be called from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    guard(c"".as_ptr(), || VERSION.as_ptr().cast())
}

/// Panics on purpose, for the tests.
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_test_panic(error: *mut *mut super::mgp_error) -> super::mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { super::args::Out::new(error) };
    entry(error, || panic!("on purpose"))
}

/// Panics in a request for the user "panic", to simulate a bug in the work of a call.
#[cfg(feature = "test-panic")]
pub(crate) fn panic_if_asked_to(request: &crate::Request) {
    assert!(request.target != crate::Target::user("panic"), "on purpose");
}
