//! Slots for connections. If all are taken, the connection that has been idle longest is closed in favour of a new one,
//! so that idle connections cannot lock other clients out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How long a connection has to write an answer before it may be evicted without having finished.
pub(super) const EVICTION_GRACE: Duration = Duration::from_secs(1);

/// How long a new connection waits for the slot of an evicted one, which needs a moment to close after its grace.
const SLOT_WAIT: Duration = Duration::from_millis(1500);

/// Stands for a connection that is busy or already evicted, in place of an idle number.
const BUSY: u64 = u64::MAX;

/// The slots for all connections.
#[derive(Debug)]
pub(super) struct Slots {
    free: Arc<Semaphore>,
    /// Locked only when a connection opens or closes, not for each request.
    taken: Mutex<BTreeMap<u64, Arc<Occupant>>>,
    /// A counter for idle numbers. A smaller number means idle for longer.
    next: AtomicU64,
}

/// The shared state of a connection.
#[derive(Debug)]
struct Occupant {
    idle_number: AtomicU64,
    /// When the last answer was ready.
    answered: Mutex<Option<Instant>>,
    is_answering: AtomicBool,
    evict: Notify,
}

/// A connection's slot, freed on drop.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    number: u64,
    occupant: Arc<Occupant>,
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(count: usize) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { free, taken: Mutex::default(), next: AtomicU64::default() })
    }

    /// Takes a free slot, or that of the connection that has been idle longest; `None` if all connections are busy.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Slot> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(self.slot(permit));
        }
        self.evict_longest_idle()?;
        let freed = tokio::time::timeout(SLOT_WAIT, Arc::clone(&self.free).acquire_owned()).await;
        freed.ok()?.ok().map(|permit| self.slot(permit))
    }

    fn evict_longest_idle(&self) -> Option<()> {
        let taken = self.taken();
        loop {
            let idle = taken
                .values()
                .map(|occupant| (occupant.idle_number.load(Ordering::Relaxed), occupant));
            let (number, longest) = idle.min_by_key(|(number, _)| *number)?;
            if number == BUSY {
                return None;
            }
            // The connection may have become busy in the meantime. Then try the next one.
            let claimed = longest.idle_number.compare_exchange(
                number,
                BUSY,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if claimed.is_ok() {
                longest.evict.notify_one();
                return Some(());
            }
        }
    }

    /// Adds a connection. It is idle, because it has not sent a request yet.
    fn slot(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Slot {
        let number = self.next();
        let occupant = Arc::new(Occupant {
            idle_number: AtomicU64::new(number),
            answered: Mutex::default(),
            is_answering: AtomicBool::default(),
            evict: Notify::new(),
        });
        self.taken().insert(number, Arc::clone(&occupant));
        Slot { slots: Arc::clone(self), number, occupant, _permit: permit }
    }

    fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Occupant>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Marks the connection as idle: its answer is ready, and it may be evicted.
    pub(super) fn mark_idle(&self) {
        *self.answered() = Some(Instant::now());
        self.occupant.is_answering.store(false, Ordering::Relaxed);
        self.occupant.idle_number.store(self.slots.next(), Ordering::Relaxed);
    }

    /// Marks the connection as busy: it may not be evicted.
    pub(super) fn mark_busy(&self) {
        self.occupant.is_answering.store(true, Ordering::Relaxed);
        self.occupant.idle_number.store(BUSY, Ordering::Relaxed);
    }

    /// Completes when the connection is evicted. Returns until when it may finish the answer that it may be writing:
    /// without one, a client that has sent half a head would keep the new connection waiting.
    pub(super) async fn evicted(&self) -> Instant {
        self.occupant.evict.notified().await;
        self.answered().map_or_else(Instant::now, |answered| answered + EVICTION_GRACE)
    }

    /// Whether a request has arrived whose answer is not ready yet.
    pub(super) fn is_answering(&self) -> bool {
        self.occupant.is_answering.load(Ordering::Relaxed)
    }

    fn answered(&self) -> MutexGuard<'_, Option<Instant>> {
        self.occupant.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.taken().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Slot, Slots};

    /// Frees its slot when it is evicted, as a connection does.
    fn hold(slot: Slot) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move { _ = slot.evicted().await })
    }

    #[tokio::test]
    async fn the_longest_idle_gives_way() {
        let slots = Slots::new(2);
        let first = hold(slots.take().await.unwrap());
        let second = hold(slots.take().await.unwrap());
        let third = slots.take().await.unwrap();
        first.await.unwrap();
        assert!(!second.is_finished());
        third.mark_busy();
        drop(slots.take().await.unwrap());
        second.await.unwrap();
    }

    #[tokio::test]
    async fn a_busy_connection_stays() {
        let slots = Slots::new(1);
        let slot = slots.take().await.unwrap();
        slot.mark_busy();
        assert!(slots.take().await.is_none());
        drop(slot);
        assert!(slots.take().await.is_some());
        assert!(slots.taken().is_empty(), "closed connections leave nothing behind");
        assert_eq!(Arc::strong_count(&slots), 1);
    }
}
