//! The operations that may travel together, and when their next batch leaves.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::bulk::health::Health;

/// The most operations in a batch. <https://learn.microsoft.com/graph/json-batching#batch-size-limitations>
pub(crate) const MOST_IN_BATCH: usize = 20;

/// How long a batch that is not full waits for more operations, from its first one.
pub(crate) const LINGER: Duration = Duration::from_millis(20);

/// The same while nothing is in flight, from its last one: a lone operation has no reason to wait.
pub(crate) const LINGER_ALONE: Duration = Duration::from_millis(1);

/// Where an operation stands among those that are ready: what is urgent first, then by number.
pub(super) type Rank = (bool, u64);

#[derive(Debug)]
pub(super) struct Group {
    pub(super) ready: BTreeSet<Rank>,
    /// When the batch that is being filled got its first and its last operation.
    pub(super) first: Instant,
    pub(super) last: Instant,
    /// How many there are, in any stage.
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

    /// When its next batch leaves, if there are places for it.
    pub(super) fn leaves(&self, flushed: u64, now: Instant) -> Instant {
        let is_flushed = self.ready.first().is_some_and(|(_, operation)| *operation <= flushed);
        if self.ready.len() >= MOST_IN_BATCH || is_flushed {
            return now;
        }
        let leaves = self.first + LINGER;
        if self.in_flight == 0 { leaves.min(self.last + LINGER_ALONE) } else { leaves }
    }
}
