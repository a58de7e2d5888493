//! The way into every function: no panic leaves it, and a failure becomes a status and an error object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::args::Out;
use super::error::mgp_error;
use super::status::{MGP_E_PANIC, MGP_OK};
use crate::error::{CallFailure, Error};

/// Runs the body of a function that can fail.
pub(super) fn entry(error: Out<'_, mgp_error>, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    // AssertUnwindSafe: what a panic may leave half done is behind locks that are taken over from the poisoned.
    let result = catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(CallFailure::panic(panic.as_ref()).into()));
    // Telling the failure formats texts of others, so it is guarded too.
    guard(MGP_E_PANIC, || match result {
        Ok(()) => MGP_OK,
        Err(failure) => {
            let status = failure.status().number();
            error.put(mgp_error::new(failure));
            status
        }
    })
}

/// Runs the body of a function that cannot fail; a bug in it gives `otherwise`.
pub(super) fn guard<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(otherwise)
}
