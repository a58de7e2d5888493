//! The task of a keep-alive: it sends what is due, and waits for the next event.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::registry::{Next, Registry, Reported};
use super::report::Report;
use crate::client::Client;
use crate::error::{Error, LocalFailure};
use crate::in_flight::{Cancel, Running};
use crate::keep_alive::{HoldId, KeepAliveEvent, KeepAliveState, Work};
use crate::response::Response;

/// What the handle and the tasks of a keep-alive share.
pub(super) struct Shared {
    client: Client,
    registry: Mutex<Registry>,
    /// Notified when there may be something to do.
    changed: Notify,
    /// `None` once the last event has been reported.
    report: Mutex<Option<Box<dyn Report>>>,
}

impl Shared {
    pub(super) fn new(client: Client, registry: Registry, report: Box<dyn Report>) -> Self {
        let (registry, report) = (Mutex::new(registry), Mutex::new(Some(report)));
        Self { client, registry, changed: Notify::new(), report }
    }

    /// Changes the registry, reports the events of the change, and wakes the task.
    pub(super) fn with_registry<R>(&self, work: impl FnOnce(&mut Registry) -> R) -> R {
        let mut registry = self.registry();
        let result = work(&mut registry);
        let events = registry.events(None);
        self.report(registry, events);
        self.changed.notify_one();
        result
    }

    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs until every hold has stopped, the operation is cancelled, or the client ends it.
    pub(super) async fn run(self: Arc<Self>, running: Running, cancel: Cancel) {
        let (running, mut attempts) = (Arc::new(running), JoinSet::new());
        let end = tokio::select! {
            biased;
            () = cancel.wait() => LocalFailure::Cancelled,
            end = running.ended() => end,
            end = self.work(&running, &mut attempts) => end,
        };
        // Requests in flight hold the client, so they end here, and not only when the next call drives the runtime.
        attempts.shutdown().await;
        let mut registry = self.registry();
        registry.abandon();
        let event = KeepAliveEvent::of_all(KeepAliveState::Ended, registry.wall());
        drop(registry);
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(report) = report {
            report.end(event, end.into());
        }
        // Last, so that a close of the client returns only when every event is in its queue.
        drop(running);
    }

    /// Sends what is due until every hold has stopped.
    async fn work(
        self: &Arc<Self>,
        running: &Arc<Running>,
        attempts: &mut JoinSet<()>,
    ) -> LocalFailure {
        let mut is_closing = false;
        loop {
            let wait = self.send_all(attempts, running);
            if self.registry().has_ended() {
                let closed = LocalFailure::ClientClosed;
                return if is_closing { closed } else { LocalFailure::Cancelled };
            }
            let sleep = self.registry().clock.sleep(wait);
            tokio::select! {
                () = self.changed.notified() => {}
                () = sleep => {}
                Some(_) = attempts.join_next() => {}
                () = running.closing(), if !is_closing => {
                    is_closing = true;
                    self.with_registry(Registry::stop);
                }
            }
        }
    }

    /// Sends everything that is due. Returns how long to wait before it looks again.
    fn send_all(self: &Arc<Self>, attempts: &mut JoinSet<()>, running: &Arc<Running>) -> Duration {
        if self.registry().has_slept() {
            self.client.reconnect();
        }
        loop {
            let mut registry = self.registry();
            let next = registry.next();
            let events = registry.events(None);
            self.report(registry, events);
            match next {
                Next::Send { hold, work, request } => {
                    let (shared, running) = (Arc::clone(self), Arc::clone(running));
                    attempts.spawn(async move {
                        let result = shared.client.run_within(*request, &running).await;
                        shared.finished(hold, work, result);
                    });
                }
                Next::Wait(wait) => return wait,
            }
        }
    }

    fn finished(&self, hold: HoldId, work: Work, result: Result<Response, Error>) {
        let mut registry = self.registry();
        let events = registry.finished(hold, work, result);
        self.report(registry, events);
        self.changed.notify_one();
    }

    /// Delivers events to the queue. Both locks overlap, so that events of two threads stay in order.
    fn report(&self, registry: MutexGuard<'_, Registry>, events: Vec<Reported>) {
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        drop(registry);
        if let Some(report) = &*report {
            for (presence, event, result) in events {
                report.event(&presence, event, result);
            }
        }
    }
}
