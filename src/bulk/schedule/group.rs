//! A group of operations that may be in the same batch, and when its next batch is sent.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::bulk::health::Health;

/// The most operations in a batch. <https://learn.microsoft.com/graph/json-batching#batch-size-limitations>
pub(crate) const MOST_IN_BATCH: usize = 20;

/// How long a batch that is not full waits for more operations, counted from its first one.
pub(crate) const LINGER: Duration = Duration::from_millis(20);

/// The same while nothing is in flight, counted from its last operation: a single operation has no reason to wait.
pub(crate) const LINGER_ALONE: Duration = Duration::from_millis(1);

/// The order of ready operations: urgent ones first (false sorts before true), then by number.
pub(super) type Rank = (bool, u64);

#[derive(Debug)]
pub(super) struct Group {
    pub(super) ready: BTreeSet<Rank>,
    /// When the next batch got its first operation.
    pub(super) first: Instant,
    /// When the next batch got its latest operation.
    pub(super) last: Instant,
    /// The number of operations, in any stage.
    pub(super) operations: usize,
    pub(super) in_flight: usize,
    pub(super) health: Health,
}

impl Group {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            ready: BTreeSet::new(),
            first: now,
            last: now,
            operations: 0,
            in_flight: 0,
            health: Health::default(),
        }
    }

    /// When the next batch is sent, if places are free.
    pub(super) fn leaves(&self, flushed: u64, now: Instant) -> Instant {
        let is_flushed = self.ready.first().is_some_and(|(_, operation)| *operation <= flushed);
        if self.ready.len() >= MOST_IN_BATCH || is_flushed {
            return now;
        }
        let leaves = self.first + LINGER;
        if self.in_flight == 0 { leaves.min(self.last + LINGER_ALONE) } else { leaves }
    }
}
