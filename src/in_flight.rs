//! The requests that a client has under way: counted for close, found by number for cancel.

use std::collections::HashMap;
use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::error::{Error, LocalFailure};
use crate::sync::{Arc, Condvar, Mutex, MutexGuard};

/// How long a close waits for the requests that it has ended. They end at once, unless a callback of the host holds
/// them up.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// The requests under way. Clones share them. No lock is held while other code runs.
#[derive(Clone, Debug)]
pub(crate) struct InFlight(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    fewer: Condvar,
    end: watch::Sender<Closing>,
}

/// The stages of closing a client.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Closing {
    Open,
    /// The client waits for what is under way.
    Waits,
    /// The client ends what is under way.
    Ends,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    count: usize,
    /// How many requests each close had to end, added up.
    ended: usize,
    cancels: HashMap<u64, Cancel>,
}

/// The cancellation of one operation. It may be requested before the operation waits for it.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Arc<Cancellation>);

#[derive(Default)]
struct Cancellation {
    is_requested: AtomicBool,
    requested: Notify,
    then: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// Tells a request at which stage of closing its client is.
#[derive(Clone, Debug)]
pub(crate) struct Ending(watch::Receiver<Closing>);

/// A request under way. It is counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    of: InFlight,
    operation: Option<u64>,
    end: watch::Receiver<Closing>,
}

impl Cancel {
    pub(crate) fn cancel(&self) {
        self.0.is_requested.store(true, Ordering::SeqCst);
        self.0.requested.notify_one();
        if let Some(then) = self.0.then.get() {
            then();
        }
    }

    pub(crate) async fn wait(&self) {
        self.0.requested.notified().await;
    }

    /// Runs a function when the cancellation is requested, or now if it has been. The function may run more than once.
    pub(crate) fn then(&self, then: impl Fn() + Send + Sync + 'static) {
        let _ = self.0.then.set(Box::new(then));
        let is_requested = self.0.is_requested.load(Ordering::SeqCst);
        if let Some(then) = self.0.then.get().filter(|_| is_requested) {
            then();
        }
    }
}

impl InFlight {
    pub(crate) fn new() -> Self {
        let (state, fewer) = (Mutex::default(), Condvar::new());
        Self(Arc::new(Shared { state, fewer, end: watch::Sender::new(Closing::Open) }))
    }

    pub(crate) fn enter(&self) -> Result<Running, Error> {
        let mut state = self.lock();
        if state.closed {
            return Err(LocalFailure::ClientClosed.into());
        }
        state.count += 1;
        Ok(Running { of: self.clone(), operation: None, end: self.0.end.subscribe() })
    }

    /// The number of requests under way.
    pub(crate) fn count(&self) -> usize {
        self.lock().count
    }

    pub(crate) fn cancel(&self, operation: u64) {
        let cancel = self.lock().cancels.get(&operation).cloned();
        if let Some(cancel) = cancel {
            cancel.cancel();
        }
    }

    /// Waits for what is under way, then ends the rest and waits for that. Returns how many had to be ended, by this
    /// close or by another at the same time.
    pub(crate) fn close(&self, wait: Duration) -> usize {
        let mut state = self.lock();
        state.closed = true;
        let ended_before = state.ended;
        drop(state);
        self.0.end.send_if_modified(|end| {
            let is_first = *end == Closing::Open;
            *end = (*end).max(Closing::Waits);
            is_first
        });
        let mut state = self.wait_until_empty(wait);
        let left = state.count;
        let by_others = state.ended - ended_before;
        state.ended += left;
        drop(state);
        if left > 0 {
            self.0.end.send_replace(Closing::Ends);
            drop(self.wait_until_empty(LAST_WAIT));
        }
        left.max(by_others)
    }

    /// Waits until nothing is under way, but no longer than `wait`.
    fn wait_until_empty(&self, wait: Duration) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        let deadline = Instant::now().checked_add(wait);
        while state.count > 0 {
            let left = deadline.map_or(wait, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break;
            }
            state =
                self.0.fewer.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Lets the request be cancelled by its number until it ends.
    pub(crate) fn with_cancel(mut self, operation: u64, cancel: Cancel) -> Self {
        self.of.lock().cancels.insert(operation, cancel);
        self.operation = Some(operation);
        self
    }

    /// Returns when the client ends what is under way.
    pub(crate) async fn ended(&self) -> LocalFailure {
        self.ending().wait().await;
        LocalFailure::ClientClosed
    }

    /// Returns when the client begins to close. An operation that would not end by itself, such as a keep-alive, ends
    /// then.
    pub(crate) async fn closing(&self) {
        self.ending().reached(Closing::Waits).await;
    }

    pub(crate) fn ending(&self) -> Ending {
        Ending(self.end.clone())
    }
}

impl Ending {
    /// Whether the client ends what is under way.
    pub(crate) fn has_come(&self) -> bool {
        *self.0.borrow() >= Closing::Ends
    }

    /// Returns when the client ends what is under way.
    pub(crate) async fn wait(&self) {
        self.reached(Closing::Ends).await;
    }

    async fn reached(&self, stage: Closing) {
        // The client was dropped without being closed, so the stage is never reached.
        if self.0.clone().wait_for(|end| *end >= stage).await.is_err() {
            pending::<()>().await;
        }
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cancel")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.of.lock();
        state.count -= 1;
        if let Some(operation) = self.operation {
            state.cancels.remove(&operation);
        }
        let is_awaited = state.closed;
        drop(state);
        if is_awaited {
            self.of.0.fewer.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_close_counts_what_another_close_ends_meanwhile() {
        let all = InFlight::new();
        let running = all.enter().unwrap();
        let closing = |wait: Duration| {
            let all = all.clone();
            thread::spawn(move || all.close(wait))
        };
        let patient = closing(Duration::from_secs(60));
        while all.enter().is_ok() {
            thread::yield_now();
        }
        let hurried = closing(Duration::ZERO);
        while all.lock().ended == 0 {
            thread::yield_now();
        }
        drop(running);
        assert_eq!((patient.join().unwrap(), hurried.join().unwrap()), (1, 1));
    }
}
