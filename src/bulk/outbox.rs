//! The outstanding batched operations of one client, behind one lock. No code of the host runs while the lock is held:
//! the functions to call are returned to the caller.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::failure::BatchFailure;
use super::health::Sign;
use super::schedule::{Again, Departure, Facts, Fate, Next, Schedule, Wait};
use crate::error::Error;
use crate::response::Response;
use crate::sync::{Mutex, MutexGuard};

/// The most operations that a client has outstanding. Each takes about 2 KB. A tenth as many would keep all connections
/// busy.
pub(crate) const MOST_OUTSTANDING: usize = 4000;

/// Receives the result of an operation.
pub(super) type Finish = Box<dyn FnOnce(Result<Response, Error>) + Send>;

#[derive(Debug)]
pub(super) struct Outbox<G, W>(Mutex<State<G, W>>);

struct State<G, W> {
    schedule: Schedule<G, W>,
    finishes: HashMap<u64, Slot>,
    flights: HashMap<u64, Flight>,
    last_flight: u64,
    /// How many of the [`MOST_OUTSTANDING`] places are taken.
    taken: usize,
    /// Whether a driver runs.
    is_driven: bool,
}

struct Slot {
    finish: Finish,
    has_place: bool,
    /// The batch in which the operation is in flight.
    flight: Option<u64>,
}

/// A batch in flight.
struct Flight {
    /// The number of its operations that have not been cancelled.
    wanted: usize,
    unwanted: Arc<Notify>,
}

/// Identifies a batch in flight, and notifies when all of its operations have been cancelled.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    number: u64,
    unwanted: Arc<Notify>,
}

impl Ticket {
    /// Returns when all operations of the batch have been cancelled.
    pub(super) async fn unwanted(&self) {
        self.unwanted.notified().await;
    }
}

/// One of the [`MOST_OUTSTANDING`] places. It is free again when the operation ends.
#[derive(Debug)]
pub(super) struct Place(());

/// What the caller has to do after it has added an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Then {
    /// Start a driver.
    Drive,
    /// Notify the driver.
    Notify,
    Nothing,
}

/// What becomes of an operation that was sent.
pub(super) enum Ended<W> {
    Done(Result<Response, Error>),
    Again(Again<W>),
}

pub(super) enum Step<G, W, P> {
    Send(Departure<G, W, P>, Ticket),
    Wait(Option<Instant>),
    /// No operation is left, and the driver ends.
    Over,
}

impl<G: Clone + Hash + Ord, W> Outbox<G, W> {
    pub(super) fn new(most_in_flight: usize) -> Self {
        let schedule = Schedule::new(most_in_flight);
        let (finishes, flights) = (HashMap::new(), HashMap::new());
        let (last_flight, taken, is_driven) = (0, 0, false);
        Self(Mutex::new(State { schedule, finishes, flights, last_flight, taken, is_driven }))
    }

    /// Takes a place for one operation.
    pub(super) fn place(&self) -> Result<Place, BatchFailure> {
        let mut state = self.lock();
        if state.taken >= MOST_OUTSTANDING {
            return Err(BatchFailure::Full { limit: MOST_OUTSTANDING });
        }
        state.taken += 1;
        Ok(Place(()))
    }

    /// Returns a place that is not needed.
    pub(super) fn give_back(&self, Place(()): Place) {
        self.lock().taken -= 1;
    }

    /// Adds an operation. One without a place is not one of the [`MOST_OUTSTANDING`].
    pub(super) fn add(
        &self,
        operation: u64,
        (facts, work, give_up): (Facts<G>, W, Instant),
        place: Option<Place>,
        finish: Finish,
        now: Instant,
    ) -> Then {
        let mut state = self.lock();
        state.finishes.insert(operation, Slot { finish, has_place: place.is_some(), flight: None });
        let changes_what_leaves = state.schedule.add(operation, facts, work, give_up, now);
        let was_driven = std::mem::replace(&mut state.is_driven, true);
        match (was_driven, changes_what_leaves) {
            (false, _) => Then::Drive,
            (true, true) => Then::Notify,
            (true, false) => Then::Nothing,
        }
    }

