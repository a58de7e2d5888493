//! The locks of the queue and of what is under way: std's, or shuttle's, which tries the orders in which threads may run.

#[cfg(not(feature = "test-shuttle"))]
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};

#[cfg(feature = "test-shuttle")]
pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
