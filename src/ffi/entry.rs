//! The way into every function: no panic leaves it, and a failure becomes a status and an error object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::args::Out;
use super::error::mgp_error;
use super::guard::guard;
use super::signals::Uncancelled;
use super::status::mgp_status;
use crate::error::{Error, LocalFailure};

/// Runs the body of a function that can fail.
pub(super) fn entry(
    error: Out<'_, mgp_error>,
    body: impl FnOnce() -> Result<(), Error>,
) -> mgp_status {
    let _uncancelled = Uncancelled::begin();
    // AssertUnwindSafe: what a panic may leave half done is behind locks that are taken over from the poisoned.
    let result = catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(LocalFailure::panic(panic.as_ref()).into()));
    // Telling the failure formats texts of others, so it is guarded too.
    guard(mgp_status::MGP_E_PANIC, || match result {
        Ok(()) => mgp_status::MGP_OK,
        Err(failure) => {
            let status = failure.status().into();
            error.put(mgp_error::new(failure));
            status
        }
    })
}
