//! The completion queue: each submitted operation comes out of it exactly once.

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
use crate::keep_alive::KeepAliveEvent;
use crate::process::Maker;
use crate::response::Response;
use crate::sync::{Arc, Mutex, MutexGuard, Weak};
#[cfg(not(feature = "test-shuttle"))]
use crate::transport::runtime::wait_until;

/// Operations are numbered within the process, so that a number is never another client's.
static NEXT_OPERATION: AtomicU64 = AtomicU64::new(1);

/// A number that nothing else has.
pub(crate) fn next_operation() -> u64 {
    NEXT_OPERATION.fetch_add(1, Ordering::Relaxed)
}

/// Where submitted operations end. Any thread may wait, and each completion goes to one of them.
///
/// A ticket is whatever the caller wants to get back with the result. Dropping a queue cancels what is outstanding and
/// drops the tickets.
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
/// An operation ends with exactly one completion. That of a keep-alive has [`KeepAliveState::Ended`] in its event. Before
/// it there are as many with other events as there is to tell.
///
/// [`KeepAliveState::Ended`]: crate::KeepAliveState::Ended
#[derive(Debug)]
pub struct Completion<T> {
    /// The number that [`Client::submit`](crate::Client::submit) or [`KeepAlive::operation`](crate::KeepAlive::operation)
    /// returned.
    pub operation: u64,
    /// What was given with the request. Each event of a keep-alive has a clone of it.
    pub ticket: T,
    /// The response, or why there is no successful one.
    pub result: Result<Response, Error>,
    /// What happened to a presence that is kept alive; `None` for any other operation.
    pub event: Option<KeepAliveEvent>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    outstanding: HashMap<u64, (T, Cancel)>,
    done: VecDeque<Completion<T>>,
    /// Events that were not taken yet: of each hold the latest.
    events: HashMap<EventKey, Completion<T>>,
    /// Their order. They are delivered before what is done, of which the end of their operation is the last.
    happened: VecDeque<EventKey>,
    /// Wakes that have not ended a wait yet.
    wakes: usize,
    closed: bool,
    /// Those that wait and have not been told of anything since, each with a number of its own.
    waiting: VecDeque<(u64, Waker)>,
    next_waiting: u64,
}

/// The operation of a keep-alive, and the number of a hold within it.
type EventKey = (u64, u64);

/// One wait, from its first look to its end.
struct Wait<'a, T> {
    shared: &'a Shared<T>,
    number: Option<u64>,
}

/// What ends a wait.
type Ended<T> = Result<Completion<T>, Error>;

/// What a task holds to complete its operation. If the task loses it, the operation completes as a bug of this library.
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
            events: HashMap::new(),
            happened: VecDeque::new(),
            wakes: 0,
            closed: false,
            waiting: VecDeque::new(),
            next_waiting: 0,
        };
        Self { shared: Arc::new(Shared { state: Mutex::new(state) }), maker: Maker::this() }
    }

    /// Takes the next completion, and waits for it up to `timeout`. `None` waits forever.
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

    /// Ends one wait, the current or else the next one, with [`Status::Woken`](crate::Status::Woken):
    /// several wakes end as many waits. Completions are delivered first.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the queue.
    pub fn wake(&self) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.change(|state| state.wakes += 1);
        Ok(())
    }

    /// Takes no new operations and cancels those outstanding. Their completions can still be waited for.
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

    /// Whether this process made the queue; in another one its locks must not be touched.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.maker.is_this()
    }

    /// Takes a ticket, or returns it if the queue is closed.
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
    /// Drops the tickets here rather than where the last task lets go, so that they are gone on return.
    fn drop(&mut self) {
        if self.close().is_err() {
            return;
        }
        let (outstanding, done, events) = {
            let mut state = self.shared.lock();
            state.happened.clear();
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
            .field("done", &state.done.len())
            .field("closed", &state.closed)
            .finish()
    }
}

impl<T> State<T> {
    /// The next thing to deliver.
    fn next(&mut self) -> Option<Completion<T>> {
        let event = self.happened.pop_front().and_then(|key| self.events.remove(&key));
        event.or_else(|| self.done.pop_front())
    }

    /// What ends a wait now.
    fn take(&mut self) -> Option<Ended<T>> {
        if let Some(completion) = self.next() {
            return Some(Ok(completion));
        }
        if self.wakes > 0 {
            self.wakes -= 1;
            return Some(Err(LocalFailure::Woken.into()));
        }
        self.has_ended().then(|| Err(LocalFailure::QueueClosed.into()))
    }

    fn has_ended(&self) -> bool {
        self.closed && self.outstanding.is_empty() && self.has() == 0
    }

    /// How many things there are to deliver.
    fn has(&self) -> usize {
        self.happened.len() + self.done.len()
    }

