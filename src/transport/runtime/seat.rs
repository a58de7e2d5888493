//! Who drives the runtime: one thread at a time. The others wait beside it, and one of them takes over when it leaves.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// The driver's seat, and those who wait for it.
#[derive(Default)]
pub(super) struct Seat(Mutex<State>);

#[derive(Default)]
struct State {
    is_taken: bool,
    /// The last one takes over.
    waiting: Vec<Thread>,
}

/// This thread drives, until this is dropped.
pub(super) struct Driving<'a>(&'a Seat);

/// This thread is unparked when the seat is free, until this is dropped.
pub(super) struct Waiting<'a>(&'a Seat);

/// Who asks for the seat.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Who {
    Caller,
    /// The background thread comes last: a caller that drives saves itself two changes of thread.
    Background,
}

impl Seat {
    /// The seat, if it is free.
    pub(super) fn take(&self) -> Option<Driving<'_>> {
        let is_free = !std::mem::replace(&mut self.lock().is_taken, true);
        is_free.then(|| Driving(self))
    }

    /// Has this thread unparked when the seat becomes free. Ask for the seat once more before parking.
    pub(super) fn wait(&self, who: Who) -> Waiting<'_> {
        let waiting = &mut self.lock().waiting;
        match who {
            Who::Caller => waiting.push(thread::current()),
            Who::Background => waiting.insert(0, thread::current()),
        }
        Waiting(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn call_next(&self) {
        if let Some(next) = self.waiting.last().filter(|_| !self.is_taken) {
            next.unpark();
        }
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_taken = false;
        state.call_next();
    }
}

impl Drop for Waiting<'_> {
    /// A thread that was called and no longer wants the seat calls the next one.
    fn drop(&mut self) {
        let this = thread::current().id();
        let mut state = self.0.lock();
        state.waiting.retain(|thread| thread.id() != this);
        state.call_next();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn one_thread_drives_at_a_time() {
        let seat = Seat::default();
        let driving = seat.take();
        assert!(driving.is_some() && seat.take().is_none());
        drop(driving);
        assert!(seat.take().is_some());
    }

    #[test]
    fn who_leaves_calls_a_caller_before_the_background_thread() {
        let seat = Seat::default();
        let driving = seat.take();
        let waiting = [seat.wait(Who::Caller), seat.wait(Who::Background)];
        assert_eq!(seat.lock().waiting.len(), 2);
        drop(driving);
        thread::park_timeout(SOON); // returns at once: this thread was called
        assert!(seat.take().is_some());
        drop(waiting);
        assert!(seat.lock().waiting.is_empty());
    }

    #[test]
    fn who_was_called_and_leaves_calls_the_next() {
        let seat = Seat::default();
        thread::scope(|scope| {
            let next = scope.spawn(|| {
                let _waiting = seat.wait(Who::Caller);
                while seat.take().is_none() {
                    thread::park_timeout(SOON);
                }
            });
            let driving = seat.take();
            let waiting = seat.wait(Who::Caller);
            drop(driving);
            drop(waiting);
            next.join().unwrap();
        });
    }
}
