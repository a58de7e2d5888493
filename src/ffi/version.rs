//! Which library this is, for callers to compare with the header that they were built with.

use std::ffi::c_char;

#[cfg(feature = "test-panic")]
use super::entry::entry;
use super::entry::guard;

/// The version of the ABI of this header: major in the upper, minor in the lower 16 bits. Another major is another
/// soname; a minor adds and never changes.
pub const MGP_ABI_VERSION: u32 = 1;

/// The version of the ABI of the library that was loaded, in the form of MGP_ABI_VERSION.
///
/// A binding compares at load: the majors are equal, and the library's minor is not below the header's.
/// Callable from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_abi_version() -> u32 {
    guard(MGP_ABI_VERSION, || MGP_ABI_VERSION)
}

/// The version of the library as text, such as "0.1.0". Lives as long as the library. Callable from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    guard(c"".as_ptr(), || VERSION.as_ptr().cast())
}

/// Panics on purpose, so that the tests see what becomes of a panic.
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_test_panic(error: *mut *mut super::mgp_error) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { super::args::Out::new(error) };
    entry(error, || panic!("on purpose"))
}

/// Panics in a request for the user "panic", as a bug in the work of a call would.
#[cfg(feature = "test-panic")]
pub(crate) fn panic_if_asked_to(request: &crate::Request) {
    assert!(request.target != crate::Target::user("panic"), "on purpose");
}
