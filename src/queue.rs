//! The completion queue: it delivers each submitted operation exactly once.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::error::{Error, LocalFailure};
use crate::in_callback;
use crate::in_flight::Cancel;
use crate::keep_alive::{KeepAliveEvent, PresenceKey};
use crate::process::Maker;
use crate::response::Response;
use crate::sync::{Arc, Mutex, MutexGuard, Weak};
#[cfg(not(feature = "test-shuttle"))]
use crate::transport::runtime::wait_until;

/// Operations are numbered across all clients of the process, so that a number never means two operations.
static NEXT_OPERATION: AtomicU64 = AtomicU64::new(1);

/// The number of a new operation, unique within the process.
pub(crate) fn next_operation() -> u64 {
    NEXT_OPERATION.fetch_add(1, Ordering::Relaxed)
}

/// Delivers the completions of submitted operations. Any number of threads may wait, and each completion goes to one of
/// them.
///
/// A ticket is any value that the caller wants back with the result. Dropping a queue cancels the outstanding
/// operations and drops their tickets.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use mgpresence::{Queue, Request, Target};
/// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
/// # let (_emulator, client) = doctest::emulated();
///
/// let queue = Queue::new();
/// for user in ["adele", "alex"] {
///     client.submit(Request::get_presence(Target::user(user)), &queue, user).map_err(|(error, _)| error)?;
/// }
/// queue.close()?; // takes no more; cancels what is still outstanding
/// let ended = std::iter::from_fn(|| queue.wait(Some(Duration::from_secs(10))).ok());
/// assert_eq!(ended.count(), 2);
/// # Ok::<(), mgpresence::Error>(())
/// ```
pub struct Queue<T> {
    shared: Arc<Shared<T>>,
    maker: Maker,
}

/// How one submitted operation ended, or what happened to a presence that is kept alive.
///
/// An operation ends with exactly one completion. For a keep-alive, its event has the state [`KeepAliveState::Ended`],
/// and any number of completions with other events come before it.
///
/// [`KeepAliveState::Ended`]: crate::KeepAliveState::Ended
#[derive(Debug)]
pub struct Completion<T> {
    /// The number that [`Client::submit`](crate::Client::submit) or
    /// [`KeepAlive::operation`](crate::KeepAlive::operation) returned.
    pub operation: u64,
    /// The ticket that was given with the request. Each event of a keep-alive has a clone of it.
    pub ticket: T,
    /// The response, or the reason why there is no successful one.
    pub result: Result<Response, Error>,
    /// What happened to a presence that is kept alive; `None` for any other operation.
    pub event: Option<KeepAliveEvent>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    outstanding: HashMap<u64, (T, Cancel)>,
    /// What has not been delivered yet, in the order in which it came, so that nothing delays the rest without end.
    ready: VecDeque<Ready>,
    done: VecDeque<Completion<T>>,
    /// The latest undelivered event of each kept presence.
    events: HashMap<EventKey, Completion<T>>,
    closed: bool,
    /// The waits that have not been woken since they last found nothing, each with its number.
    waiting: VecDeque<(u64, Waker)>,
    next_waiting: u64,
}

/// Something to deliver. An event that is replaced keeps its place.
enum Ready {
    /// The next of the completions that are done.
    Done,
    Event(EventKey),
    /// One call of [`Queue::wake`].
    Wake,
}

/// The operation of a keep-alive, and one of its presences.
type EventKey = (u64, PresenceKey);

/// One call of [`Queue::wait`] that has to block.
struct Wait<'a, T> {
    shared: &'a Shared<T>,
    number: Option<u64>,
}

/// The result of a wait.
type Ended<T> = Result<Completion<T>, Error>;

/// The right and duty of a task to complete its operation. If the task drops it, the operation completes with
/// [`Status::Panic`](crate::Status::Panic).
pub(crate) struct Entry<T> {
    operation: u64,
    queue: Weak<Shared<T>>,
    is_complete: bool,
}

