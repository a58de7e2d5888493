//! Background work, which no caller blocks on. The first piece starts a thread that drives it when no caller drives.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::error::Error;
use crate::job;

/// How long the thread polls for more work after the last piece, if callers have driven lately. A host that alternates
/// between submitting and waiting then does not have to wake the thread each time.
const LOOKOUT: Duration = Duration::from_millis(20);

/// The outstanding work, and the state of the thread.
#[derive(Default)]
pub(super) struct Background {
    state: Mutex<State>,
    more: Condvar,
    none_left: Notify,
}

#[derive(Default)]
struct State {
    outstanding: usize,
    /// The number of pieces of work so far. It tells the thread about work that a caller has completed meanwhile.
    entered: u64,
    has_thread: bool,
    /// Whether the thread has to be woken for more work.
    is_asleep: bool,
}

/// One piece of work, which is outstanding until it is dropped.
pub(super) struct Outstanding(&'static Background);

impl Background {
    /// Counts a piece of work. The first one starts the thread, which runs `thread`.
    ///
    /// # Errors
    /// [`Status::Internal`](crate::Status::Internal) if the system cannot start a thread. The next piece of work tries
    /// again.
    pub(super) fn enter(&'static self, thread: fn()) -> Result<Outstanding, Error> {
        let mut state = self.lock();
        if !state.has_thread {
            job::start(thread)?;
            state.has_thread = true;
        }
        state.outstanding += 1;
        state.entered += 1;
        if std::mem::take(&mut state.is_asleep) {
            self.more.notify_one();
        }
        Ok(Outstanding(self))
    }

    /// Waits until work is outstanding. Returns whether callers have driven lately.
    pub(super) fn wait_for_work(&self, mut have_callers_driven: bool) -> bool {
        loop {
            if have_callers_driven {
                self.look_out();
            }
            let mut state = self.lock();
            if state.outstanding > 0 {
                return have_callers_driven;
            }
            state.is_asleep = true;
            drop(self.more.wait(state).unwrap_or_else(PoisonError::into_inner));
            have_callers_driven = self.is_idle(); // a caller has completed the work meanwhile
        }
    }

    /// Polls until work is outstanding, or until there has been none for a while.
    fn look_out(&self) {
        let (mut seen, mut since) = (self.lock().entered, Instant::now());
        while self.is_idle() && since.elapsed() < LOOKOUT {
            thread::sleep(LOOKOUT / 20);
            let entered = self.lock().entered;
            if entered != seen {
                (seen, since) = (entered, Instant::now());
            }
        }
    }

    /// Ends when no work is outstanding.
    pub(super) async fn none_left(&self) {
        while !self.is_idle() {
            self.none_left.notified().await;
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.lock().outstanding == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Outstanding {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.outstanding -= 1;
        let is_last = state.outstanding == 0;
        drop(state);
        if is_last {
            self.0.none_left.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::runtime;

    #[test]
    fn work_is_outstanding_until_the_last_of_it_is_dropped() {
        let background: &'static Background = Box::leak(Box::default());
        assert!(background.is_idle());
        let (first, second) = (background.enter(|| ()).unwrap(), background.enter(|| ()).unwrap());
        drop(first);
        assert!(!background.is_idle());
        drop(second);
        assert!(background.is_idle());
        runtime::block_on(background.none_left()).unwrap();

        let third = background.enter(|| ()).unwrap();
        assert!(!background.is_idle());
        background.wait_for_work(false);
        drop(third);
        assert!(background.is_idle());
    }
}