    /// What the driver has to do next.
    pub(super) fn step<P>(
        &self,
        now: Instant,
        places: impl FnMut(&G, usize) -> Result<(P, usize), Option<Instant>>,
    ) -> Step<G, W, P> {
        let mut state = self.lock();
        if state.schedule.is_empty() {
            state.is_driven = false;
            return Step::Over;
        }
        match state.schedule.next(now, places) {
            Next::Send(departure) => {
                let ticket = state.register_flight(&departure);
                Step::Send(departure, ticket)
            }
            Next::Wait(until) => Step::Wait(until),
        }
    }

    /// Records the end of a batch. Returns the operations that have ended, with their results.
    pub(super) fn batch_ended(
        &self,
        (group, ticket): (&G, &Ticket),
        sign: Sign,
        ends: Vec<(u64, Ended<W>)>,
        now: Instant,
    ) -> Vec<(Finish, Result<Response, Error>)> {
        let mut state = self.lock();
        state.flights.remove(&ticket.number);
        let (mut fates, mut finished) =
            (Vec::with_capacity(ends.len()), Vec::with_capacity(ends.len()));
        for (operation, end) in ends {
            let fate = match end {
                Ended::Again(again) => match state.finishes.get_mut(&operation) {
                    Some(slot) => {
                        slot.flight = None;
                        Fate::Again(again)
                    }
                    // It was cancelled meanwhile, so it is not sent again.
                    None => Fate::Ended,
                },
                Ended::Done(result) => {
                    finished.extend(state.finish(operation).map(|finish| (finish, result)));
                    Fate::Ended
                }
            };
            fates.push((operation, fate));
        }
        state.schedule.batch_ended(group, sign, fates, now);
        finished
    }

    /// Removes the operations that have waited too long. For each it tells what it waited for.
    pub(super) fn expired(&self, now: Instant) -> Vec<(Finish, W, Wait<G>)> {
        let mut state = self.lock();
        let expired = state.schedule.expired(now);
        let with_finish = |(operation, work, wait)| Some((state.finish(operation)?, work, wait));
        expired.into_iter().filter_map(with_finish).collect()
    }

    /// Whether an operation is to be sent with its batch: not if it was removed meanwhile. One that is removed later
    /// finds what `attempt` counted.
    pub(super) fn sends(&self, operation: u64, attempt: impl FnOnce()) -> bool {
        let state = self.lock();
        let is_wanted = state.finishes.contains_key(&operation);
        if is_wanted {
            attempt();
        }
        is_wanted
    }

    /// Removes one operation. If its batch was sent already, its result is ignored.
    pub(super) fn remove(&self, operation: u64, now: Instant) -> Option<Finish> {
        let mut state = self.lock();
        let work = state.schedule.remove(operation, now);
        let finish = state.finish(operation);
        drop(state);
        drop(work);
        finish
    }

    /// Removes the operations of a group that are not in flight and were added before a moment.
    pub(super) fn remove_group(
        &self,
        group: &G,
        before: Instant,
        now: Instant,
    ) -> Vec<(Finish, W)> {
        let mut state = self.lock();
        let removed = state.schedule.remove_group(group, before, now);
        let with_finish = |(operation, work)| Some((state.finish(operation)?, work));
        removed.into_iter().filter_map(with_finish).collect()
    }

    /// Removes all operations.
    pub(super) fn remove_all(&self, now: Instant) -> Vec<Finish> {
        let operations: Vec<u64> = self.lock().finishes.keys().copied().collect();
        operations.into_iter().filter_map(|operation| self.remove(operation, now)).collect()
    }

    /// Sends everything that was added so far, without waiting for full batches.
    pub(super) fn flush(&self) {
        self.lock().schedule.flush();
    }

    /// The number of operations that are not in flight.
    pub(super) fn waiting(&self) -> usize {
        self.lock().schedule.waiting()
    }

    fn lock(&self) -> MutexGuard<'_, State<G, W>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<G, W> State<G, W> {
    fn finish(&mut self, operation: u64) -> Option<Finish> {
        let Slot { finish, has_place, flight } = self.finishes.remove(&operation)?;
        self.taken -= usize::from(has_place);
        // The flight is gone once its batch has ended.
        if let Some(flight) = flight.and_then(|number| self.flights.get_mut(&number)) {
            flight.wanted -= 1;
            if flight.wanted == 0 {
                flight.unwanted.notify_one();
            }
        }
        Some(finish)
    }