impl<T> Queue<T> {
    /// An empty, open queue.
    pub fn new() -> Self {
        let state = State {
            outstanding: HashMap::new(),
            ready: VecDeque::new(),
            done: VecDeque::new(),
            events: HashMap::new(),
            closed: false,
            waiting: VecDeque::new(),
            next_waiting: 0,
        };
        Self { shared: Arc::new(Shared { state: Mutex::new(state) }), maker: Maker::this() }
    }

    /// Takes the next completion, waiting up to `timeout` for one. `None` waits forever.
    ///
    /// # Errors
    /// [`Status::WaitTimeout`](crate::Status::WaitTimeout) if nothing completed in time,
    /// [`Status::Woken`](crate::Status::Woken) after [`Queue::wake`], [`Status::Closed`](crate::Status::Closed) if
    /// the queue is closed and everything has been delivered, [`Status::WouldDeadlock`](crate::Status::WouldDeadlock)
    /// inside a callback, where only a timeout of zero is allowed, and
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the queue.
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Completion<T>, Error> {
        self.maker.check()?;
        if in_callback::is_running() && timeout != Some(Duration::ZERO) {
            return Err(LocalFailure::WouldDeadlock.into());
        }
        if let Some(end) = self.shared.lock().take() {
            return end;
        }
        if timeout == Some(Duration::ZERO) {
            return Err(LocalFailure::WaitTimeout.into());
        }
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let wait = Wait { shared: &self.shared, number: None };
        wait_until(wait, deadline)?.unwrap_or_else(|| Err(LocalFailure::WaitTimeout.into()))
    }

