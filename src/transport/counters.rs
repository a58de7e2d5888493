//! What a client has done so far, in numbers that only rise.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only rises.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The numbers of one client.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// HTTP requests, each attempt and each batch as one.
    pub(crate) requests: Counter,
    /// Those of them that were a batch.
    pub(crate) batches: Counter,
    /// What travelled in batches, each time anew.
    pub(crate) items: Counter,
    /// Requests and items that were put off or lost, and are sent again.
    pub(crate) retries: Counter,
    /// Requests and items that were answered with 429.
    pub(crate) throttled: Counter,
    /// How often batched requests had to wait for room in the window.
    pub(crate) waits: Counter,
    /// Calls that ended with a response.
    pub(crate) succeeded: Counter,
    /// Calls that ended with an error.
    pub(crate) failed: Counter,
    /// Tokens that differ from the one before.
    pub(crate) tokens: Counter,
}
