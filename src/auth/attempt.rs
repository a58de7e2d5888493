//! One sign-in under way, on a thread of its own: what it is to bring, and how it ends early.

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;

use crate::error::{Error, LocalFailure};
use crate::transport::runtime;

/// What a sign-in knows of the request that it is for.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// What the service wants to see in the token, as JSON, after a claims challenge.
    pub(super) claims: Option<String>,
    /// Whether a request waits. A renewal in the background must not open a browser.
    pub(super) may_prompt: bool,
    cancelled: watch::Receiver<bool>,
}

/// Ends a sign-in early when it is told to.
pub(super) type Cancel = watch::Sender<bool>;

impl Attempt {
    pub(super) fn new(claims: Option<String>, may_prompt: bool) -> (Self, Cancel) {
        let (cancel, cancelled) = watch::channel(false);
        (Self { claims, may_prompt, cancelled }, cancel)
    }

    /// Fails when the sign-in has been cancelled.
    pub(super) fn check(&self) -> Result<(), Error> {
        match *self.cancelled.borrow() {
            true => Err(LocalFailure::Cancelled.into()),
            false => Ok(()),
        }
    }

    /// Waits for I/O on this thread, but not beyond a cancellation.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut result = None;
        self.run(Box::pin(async { result = Some(work.await) }))?;
        result.ok_or_else(|| LocalFailure::Cancelled.into())
    }

    /// Once for all kinds of work: what is made for each of them anew adds up. It owns the work, since what holds a
    /// connection must be dropped where I/O runs.
    fn run(&self, work: Pin<Box<dyn Future<Output = ()> + '_>>) -> Result<(), Error> {
        runtime::block_on(async move {
            tokio::select! {
                biased;
                () = cancelled(self.cancelled.clone()) => {}
                () = work => {}
            }
        })
    }

    pub(super) fn pause(&self, time: Duration) -> Result<(), Error> {
        self.wait(async move { tokio::time::sleep(time).await })
    }
}

/// Ends when a sign-in is cancelled, and never if another one has taken its place.
pub(super) async fn cancelled(mut told: watch::Receiver<bool>) {
    if told.wait_for(|is| *is).await.is_err() {
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::runtime::tests::Witness;

    #[test]
    fn what_a_cancelled_sign_in_was_doing_is_dropped_within_the_runtime() {
        let (attempt, cancel) = Attempt::new(None, true);
        cancel.send(true).unwrap();
        let (told, heard) = std::sync::mpsc::channel();
        let witness = Witness(told);
        let result = attempt.wait(async move {
            let _witness = &witness;
            pending::<()>().await;
        });
        assert_eq!(result.unwrap_err().status(), crate::Status::Cancelled);
        assert_eq!(heard.recv(), Ok(true));
    }
}