    /// Ends one wait with [`Status::Woken`](crate::Status::Woken): a current one, or else the next one. Each call ends
    /// one wait. What came before it is delivered first.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the queue.
    pub fn wake(&self) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.change(|state| state.ready.push_back(Ready::Wake));
        Ok(())
    }

    /// Closes the queue: it accepts no new operations and cancels the outstanding ones. Their completions can still be
    /// taken.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Queue, Status};
    ///
    /// let queue = Queue::<()>::new();
    /// queue.close()?;
    /// assert_eq!(queue.wait(None).unwrap_err().status(), Status::Closed);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the queue.
    pub fn close(&self) -> Result<(), Error> {
        self.maker.check()?;
        let cancels: Vec<Cancel> = self.shared.change(|state| {
            state.closed = true;
            state.outstanding.values().map(|(_, cancel)| cancel.clone()).collect()
        });
        cancels.iter().for_each(Cancel::cancel);
        Ok(())
    }

    /// Whether this process created the queue. A fork of it must not touch the queue's locks.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.maker.is_this()
    }

    /// Registers an operation, or returns the ticket if the queue is closed.
    pub(crate) fn enter(&self, ticket: T) -> Result<(Entry<T>, Cancel), (Error, T)> {
        if let Err(forked) = self.maker.check() {
            return Err((forked, ticket));
        }
        let cancel = Cancel::default();
        let operation = next_operation();
        let mut state = self.shared.lock();
        if state.closed {
            return Err((LocalFailure::QueueClosed.into(), ticket));
        }
        state.outstanding.insert(operation, (ticket, cancel.clone()));
        Ok((Entry { operation, queue: Arc::downgrade(&self.shared), is_complete: false }, cancel))
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Queue<T> {
    /// Drops the tickets here rather than when the last task ends, so that none is left on return.
    fn drop(&mut self) {
        if self.close().is_err() {
            return;
        }
        let (outstanding, done, events) = {
            let mut state = self.shared.lock();
            state.ready.clear();
            (
                std::mem::take(&mut state.outstanding),
                std::mem::take(&mut state.done),
                std::mem::take(&mut state.events),
            )
        };
        drop((outstanding, done, events));
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.shared.lock();
        f.debug_struct("Queue")
            .field("outstanding", &state.outstanding.len())
            .field("ready", &state.ready.len())
            .field("closed", &state.closed)
            .finish()
    }
}

impl<T> State<T> {
    /// The result of a wait, if there is one now.
    fn take(&mut self) -> Option<Ended<T>> {
        let completion = match self.ready.pop_front() {
            Some(Ready::Done) => self.done.pop_front(),
            Some(Ready::Event(key)) => self.events.remove(&key),
            Some(Ready::Wake) => return Some(Err(LocalFailure::Woken.into())),
            None => return self.has_ended().then(|| Err(LocalFailure::QueueClosed.into())),
        };
        completion.map(Ok)
    }

    fn has_ended(&self) -> bool {
        self.closed && self.outstanding.is_empty() && self.ready.is_empty()
    }

    /// The waits to wake: one for each result that a wait can have, or all of them once the queue has ended.
    fn take_wakers(&mut self) -> Vec<Waker> {
        let count = if self.has_ended() {
            self.waiting.len()
        } else {
            self.waiting.len().min(self.ready.len())
        };
        self.waiting.drain(..count).map(|(_, waker)| waker).collect()
    }
}

impl<T> Shared<T> {
    /// Changes the state, and wakes the waits that can end now.
    fn change<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        let mut state = self.lock();
        let result = change(&mut state);
        let wakers = state.take_wakers();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Entry<T> {
    pub(crate) fn operation(&self) -> u64 {
        self.operation
    }

    pub(crate) fn complete(mut self, result: Result<Response, Error>) {
        self.put(result, None);
    }

    /// Completes a keep-alive, whose last event this is.
    pub(crate) fn end(mut self, event: KeepAliveEvent, result: Result<Response, Error>) {
        self.put(result, Some(event));
    }

    /// Reports an event of a keep-alive that continues. It replaces an undelivered event of the same presence, so that
    /// memory does not grow if the caller takes no events.
    pub(crate) fn report(
        &self,
        presence: &PresenceKey,
        event: KeepAliveEvent,
        result: Result<Response, Error>,
    ) where
        T: Clone,
    {
        let Some(queue) = self.queue.upgrade() else { return };
        let replaced = queue.change(|state| {
            let (ticket, _) = state.outstanding.get(&self.operation)?;
            let (operation, ticket) = (self.operation, ticket.clone());
            let key = (operation, presence.clone());
            let completion = Completion { operation, ticket, result, event: Some(event) };
            let replaced = state.events.insert(key.clone(), completion);
            if replaced.is_none() {
                state.ready.push_back(Ready::Event(key));
            }
            replaced
        });
        drop(replaced);
    }

    fn put(&mut self, result: Result<Response, Error>, event: Option<KeepAliveEvent>) {
        self.is_complete = true;
        // A queue that was dropped has dropped the ticket too.
        let Some(queue) = self.queue.upgrade() else { return };
        queue.change(|state| {
            if let Some((ticket, _)) = state.outstanding.remove(&self.operation) {
                let completion = Completion { operation: self.operation, ticket, result, event };
                state.done.push_back(completion);
                state.ready.push_back(Ready::Done);
            }
        });
    }
}

impl<T> Future for Wait<'_, T> {
    type Output = Ended<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.lock();
        if let Some(end) = state.take() {
            return Poll::Ready(end);
        }
        let number = self.number.unwrap_or(state.next_waiting);
        state.next_waiting += 1;
        match state.waiting.iter_mut().find(|(other, _)| *other == number) {
            Some((_, waker)) => waker.clone_from(context.waker()),
            None => state.waiting.push_back((number, context.waker().clone())),
        }
        drop(state);
        self.number = Some(number);
        Poll::Pending
    }
}

impl<T> Drop for Wait<'_, T> {
    /// If this wait was woken but ends without a result, `change` wakes the next one.
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.shared.change(|state| state.waiting.retain(|(other, _)| *other != number));
        }
    }
}

#[cfg(feature = "test-shuttle")]
fn wait_until<T>(event: impl Future<Output = T>, _: Option<Instant>) -> Result<Option<T>, Error> {
    Ok(Some(shuttle::future::block_on(event)))
}

/// A task that panicked still completes its operation.
impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        if !self.is_complete {
            let lost = LocalFailure::Panic("An operation ended without a result".into());
            self.put(Err(lost.into()), None);
        }
    }
}

#[cfg(test)]
fn presence(user: &str) -> PresenceKey {
    use crate::operation::{Operation, Target};
    std::sync::Arc::new((Operation::SetPresence, Target::user(user)))
}