    fn register_flight<P>(&mut self, departure: &Departure<G, W, P>) -> Ticket {
        self.last_flight += 1;
        let (number, unwanted) = (self.last_flight, Arc::new(Notify::new()));
        for (operation, _) in &departure.work {
            if let Some(slot) = self.finishes.get_mut(operation) {
                slot.flight = Some(number);
            }
        }
        let flight = Flight { wanted: departure.work.len(), unwanted: Arc::clone(&unwanted) };
        self.flights.insert(number, flight);
        Ticket { number, unwanted }
    }
}

impl<G, W> std::fmt::Debug for State<G, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("taken", &self.taken).finish_non_exhaustive()
    }
}

/// Model checks with shuttle, which runs the threads in many orders: `cargo test --features test-shuttle --lib model`.
#[cfg(all(test, feature = "test-shuttle"))]
mod model {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use shuttle::thread;

    use super::*;
    use crate::bulk::order::Access;
    use crate::error::LocalFailure;

    const ORDERS: usize = 2000;
    const OPERATIONS: u64 = 3;
    const LONG: Duration = Duration::from_secs(1000);

    type Shared = Arc<Outbox<(), u64>>;
    type Ends = Arc<Vec<AtomicU32>>;

    fn cancelled() -> Result<Response, Error> {
        Err(LocalFailure::Cancelled.into())
    }

    /// A driver: each batch ends when it has been sent.
    fn drive(outbox: &Shared) {
        loop {
            // Late enough for every batch to be sent.
            let now = Instant::now() + LONG / 2;
            match outbox.step(now, |(), count| Ok(((), count))) {
                Step::Over => return,
                Step::Wait(_) => thread::yield_now(),
                Step::Send(batch, ticket) => {
                    thread::yield_now();
                    let end = |(operation, _)| (operation, Ended::Done(cancelled()));
                    let ends = batch.work.into_iter().map(end).collect();
                    let finished = outbox.batch_ended((&(), &ticket), Sign::Up, ends, now);
                    finished.into_iter().for_each(|(finish, result)| finish(result));
                }
            }
        }
    }

    /// Adds operations of one user, and starts a driver when none runs.
    fn add(outbox: &Shared, ends: &Ends) {
        let mut driving = Vec::new();
        for operation in 1..=OPERATIONS {
            let (user, access) = (Some("adele".into()), Access::Write);
            let facts = Facts { group: (), user, access, is_urgent: false, is_alone: false };
            let (now, ends) = (Instant::now(), Arc::clone(ends));
            let finish: Finish = Box::new(move |_| {
                ends[operation as usize].fetch_add(1, Ordering::SeqCst);
            });
            let place = outbox.place().ok();
            let taken = (facts, operation, now + LONG);
            if outbox.add(operation, taken, place, finish, now) == Then::Drive {
                let outbox = Arc::clone(outbox);
                driving.push(thread::spawn(move || drive(&outbox)));
            }
        }
        driving.into_iter().for_each(|thread| thread.join().unwrap());
    }

    #[test]
    fn model_each_operation_ends_once_while_others_are_added_and_cancelled() {
        let check = || {
            let outbox: Shared = Arc::new(Outbox::new(2));
            let ends: Ends = Arc::new((0..=OPERATIONS).map(|_| AtomicU32::new(0)).collect());
            let (other, all) = (Arc::clone(&outbox), Arc::clone(&ends));
            let adding = thread::spawn(move || add(&other, &all));
            for operation in 1..=OPERATIONS {
                if let Some(finish) = outbox.remove(operation, Instant::now()) {
                    finish(cancelled());
                }
            }
            adding.join().unwrap();
            assert!(ends[1..].iter().all(|ends| ends.load(Ordering::SeqCst) == 1), "{ends:?}");
            let state = outbox.lock();
            assert_eq!((state.taken, state.is_driven), (0, false));
            assert!(state.finishes.is_empty() && state.schedule.is_empty());
        };
        shuttle::check_random(check, ORDERS);
        shuttle::check_pct(check, ORDERS, 3);
    }
}
