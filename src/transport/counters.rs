//! The counters of a client, which never decrease.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that never decreases.
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

/// The counters of one client.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// HTTP requests. Each attempt counts; a batch counts as one.
    pub(crate) requests: Counter,
    /// HTTP requests that were a batch.
    pub(crate) batches: Counter,
    /// Items sent in batches. Each attempt counts.
    pub(crate) items: Counter,
    /// How often a request or an item was sent again.
    pub(crate) retries: Counter,
    /// Requests and items that were answered with 429.
    pub(crate) throttled: Counter,
    /// How often batched requests had to wait for the limit.
    pub(crate) waits: Counter,
    /// Calls that ended with a response.
    pub(crate) succeeded: Counter,
    /// Calls that ended with an error.
    pub(crate) failed: Counter,
    /// How often the token differed from the previous one.
    pub(crate) tokens: Counter,
}
