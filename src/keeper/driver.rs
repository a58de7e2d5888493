//! The task of a keep-alive: it sends what is due, and waits for what happens next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::report::Report;
use super::roll::{Next, Reported, Roll};
use crate::client::Client;
use crate::error::{Error, LocalFailure};
use crate::in_flight::{Cancel, Running};
use crate::keep_alive::{HoldId, KeepAliveEvent, KeepAliveState, Work};
use crate::response::Response;

/// How often the clocks are compared: a machine that slept is noticed within this.
const TICK: Duration = Duration::from_secs(5);
/// How long to sleep while nothing is held.
const LONG: Duration = Duration::from_secs(3600);

/// What the handle and the tasks of a keep-alive share.
pub(super) struct Shared {
    client: Client,
    roll: Mutex<Roll>,
    /// There may be something to do.
    changed: Notify,
    /// `None` once the last event was reported.
    report: Mutex<Option<Box<dyn Report>>>,
}

impl Shared {
    pub(super) fn new(client: Client, roll: Roll, report: Box<dyn Report>) -> Self {
        let (roll, report) = (Mutex::new(roll), Mutex::new(Some(report)));
        Self { client, roll, changed: Notify::new(), report }
    }

    /// Uses the roll, reports what follows from that, and wakes the task.
    pub(super) fn with_roll<R>(&self, work: impl FnOnce(&mut Roll) -> R) -> R {
        let mut roll = self.roll();
        let result = work(&mut roll);
        let events = roll.events(None);
        self.report(roll, events);
        self.changed.notify_one();
        result
    }

    pub(super) fn roll(&self) -> MutexGuard<'_, Roll> {
        self.roll.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs until everything has stopped, the operation is cancelled or the client ends it.
    pub(super) async fn run(self: Arc<Self>, running: Running, cancel: Cancel) {
        let (running, mut attempts) = (Arc::new(running), JoinSet::new());
        let end = tokio::select! {
            biased;
            () = cancel.wait() => LocalFailure::Cancelled,
            () = running.ended() => LocalFailure::ClientClosed,
            end = self.work(&running, &mut attempts) => end,
        };
        // What is in flight ends here and not when the next call happens to drive: it holds the client.
        attempts.shutdown().await;
        let mut roll = self.roll();
        roll.abandon();
        let event = KeepAliveEvent::of_all(KeepAliveState::Ended, roll.wall());
        drop(roll);
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(report) = report {
            report.end(event, end.into());
        }
        // Last, so that a close of the client returns only when every event is in its queue.
        drop(running);
    }

    /// Sends what is due until everything has stopped.
    async fn work(
        self: &Arc<Self>,
        running: &Arc<Running>,
        attempts: &mut JoinSet<()>,
    ) -> LocalFailure {
        let mut is_closing = false;
        loop {
            let wait = self.send_all(attempts, running);
            if self.roll().has_ended() {
                let closed = LocalFailure::ClientClosed;
                return if is_closing { closed } else { LocalFailure::Cancelled };
            }
            let sleep = self.roll().clock.sleep(wait);
            tokio::select! {
                () = self.changed.notified() => {}
                () = sleep => {}
                Some(_) = attempts.join_next() => {}
                () = running.closing(), if !is_closing => {
                    is_closing = true;
                    self.with_roll(Roll::stop);
                }
            }
        }
    }

    /// Sends all that is due. Returns how long to wait for the next.
    fn send_all(self: &Arc<Self>, attempts: &mut JoinSet<()>, running: &Arc<Running>) -> Duration {
        loop {
            let mut roll = self.roll();
            let next = roll.next();
            let events = roll.events(None);
            self.report(roll, events);
            match next {
                Next::Send { hold, work, request } => {
                    let (shared, running) = (Arc::clone(self), Arc::clone(running));
                    attempts.spawn(async move {
                        let result = shared.client.run_within(*request, &running).await;
                        shared.finished(hold, work, result);
                    });
                }
                Next::Wait(Some(wait)) => return wait.min(TICK),
                Next::Wait(None) => return LONG,
            }
        }
    }

    fn finished(&self, hold: HoldId, work: Work, result: Result<Response, Error>) {
        let mut roll = self.roll();
        let events = roll.finished(hold, work, result);
        self.report(roll, events);
        self.changed.notify_one();
    }

    /// Hands events to the queue in their order: the next ones are made only when these are there.
    fn report(&self, roll: MutexGuard<'_, Roll>, events: Vec<Reported>) {
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        drop(roll);
        if let Some(report) = &*report {
            for (hold, event, result) in events {
                report.event(hold, event, result);
            }
        }
    }
}
