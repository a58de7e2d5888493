//! Wraps every function that cannot fail: a panic does not leave it, and pthread_cancel does not interrupt it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::signals::Uncancelled;

/// Runs the body of a function that cannot fail. If a bug makes it panic, returns `otherwise`.
pub(super) fn guard<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    let _uncancelled = Uncancelled::begin();
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(otherwise)
}
