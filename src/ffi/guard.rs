//! The way into a function that cannot fail: no panic leaves it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a function that cannot fail; a bug in it gives `otherwise`.
pub(super) fn guard<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(otherwise)
}
