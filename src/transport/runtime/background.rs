//! Work that no caller waits for: counted, and driven by a thread that is started with the first of it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::error::Error;
use crate::job;

/// What is outstanding, and whether there is a thread for it.
#[derive(Default)]
pub(super) struct Background {
    state: Mutex<State>,
    more: Condvar,
    none_left: Notify,
}

#[derive(Default)]
struct State {
    outstanding: usize,
    has_thread: bool,
}

/// One piece of work; outstanding until it is dropped.
pub(super) struct Outstanding(&'static Background);

impl Background {
    /// Counts a piece of work. The first one starts the thread, whose life is `thread`.
    ///
    /// # Errors
    /// [`Status::Internal`](crate::Status::Internal) where the system has no thread to give; the next one tries again.
    pub(super) fn enter(&'static self, thread: fn()) -> Result<Outstanding, Error> {
        let mut state = self.lock();
        if !state.has_thread {
            job::start(thread)?;
            state.has_thread = true;
        }
        state.outstanding += 1;
        if state.outstanding == 1 {
            self.more.notify_one();
        }
        Ok(Outstanding(self))
    }

    /// Parks until work is outstanding.
    pub(super) fn wait_for_work(&self) {
        let mut state = self.lock();
        while state.outstanding == 0 {
            state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
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