    /// Whom to tell that there is something: one for each thing that ends a wait, all once the queue has ended.
    fn told(&mut self) -> Vec<Waker> {
        let count = if self.has_ended() {
            self.waiting.len()
        } else {
            self.waiting.len().min(self.has() + self.wakes)
        };
        self.waiting.drain(..count).map(|(_, waker)| waker).collect()
    }
}

impl<T> Shared<T> {
    /// Changes the state and tells those that wait.
    fn change<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        let mut state = self.lock();
        let result = change(&mut state);
        let told = state.told();
        drop(state);
        told.into_iter().for_each(Waker::wake);
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

    /// Completes a keep-alive.
    pub(crate) fn end(mut self, event: KeepAliveEvent, result: Result<Response, Error>) {
        self.put(result, Some(event));
    }

    /// Reports an event of a keep-alive, which goes on. It takes the place of an event of the same hold that was not taken
    /// yet, so that a caller who takes none does not make the memory grow.
    pub(crate) fn report(&self, hold: u64, event: KeepAliveEvent, result: Result<Response, Error>)
    where
        T: Clone,
    {
        let Some(queue) = self.queue.upgrade() else { return };
        let replaced = queue.change(|state| {
            let (ticket, _) = state.outstanding.get(&self.operation)?;
            let (operation, ticket) = (self.operation, ticket.clone());
            let key = (operation, hold);
            let completion = Completion { operation, ticket, result, event: Some(event) };
            let replaced = state.events.insert(key, completion);
            if replaced.is_none() {
                state.happened.push_back(key);
            }
            replaced
        });
        drop(replaced);
    }

    fn put(&mut self, result: Result<Response, Error>, event: Option<KeepAliveEvent>) {
        self.is_complete = true;
        // A queue that is gone has dropped the ticket already.
        let Some(queue) = self.queue.upgrade() else { return };
        queue.change(|state| {
            if let Some((ticket, _)) = state.outstanding.remove(&self.operation) {
                let completion = Completion { operation: self.operation, ticket, result, event };
                state.done.push_back(completion);
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
    /// One that was told and has left in vain lets the next one know.
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

#[cfg(all(test, not(feature = "test-shuttle")))]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;
    use std::time::SystemTime;

    use super::*;
    use crate::keep_alive::KeepAliveState;

    /// How often a wait was told that there is something.
    #[derive(Default)]
    struct Told(AtomicUsize);

    impl Wake for Told {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn an_event_ends_a_wait_that_has_begun() {
        let queue = Queue::new();
        let (entry, _cancel) = queue.enter(7).map_err(|(error, _)| error).unwrap();
        let told = std::sync::Arc::new(Told::default());
        let waker = Waker::from(std::sync::Arc::clone(&told));
        let mut wait = Wait { shared: &queue.shared, number: None };
        let mut look = || Pin::new(&mut wait).poll(&mut Context::from_waker(&waker));
        assert!(look().is_pending());

        let event = KeepAliveEvent::of_all(KeepAliveState::Held, SystemTime::UNIX_EPOCH);
        entry.report(1, event, Err(LocalFailure::Cancelled.into()));

        assert_eq!(told.0.load(Ordering::SeqCst), 1);
        assert!(look().is_ready());
    }
}

/// The orders in which threads may run, tried one by one: `cargo test --features test-shuttle --lib model`.
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

    /// A ticket that counts where it ends.
    struct Ticket(Counter<AtomicU64>);

    impl Drop for Ticket {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// What a task does: it ends when it is cancelled.
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
            let place = in_flight.enter().unwrap().with_cancel(operation, cancel.clone());
            let others = in_flight.clone();
            let cancelling = thread::spawn(move || {
                others.cancel(operation);
                others.cancel(operation);
            });
            let working = thread::spawn(move || {
                block_on(cancel.wait());
                entry.complete(cancelled());
                drop(place);
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
    fn model_events_come_before_the_end_and_the_latest_of_each_hold_is_delivered() {
        use crate::keep_alive::KeepAliveState::{self, Ended, Failing, Held, Recovered};
        let event = |state| KeepAliveEvent::of_all(state, std::time::SystemTime::UNIX_EPOCH);
        let check = move || {
            let queue = Arc::new(Queue::new());
            let (entry, _) = queue.enter(7).unwrap();
            let reporting = thread::spawn(move || {
                for (hold, state) in [(1, Held), (2, Held), (1, Failing), (1, Recovered)] {
                    entry.report(hold, event(state), cancelled());
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
    fn model_closing_a_client_waits_for_every_place_or_ends_it() {
        let check = || {
            let in_flight = InFlight::new();
            let others = in_flight.clone();
            let working = thread::spawn(move || {
                if let Ok(place) = others.enter() {
                    thread::yield_now();
                    drop(place);
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
