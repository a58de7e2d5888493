//! Places for connections. When all are taken, the connection that has been idle longest gives way to the next one, so that
//! idle ones can fill the house and lock nobody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// For a connection that was told to go: it may be writing the end of an answer.
pub(super) const TIME_TO_LEAVE: Duration = Duration::from_secs(1);

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    room: Arc<Semaphore>,
    idle: Mutex<Idle>,
}

/// Who is idle, the longest first.
#[derive(Debug, Default)]
struct Idle {
    waiting: BTreeMap<u64, Arc<Notify>>,
    next: u64,
}

/// A connection's place, given back when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    leave: Arc<Notify>,
    idle_as: Mutex<Option<u64>>,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(count: usize) -> Arc<Self> {
        let room = Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { room, idle: Mutex::default() })
    }

    /// A place, if need be that of the longest idle; `None` when everybody is busy.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Place> {
        if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
            return Some(self.place(permit));
        }
        let (_, longest) = self.idle().waiting.pop_first()?;
        longest.notify_one();
        let freed =
            tokio::time::timeout(TIME_TO_LEAVE, Arc::clone(&self.room).acquire_owned()).await;
        freed.ok()?.ok().map(|permit| self.place(permit))
    }

    fn place(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Place {
        let place = Place {
            places: Arc::clone(self),
            leave: Arc::default(),
            idle_as: Mutex::default(),
            _permit: permit,
        };
        place.is_idle();
        place
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// From now on the connection may be asked to leave. It begins so: nothing has been asked on it yet.
    pub(super) fn is_idle(&self) {
        let mut idle = self.places.idle();
        let number = idle.next;
        idle.next += 1;
        idle.waiting.insert(number, Arc::clone(&self.leave));
        *self.idle_as.lock().unwrap_or_else(PoisonError::into_inner) = Some(number);
    }

    /// From now on it is left alone.
    pub(super) fn is_busy(&self) {
        if let Some(number) = self.idle_as.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.places.idle().waiting.remove(&number);
        }
    }

    /// Waits to be asked to leave.
    pub(super) async fn is_asked_to_leave(&self) {
        self.leave.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.is_busy();
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Place, Places};

    /// Leaves when it is asked to, as a connection does.
    fn hold(place: Place) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move { place.is_asked_to_leave().await })
    }

    #[tokio::test]
    async fn the_longest_idle_gives_way() {
        let places = Places::new(2);
        let first = hold(places.take().await.unwrap());
        let second = hold(places.take().await.unwrap());
        let third = places.take().await.unwrap();
        first.await.unwrap();
        assert!(!second.is_finished());
        third.is_busy();
        drop(places.take().await.unwrap());
        second.await.unwrap();
    }

    #[tokio::test]
    async fn whoever_is_busy_stays() {
        let places = Places::new(1);
        let place = places.take().await.unwrap();
        place.is_busy();
        assert!(places.take().await.is_none());
        drop(place);
        assert!(places.take().await.is_some());
        assert!(places.idle().waiting.is_empty(), "nothing is left of those that went");
        assert_eq!(Arc::strong_count(&places), 1);
    }
}
