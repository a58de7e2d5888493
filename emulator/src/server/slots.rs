//! Slots for connections. When all are taken, the connection that has been idle longest is closed for the next one, so
//! idle connections cannot lock other clients out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How long an evicted connection may take to finish the answer that it is writing.
pub(super) const EVICTION_GRACE: Duration = Duration::from_secs(1);

/// All slots.
#[derive(Debug)]
pub(super) struct Slots {
    free: Arc<Semaphore>,
    idle: Mutex<Idle>,
}

/// The idle connections, the one that has been idle longest first.
#[derive(Debug, Default)]
struct Idle {
    waiting: BTreeMap<u64, Arc<Notify>>,
    next: u64,
}

/// A connection's slot, given back when this is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    evict: Arc<Notify>,
    idle_number: Mutex<Option<u64>>,
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(count: usize) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { free, idle: Mutex::default() })
    }

    /// A free slot, or that of the connection that has been idle longest; `None` when all connections are busy.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Slot> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(self.slot(permit));
        }
        let (_, longest) = self.idle().waiting.pop_first()?;
        longest.notify_one();
        let freed =
            tokio::time::timeout(EVICTION_GRACE, Arc::clone(&self.free).acquire_owned()).await;
        freed.ok()?.ok().map(|permit| self.slot(permit))
    }

    fn slot(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Slot {
        let slot = Slot {
            slots: Arc::clone(self),
            evict: Arc::default(),
            idle_number: Mutex::default(),
            _permit: permit,
        };
        slot.mark_idle();
        slot
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// From now on the connection may be evicted. A new connection is idle: it has not sent a request yet.
    pub(super) fn mark_idle(&self) {
        let mut idle = self.slots.idle();
        let number = idle.next;
        idle.next += 1;
        idle.waiting.insert(number, Arc::clone(&self.evict));
        *self.idle_number.lock().unwrap_or_else(PoisonError::into_inner) = Some(number);
    }

    /// From now on the connection may not be evicted.
    pub(super) fn mark_busy(&self) {
        if let Some(number) = self.idle_number.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            self.slots.idle().waiting.remove(&number);
        }
    }

    /// Completes when the connection has to make way for another one.
    pub(super) async fn evicted(&self) {
        self.evict.notified().await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.mark_busy();
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Slot, Slots};

    /// Gives its slot back when it is evicted, as a connection does.
    fn hold(slot: Slot) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move { slot.evicted().await })
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
        assert!(slots.idle().waiting.is_empty(), "closed connections leave nothing behind");
        assert_eq!(Arc::strong_count(&slots), 1);
    }
}