#[cfg(all(test, not(feature = "test-shuttle")))]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;
    use std::time::SystemTime;

    use super::*;
    use crate::keep_alive::KeepAliveState;

    /// How often a wait was woken.
    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn an_event_ends_a_wait_that_has_begun() {
        let queue = Queue::new();
        let (entry, _cancel) = queue.enter(7).map_err(|(error, _)| error).unwrap();
        let wakes = std::sync::Arc::new(Wakes::default());
        let waker = Waker::from(std::sync::Arc::clone(&wakes));
        let mut wait = Wait { shared: &queue.shared, number: None };
        let mut poll = || Pin::new(&mut wait).poll(&mut Context::from_waker(&waker));
        assert!(poll().is_pending());

        let event = KeepAliveEvent::of_all(KeepAliveState::Held, SystemTime::UNIX_EPOCH);
        entry.report(&presence("adele"), event, Err(LocalFailure::Cancelled.into()));

        assert_eq!(wakes.0.load(Ordering::SeqCst), 1);
        assert!(poll().is_ready());
    }

    #[test]
    fn events_that_keep_coming_delay_neither_a_completion_nor_a_wake() {
        let queue = Queue::new();
        let (kept, _cancel) = queue.enter("kept").map_err(|(error, _)| error).unwrap();
        let (sent, _cancel) = queue.enter("sent").map_err(|(error, _)| error).unwrap();
        let cancelled = || Err(LocalFailure::Cancelled.into());
        let renewed = |user| {
            let event = KeepAliveEvent::of_all(KeepAliveState::Renewed, SystemTime::UNIX_EPOCH);
            kept.report(&presence(user), event, cancelled());
        };
        renewed("adele");
        sent.complete(cancelled());
        renewed("alex");
        queue.wake().unwrap();
        let delivered: Vec<_> = (0..4)
            .map(|_| {
                let next = queue.wait(Some(Duration::ZERO));
                renewed("adele");
                renewed("alex");
                next.map_or("wake", |completion| completion.ticket)
            })
            .collect();
        assert_eq!(delivered, ["kept", "sent", "kept", "wake"]);
    }
}

/// Model checks with shuttle, which runs the threads in many orders: `cargo test --features test-shuttle --lib model`.
#[cfg(all(test, feature = "test-shuttle"))]
mod model {
    use std::sync::Arc as Counter;

    use shuttle::future::block_on;
    use shuttle::thread;

    use super::*;
    use crate::Status;
    use crate::in_flight::InFlight;

    const ORDERS: usize = 20_000;

    fn cancelled() -> Result<Response, Error> {
        Err(LocalFailure::Cancelled.into())
    }

    /// A ticket that counts its drops.
    struct Ticket(Counter<AtomicU64>);

    impl Drop for Ticket {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A task that ends when it is cancelled.
    fn work<T: Send + 'static>((entry, cancel): (Entry<T>, Cancel)) -> thread::JoinHandle<()> {
        thread::spawn(move || {
            block_on(cancel.wait());
            entry.complete(cancelled());
        })
    }

    fn drain(queue: &Queue<u64>) -> Vec<u64> {
        let mut tickets = Vec::new();
        loop {
            match queue.wait(None) {
                Ok(completion) => tickets.push(completion.ticket),
                Err(error) if error.status() == Status::Woken => {}
                Err(error) => {
                    assert_eq!(error.status(), Status::Closed);
                    return tickets;
                }
            }
        }
    }

    #[test]
    fn model_each_operation_is_delivered_once_to_one_of_two_waiting() {
        let check = || {
            let queue = Arc::new(Queue::new());
            let work: Vec<_> = (0..3).map(|ticket| work(queue.enter(ticket).unwrap())).collect();
            let other = Arc::clone(&queue);
            let waiting = thread::spawn(move || drain(&other));
            let closer = Arc::clone(&queue);
            let closing = thread::spawn(move || {
                closer.wake().unwrap();
                closer.close().unwrap();
            });
            let mut tickets = drain(&queue);
            tickets.extend(waiting.join().unwrap());
            tickets.sort_unstable();
            assert_eq!(tickets, [0, 1, 2]);
            closing.join().unwrap();
            work.into_iter().for_each(|work| work.join().unwrap());
        };
        shuttle::check_random(check, ORDERS);
        shuttle::check_pct(check, ORDERS, 3);
    }

