//! What a client has under way: counted for close, found by number for cancel.

use std::collections::HashMap;
use std::sync::PoisonError;
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancel(Arc<Notify>);

/// A request under way; counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    of: InFlight,
    operation: Option<u64>,
    end: watch::Receiver<Closing>,
}

impl Cancel {
    pub(crate) fn cancel(&self) {
        self.0.notify_one();
    }

    pub(crate) async fn wait(&self) {
        self.0.notified().await;
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
        self.reached(Closing::Ends).await;
    }

    /// Returns when the client waits for what is under way: what would not end by itself has to come to an end.
    pub(crate) async fn closing(&self) {
        self.reached(Closing::Waits).await;
    }

    async fn reached(&self, stage: Closing) {
        let mut end = self.end.clone();
        // The sender lives as long as this value.
        let _ = end.wait_for(|end| *end >= stage).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.of.lock();
        state.count -= 1;
        if let Some(operation) = self.operation {
            state.cancels.remove(&operation);
        }
        drop(state);
        self.of.0.fewer.notify_all();
    }
}
