//! One sign-in under way, on a thread of its own: which token it should get, and how it is cancelled.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::AuthFailure;
use crate::error::{Error, LocalFailure};
use crate::transport::runtime;

/// The parameters of one sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The claims that the token must have, as JSON, after a claims challenge.
    pub(super) claims: Option<String>,
    /// Whether a request waits for the token. A renewal in the background must not open a browser.
    pub(super) may_prompt: bool,
    has_asked: Arc<AtomicBool>,
    /// When the person's time has run out.
    end: Option<Instant>,
    cancelled: watch::Receiver<bool>,
}

/// Cancels a sign-in.
pub(super) type Cancel = watch::Sender<bool>;

impl Attempt {
    pub(super) fn new(claims: Option<String>, may_prompt: bool) -> (Self, Cancel) {
        let (cancel, cancelled) = watch::channel(false);
        (Self { claims, may_prompt, has_asked: Arc::default(), end: None, cancelled }, cancel)
    }

    /// The same sign-in, in which nothing takes longer than the person's time.
    pub(super) fn until(&self, end: Instant) -> Self {
        Self { end: Some(end), ..self.clone() }
    }

    /// Notes that a person is asked.
    pub(super) fn asks(&self) {
        self.has_asked.store(true, Ordering::Relaxed);
    }

    /// Whether a person was asked.
    pub(super) fn has_asked(&self) -> bool {
        self.has_asked.load(Ordering::Relaxed)
    }

    /// Fails if the sign-in has been cancelled.
    pub(super) fn check(&self) -> Result<(), Error> {
        match *self.cancelled.borrow() {
            true => Err(LocalFailure::Cancelled.into()),
            false => Ok(()),
        }
    }

    /// Waits for I/O on this thread until it is done, the sign-in is cancelled or the person's time has run out.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut result = None;
        self.run(Box::pin(async { result = Some(work.await) }))?;
        match result {
            Some(result) => Ok(result),
            None => self.check().and(Err(AuthFailure::PersonLate.into())),
        }
    }

    /// The part of `wait` that is not generic, so that it is compiled once. It owns the work, because a connection must
    /// be dropped within the runtime.
    fn run(&self, work: Pin<Box<dyn Future<Output = ()> + '_>>) -> Result<(), Error> {
        runtime::block_on(async move {
            tokio::select! {
                biased;
                () = cancelled(self.cancelled.clone()) => {}
                () = work => {}
                () = over(self.end) => {}
            }
        })
    }

    pub(super) fn pause(&self, time: Duration) -> Result<(), Error> {
        self.wait(async move { tokio::time::sleep(time).await })
    }
}

/// Returns when a sign-in is cancelled; never if another sign-in has replaced it.
pub(super) async fn cancelled(mut told: watch::Receiver<bool>) {
    if told.wait_for(|is| *is).await.is_err() {
        pending::<()>().await;
    }
}

/// Returns at a moment; never without one.
async fn over(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end.into()).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::runtime::tests::Witness;

    #[test]
    fn the_work_of_a_cancelled_sign_in_is_dropped_within_the_runtime() {
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
