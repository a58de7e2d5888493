//! The completion queue: each submitted operation comes out of it exactly once.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::error::{CallFailure, Error};
use crate::in_flight::Cancel;
use crate::response::Response;
use crate::transport::runtime::check_not_forked;

/// Operations are numbered within the process, so that a number is never another client's.
static NEXT_OPERATION: AtomicU64 = AtomicU64::new(1);

/// Where submitted operations end. Any thread may wait; each completion goes to one of them.
///
/// Dropping a queue cancels what is outstanding and drops its tickets.
pub struct Queue<T>(Arc<Shared<T>>);

/// The end of an operation.
#[derive(Debug)]
pub struct Completion<T> {
    /// The number that [`Client::submit`](crate::Client::submit) returned.
    pub operation: u64,
    /// What was given with the request.
    pub ticket: T,
    /// The answer, or why there is none.
    pub result: Result<Response, Error>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    ready: Condvar,
}

struct State<T> {
    outstanding: HashMap<u64, (T, Cancel)>,
    done: VecDeque<Completion<T>>,
    woken: bool,
    closed: bool,
}

/// The way of one operation into the queue; gives up its place, should it be lost, as a bug of ours.
pub(crate) struct Entry<T> {
    operation: u64,
    queue: Weak<Shared<T>>,
    is_complete: bool,
}

impl<T> Queue<T> {
    /// An open queue with nothing in it.
    pub fn new() -> Self {
        let state = State {
            outstanding: HashMap::new(),
            done: VecDeque::new(),
            woken: false,
            closed: false,
        };
        Self(Arc::new(Shared { state: Mutex::new(state), ready: Condvar::new() }))
    }

    /// Takes the next completion, waiting for it up to `timeout`; `None` waits for ever.
    ///
    /// # Errors
    /// [`Status::WaitTimeout`](crate::Status::WaitTimeout) when nothing came,
    /// [`Status::Woken`](crate::Status::Woken) after [`Queue::wake`], [`Status::Closed`](crate::Status::Closed) when
    /// the queue is closed and everything has been delivered.
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Completion<T>, Error> {
        check_not_forked()?;
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.0.lock();
        loop {
            if let Some(completion) = state.done.pop_front() {
                return Ok(completion);
            }
            if std::mem::take(&mut state.woken) {
                return Err(CallFailure::Woken.into());
            }
            if state.closed && state.outstanding.is_empty() {
                return Err(CallFailure::QueueClosed.into());
            }
            state = match deadline.map(|end| end.saturating_duration_since(Instant::now())) {
                None => self.0.ready.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return Err(CallFailure::WaitTimeout.into()),
                Some(left) => {
                    self.0.ready.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Ends one wait, the one under way or else the next, with [`Status::Woken`](crate::Status::Woken). Completions
    /// are delivered first.
    pub fn wake(&self) {
        self.0.lock().woken = true;
        self.0.ready.notify_all();
    }

    /// Takes no new operations and cancels those outstanding. Their completions can still be waited for.
    pub fn close(&self) {
        let cancels: Vec<Cancel> = {
            let mut state = self.0.lock();
            state.closed = true;
            state.outstanding.values().map(|(_, cancel)| cancel.clone()).collect()
        };
        cancels.iter().for_each(Cancel::cancel);
        self.0.ready.notify_all();
    }

    /// Takes a ticket in; hands it back if the queue is closed.
    pub(crate) fn enter(&self, ticket: T) -> Result<(Entry<T>, Cancel), (Error, T)> {
        let cancel = Cancel::default();
        let operation = NEXT_OPERATION.fetch_add(1, Ordering::Relaxed);
        let mut state = self.0.lock();
        if state.closed {
            return Err((CallFailure::QueueClosed.into(), ticket));
        }
        state.outstanding.insert(operation, (ticket, cancel.clone()));
        Ok((Entry { operation, queue: Arc::downgrade(&self.0), is_complete: false }, cancel))
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Queue<T> {
    /// Drops the tickets here rather than where the last task lets go, so that they are gone on return.
    fn drop(&mut self) {
        self.close();
        let (outstanding, done) = {
            let mut state = self.0.lock();
            (std::mem::take(&mut state.outstanding), std::mem::take(&mut state.done))
        };
        drop((outstanding, done));
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        f.debug_struct("Queue")
            .field("outstanding", &state.outstanding.len())
            .field("done", &state.done.len())
            .field("closed", &state.closed)
            .finish()
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Entry<T> {
    pub(crate) fn operation(&self) -> u64 {
        self.operation
    }

    pub(crate) fn complete(mut self, result: Result<Response, Error>) {
        self.put(result);
    }

    fn put(&mut self, result: Result<Response, Error>) {
        self.is_complete = true;
        // A queue that is gone has dropped the ticket already.
        let Some(queue) = self.queue.upgrade() else { return };
        let mut state = queue.lock();
        if let Some((ticket, _)) = state.outstanding.remove(&self.operation) {
            state.done.push_back(Completion { operation: self.operation, ticket, result });
            drop(state);
            queue.ready.notify_all();
        }
    }
}

/// A task that panicked still completes its operation.
impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        if !self.is_complete {
            let lost = CallFailure::Internal("an operation ended without a result".into());
            self.put(Err(lost.into()));
        }
    }
}