    #[test]
    fn model_a_dropped_queue_has_dropped_each_ticket_once_on_return() {
        let check = || {
            let dropped = Counter::new(AtomicU64::new(0));
            let queue = Queue::new();
            let work: Vec<_> = (0..3)
                .map(|_| queue.enter(Ticket(Counter::clone(&dropped))).map_err(|it| it.0).unwrap())
                .map(work)
                .collect();
            drop(queue);
            assert_eq!(dropped.load(Ordering::SeqCst), 3);
            work.into_iter().for_each(|work| work.join().unwrap());
            assert_eq!(dropped.load(Ordering::SeqCst), 3);
        };
        shuttle::check_random(check, ORDERS);
        shuttle::check_pct(check, ORDERS, 3);
    }

    #[test]
    fn model_a_cancel_at_any_time_ends_the_operation_once() {
        let check = || {
            let queue = Queue::new();
            let in_flight = InFlight::new();
            let (entry, cancel) = queue.enter(7).unwrap();
            let operation = entry.operation();
            let running = in_flight.enter().unwrap().with_cancel(operation, cancel.clone());
            let others = in_flight.clone();
            let cancelling = thread::spawn(move || {
                others.cancel(operation);
                others.cancel(operation);
            });
            let working = thread::spawn(move || {
                block_on(cancel.wait());
                entry.complete(cancelled());
                drop(running);
            });
            assert_eq!(queue.wait(None).unwrap().ticket, 7);
            assert_eq!(queue.wait(Some(Duration::ZERO)).unwrap_err().status(), Status::WaitTimeout);
            cancelling.join().unwrap();
            working.join().unwrap();
        };
        shuttle::check_random(check, ORDERS);
        shuttle::check_pct(check, ORDERS, 3);
    }

    #[test]
    fn model_events_come_before_the_end_and_the_latest_of_each_presence_is_delivered() {
        use crate::keep_alive::KeepAliveState::{self, Ended, Failing, Held, Recovered};
        let event = |state| KeepAliveEvent::of_all(state, std::time::SystemTime::UNIX_EPOCH);
        let check = move || {
            let queue = Arc::new(Queue::new());
            let (entry, _) = queue.enter(7).unwrap();
            let reporting = thread::spawn(move || {
                let of_adele = [Failing, Recovered].map(|state| ("adele", state));
                for (user, state) in [("adele", Held), ("alex", Held)].into_iter().chain(of_adele) {
                    entry.report(&presence(user), event(state), cancelled());
                }
                entry.end(event(Ended), cancelled());
            });
            let mut states: Vec<KeepAliveState> = Vec::new();
            while states.last() != Some(&Ended) {
                let completion = queue.wait(None).unwrap();
                assert_eq!(completion.ticket, 7);
                states.push(completion.event.unwrap().state);
            }
            assert_eq!(states.iter().filter(|state| **state == Ended).count(), 1);
            let held = |state: &&KeepAliveState| **state == Held;
            assert!((1..=2).contains(&states.iter().filter(held).count()), "{states:?}");
            assert!(states.contains(&Recovered), "{states:?}");
            reporting.join().unwrap();
        };
        shuttle::check_random(check, ORDERS);
        shuttle::check_pct(check, ORDERS, 3);
    }

    #[test]
    fn model_closing_a_client_waits_for_every_request_or_ends_it() {
        let check = || {
            let in_flight = InFlight::new();
            let others = in_flight.clone();
            let working = thread::spawn(move || {
                if let Ok(running) = others.enter() {
                    thread::yield_now();
                    drop(running);
                }
            });
            in_flight.close(Duration::ZERO);
            assert!(in_flight.enter().is_err());
            working.join().unwrap();
            assert_eq!(in_flight.close(Duration::ZERO), 0);
        };
        shuttle::check_random(check, ORDERS);
    }
}
