//! Gives each new refresh token to the host, on a thread of its own, so that a slow host does not hold up a sign-in.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::callback::ask;
use crate::error::Error;
use crate::job::Job;
use crate::process::PerProcess;
use crate::token::Secret;

type Told = dyn Fn(Option<&str>) + Send + Sync;

/// The host's function for refresh tokens, and the tokens that it has not received yet.
pub(super) struct Handover {
    told: Box<Told>,
    /// One for each process, since the thread does not exist after a fork.
    state: PerProcess<Mutex<State>>,
}

#[derive(Default)]
struct State {
    untold: VecDeque<Option<Secret>>,
    /// Whether a thread will deliver what is added.
    is_telling: bool,
    /// That thread, or the last one. The host's function is in use until it ends.
    thread: Option<Job<()>>,
}

impl Handover {
    pub(super) fn new(told: impl Fn(Option<&str>) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { told: Box::new(told), state: PerProcess::new() })
    }

    /// Gives the host its new refresh token, or `None` if the last one has expired. Calls are in order, one at a time.
    pub(super) fn tell(self: &Arc<Self>, refresh_token: Option<Secret>) {
        let mut state = self.lock();
        state.untold.push_back(refresh_token);
        if std::mem::replace(&mut state.is_telling, true) {
            return;
        }
        let this = Arc::clone(self);
        match Job::start(move || this.tell_all()) {
            Ok(job) => state.thread = Some(job),
            // Without another thread, use this one, the thread of a sign-in, which may block.
            Err(_) => {
                drop(state);
                let _ = self.tell_all();
            }
        }
    }

    /// The thread that delivers, if there was ever a token. When it ends, the host has received every token.
    pub(super) fn thread(&self) -> Option<Job<()>> {
        self.lock().thread.clone()
    }

    fn tell_all(&self) -> Result<(), Error> {
        while let Some(refresh_token) = self.next() {
            // The sign-in succeeds even if the host fails to store the token.
            let _ = ask("its callback for refresh tokens", || {
                (self.told)(refresh_token.as_ref().map(Secret::as_str));
                Ok(())
            });
        }
        Ok(())
    }

    fn next(&self) -> Option<Option<Secret>> {
        let mut state = self.lock();
        let next = state.untold.pop_front();
        state.is_telling = next.is_some();
        next
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.get().lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handover").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::transport::runtime;

    #[test]
    fn the_host_receives_each_token_in_order_one_call_at_a_time() {
        let (told, (gate, opened)) = (Arc::new(Mutex::new(Vec::new())), mpsc::channel::<()>());
        let (list, opened) = (Arc::clone(&told), Mutex::new(opened));
        let handover = Handover::new(move |token| {
            let opened = opened.try_lock().expect("one call at a time");
            let _ = opened.recv();
            list.lock().unwrap().push(token.map(String::from));
        });
        for token in [Some("first"), None, Some("second")] {
            handover.tell(token.map(Secret::new));
        }
        let thread = handover.thread().unwrap();
        drop(gate);
        runtime::block_on(thread.end()).unwrap().unwrap();
        let expected = [Some("first".into()), None, Some("second".into())];
        assert_eq!(*told.lock().unwrap(), expected);
    }

    #[test]
    fn a_host_that_panics_receives_the_next_token() {
        let (told, list) = mpsc::channel();
        let handover = Handover::new(move |token| {
            told.send(token.map(String::from)).unwrap();
            assert!(token.is_some(), "on purpose");
        });
        handover.tell(None);
        handover.tell(Some(Secret::new("next")));
        assert_eq!(list.iter().take(2).collect::<Vec<_>>(), [None, Some("next".into())]);
    }
}
