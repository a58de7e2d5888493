//! Decides which thread drives the runtime. One thread drives at a time. Callers that block have priority: while one
//! drives, the others wait, and one of them takes over when it leaves. The background thread drives when no caller
//! does.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long no caller has to drive before the background thread takes over. A host that handles one completion after
/// another returns sooner, and avoids two changes of thread for each.
const AWAY: Duration = Duration::from_millis(1);

/// The seat of the driving thread, and the threads that wait for it.
#[derive(Default)]
pub(super) struct Seat(Mutex<State>);

#[derive(Default)]
struct State {
    driver: Option<Who>,
    /// The callers that wait. The last one takes over.
    callers: Vec<Thread>,
    /// Wakes the background thread while it drives.
    displace: Option<Waker>,
    /// The background thread while it waits for a caller to leave.
    background: Option<Thread>,
    /// The number of times that callers have taken the seat.
    taken: u64,
    /// Whether those that drive, one after the other without a pause, have looked for events.
    has_looked: bool,
    /// When the seat was left.
    left: Option<Instant>,
}

/// Who drives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Who {
    Caller,
    Background,
}

/// The right to drive, until it is dropped.
pub(super) struct Driving<'a>(&'a Seat);

/// A caller that waits for the seat, until it is dropped.
pub(super) struct Waiting<'a>(&'a Seat);

impl Seat {
    /// The seat, if it is free.
    pub(super) fn take(&self, who: Who) -> Option<Driving<'_>> {
        let mut state = self.lock();
        if state.driver.is_some() {
            return None;
        }
        state.driver = Some(who);
        state.has_looked &= state.left.is_some_and(|left| left.elapsed() < AWAY);
        state.taken += u64::from(who == Who::Caller);
        Some(Driving(self))
    }

    /// Whether the runtime has looked for events since it was last left alone. If not, a connection may look open that the
    /// server has closed, or idle although the server has sent something.
    pub(super) fn has_looked(&self) -> bool {
        self.lock().has_looked
    }

    /// Notes that the runtime has looked for events.
    pub(super) fn looked(&self) {
        let mut state = self.lock();
        state.has_looked = state.driver.is_some();
    }

    /// Registers this caller, so that it is unparked when the seat becomes free. Try to take the seat once more before
    /// parking.
    pub(super) fn wait(&self) -> Waiting<'_> {
        let mut state = self.lock();
        state.callers.push(thread::current());
        let displace = state.displace.take();
        drop(state);
        if let Some(background) = displace {
            background.wake();
        }
        Waiting(self)
    }

    /// For the background thread while it drives: ready when a caller waits for the seat.
    pub(super) fn poll_wanted(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if !state.callers.is_empty() {
            return Poll::Ready(());
        }
        state.displace = Some(context.waker().clone());
        Poll::Pending
    }

    /// For the background thread: waits until no caller has driven for a while, or until `enough` returns true.
    pub(super) fn wait_until_left(&self, enough: impl Fn() -> bool) {
        let mut seen = None;
        while !enough() {
            let mut state = self.lock();
            let is_same = seen.replace(state.taken) == Some(state.taken);
            match (state.driver, is_same) {
                (None, true) => return,
                (Some(_), true) => {
                    state.background = Some(thread::current());
                    drop(state);
                    self.park_until_called();
                }
                (_, false) => {
                    drop(state);
                    thread::park_timeout(AWAY);
                }
            }
        }
    }

    fn park_until_called(&self) {
        while self.lock().background.is_some() {
            thread::park();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn call_next(&mut self) {
        if self.driver.is_some() {
            return;
        }
        match self.callers.last() {
            Some(caller) => caller.unpark(),
            None => self.background.take().iter().for_each(Thread::unpark),
        }
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.driver = None;
        state.displace = None;
        state.left = Some(Instant::now());
        state.call_next();
    }
}

impl Drop for Waiting<'_> {
    /// If this caller was unparked but does not take the seat, unparks the next one.
    fn drop(&mut self) {
        let this = thread::current().id();
        let mut state = self.0.lock();
        state.callers.retain(|caller| caller.id() != this);
        state.call_next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn one_thread_drives_at_a_time() {
        let seat = Seat::default();
        let driving = seat.take(Who::Caller);
        assert!(driving.is_some() && seat.take(Who::Background).is_none());
        drop(driving);
        assert!(seat.take(Who::Background).is_some());
    }

    #[test]
    fn a_driver_that_leaves_unparks_a_caller() {
        let seat = Seat::default();
        let driving = seat.take(Who::Caller);
        let waiting = seat.wait();
        drop(driving);
        thread::park_timeout(SOON); // returns at once
        assert!(seat.take(Who::Caller).is_some());
        drop(waiting);
        assert!(seat.lock().callers.is_empty());
    }

    #[test]
    fn a_caller_that_leaves_without_driving_unparks_the_next() {
        let seat = Seat::default();
        thread::scope(|scope| {
            let next = scope.spawn(|| {
                let _waiting = seat.wait();
                while seat.take(Who::Caller).is_none() {
                    thread::park_timeout(SOON);
                }
            });
            let driving = seat.take(Who::Caller);
            let waiting = seat.wait();
            drop(driving);
            drop(waiting);
            next.join().unwrap();
        });
    }

    #[test]
    fn a_caller_displaces_the_background_thread() {
        let seat = Seat::default();
        let context = Context::from_waker(Waker::noop());
        let driving = seat.take(Who::Background);
        assert!(seat.poll_wanted(&context).is_pending());
        let _waiting = seat.wait();
        assert!(seat.poll_wanted(&context).is_ready());
        drop(driving);
        assert!(seat.take(Who::Caller).is_some());
    }

    #[test]
    fn the_background_thread_waits_until_no_caller_has_driven_for_a_while() {
        let seat = Seat::default();
        let driving = seat.take(Who::Caller);
        thread::scope(|scope| {
            let background = scope.spawn(|| seat.wait_until_left(|| false));
            while seat.lock().background.is_none() {
                thread::yield_now(); // this caller drives so long that the background thread waits for it to leave
            }
            drop(driving);
            background.join().unwrap();
        });
        thread::park_timeout(Duration::ZERO); // consumes a pending unpark of this thread
        let began = Instant::now();
        seat.wait_until_left(|| false);
        assert!(began.elapsed() >= AWAY);
        seat.wait_until_left(|| true);
    }

    #[test]
    fn what_was_looked_for_is_known_until_nobody_has_driven_for_a_while() {
        let seat = Seat::default();
        seat.looked();
        assert!(!seat.has_looked(), "no thread drives");

        let first = seat.take(Who::Caller).unwrap();
        assert!(!seat.has_looked());
        seat.looked();
        assert!(seat.has_looked());
        drop(first);
        let hour = Duration::from_secs(3600);
        let left = seat.lock().left.unwrap();
        seat.lock().left = Some(left + hour); // as if no time had passed since
        let next = seat.take(Who::Caller).unwrap();
        assert!(seat.has_looked());
        drop(next);
        seat.lock().left = left.checked_sub(AWAY);
        let _later = seat.take(Who::Background).unwrap();
        assert!(!seat.has_looked());
    }
}
