//! The way into a function that cannot fail: no panic leaves it, and no cancellation of the thread cuts it short.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::signals::Uncancelled;

/// Runs the body of a function that cannot fail; a bug in it gives `otherwise`.
pub(super) fn guard<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    let _uncancelled = Uncancelled::begin();
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(otherwise)
}
