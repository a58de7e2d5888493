//! What a client has under way: counted for close, found by number for cancel.

use std::collections::HashMap;
use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::error::{Error, LocalFailure};
use crate::sync::{Arc, Condvar, Mutex, MutexGuard};

/// What has to end does so at once, unless a callback of the host holds it up.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Requests under way; clones are the same. No lock is held while anything else runs.
#[derive(Clone, Debug)]
pub(crate) struct InFlight(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    fewer: Condvar,
    /// How far the client is closed.
    end: watch::Sender<Closing>,
}

/// How far a client is closed.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Closing {
    Open,
    /// It waits for what is under way.
    Waits,
    /// What is under way has to end.
    Ends,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    count: usize,
    cancels: HashMap<u64, Cancel>,
}

/// A wish to end one operation. It is kept until the operation waits for it.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Arc<Wish>);

#[derive(Default)]
struct Wish {
    is_asked: AtomicBool,
    asked: Notify,
    then: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// The wish of a client to end what is under way.
#[derive(Clone, Debug)]
pub(crate) struct Ending(watch::Receiver<Closing>);

/// A request under way; counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    of: InFlight,
    operation: Option<u64>,
    end: watch::Receiver<Closing>,
}

impl Cancel {
    pub(crate) fn cancel(&self) {
        self.0.is_asked.store(true, Ordering::SeqCst);
        self.0.asked.notify_one();
        if let Some(then) = self.0.then.get() {
            then();
        }
    }

    pub(crate) async fn wait(&self) {
        self.0.asked.notified().await;
    }

    /// Runs when it is asked for, or now if that has been done; perhaps more than once.
    pub(crate) fn then(&self, then: impl Fn() + Send + Sync + 'static) {
        let _ = self.0.then.set(Box::new(then));
        if let Some(then) = self.0.then.get().filter(|_| self.0.is_asked.load(Ordering::SeqCst)) {
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

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.lock().count
    }

    pub(crate) fn cancel(&self, operation: u64) {
        let cancel = self.lock().cancels.get(&operation).cloned();
        if let Some(cancel) = cancel {
            cancel.cancel();
        }
    }

    /// Waits for what is under way, then ends what is left and waits for that. How many had to be ended.
    pub(crate) fn close(&self, wait: Duration) -> usize {
        self.lock().closed = true;
        self.0.end.send_if_modified(|end| {
            let is_first = *end == Closing::Open;
            *end = (*end).max(Closing::Waits);
            is_first
        });
        let left = self.wait_until_empty(wait);
        if left > 0 {
            self.0.end.send_replace(Closing::Ends);
            self.wait_until_empty(LAST_WAIT);
        }
        left
    }

    /// Waits until nothing is left, but no longer than the time. Returns how many are left.
    fn wait_until_empty(&self, wait: Duration) -> usize {
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
        state.count
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Lets the request be found by its number until it ends.
    pub(crate) fn with_cancel(mut self, operation: u64, cancel: Cancel) -> Self {
        self.of.lock().cancels.insert(operation, cancel);
        self.operation = Some(operation);
        self
    }

    /// Returns when the client wants the request to end.
    pub(crate) async fn ended(&self) {
        self.ending().wait().await;
    }

    /// Returns when the client waits for what is under way: what would not end by itself has to come to an end.
    pub(crate) async fn closing(&self) {
        self.ending().reached(Closing::Waits).await;
    }

    pub(crate) fn ending(&self) -> Ending {
        Ending(self.end.clone())
    }
}

impl Ending {
    /// Returns when the client wants everything to end.
    pub(crate) async fn wait(&self) {
        self.reached(Closing::Ends).await;
    }

    async fn reached(&self, stage: Closing) {
        // The client is gone, so it never comes.
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
