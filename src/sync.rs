//! The locks of `queue` and `in_flight`: std's, or shuttle's for model checks.

#[cfg(not(feature = "test-shuttle"))]
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};

#[cfg(feature = "test-shuttle")]
pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
