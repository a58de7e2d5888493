//! The task that sends a client's batched operations. It runs while there are any.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant as Time, sleep_until};

use super::groups::{Group, Groups, Throttled};
use super::health::Sign;
use super::outbox::{Ended, Finish, Outbox, Step, Ticket};
use super::schedule::{Again, Departure};
use super::send::{End, send};
use super::work::Work;
use crate::auth::Wanted;
use crate::call::{self, Setup, catch_panic};
use crate::error::{Error, LocalFailure};
use crate::in_flight::Ending;
use crate::job::caught;
use crate::status::Status;
use crate::transport::{Held, from_now};

/// How long the driver waits if only a response to another client can free a place.
const ASK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) setup: Arc<Setup>,
    pub(super) outbox: Outbox<Group, Box<Work>>,
    /// Notified of a change that the driver would not notice by itself.
    pub(super) changed: Notify,
    pub(super) groups: Groups,
}

type Batch = Departure<Group, Box<Work>, Held>;

impl Shared {
    pub(super) fn new(setup: Arc<Setup>) -> Self {
        let outbox = Outbox::new(setup.http.options.max_in_flight as usize);
        Self { setup, outbox, changed: Notify::new(), groups: Groups::default() }
    }

    /// Runs until no operation is left.
    pub(super) async fn drive(self: Arc<Self>, ending: Ending) {
        let mut is_refused = false;
        let mut tasks = JoinSet::new();
        loop {
            while tasks.try_join_next().is_some() {}
            let (now, is_ending) = (Instant::now(), ending.has_come());
            if is_ending {
                // At every turn, because an operation that was submitted before may be added only now.
                self.end_all(&LocalFailure::ClientClosed.into());
            }
            for (finish, work, wait) in self.outbox.expired(now) {
                finish(Err(work.expired(&wait, self.setup.http.options.max_in_flight)));
            }
            let mut asks = Vec::new();
            let step = caught(|| {
                let places = |group: &Group, count| Self::places(group, count, &mut asks);
                self.outbox.step(now, places)
            });
            // Also if a batch of another group is sent: a group that was noted as asked must be asked.
            let mut lacks_room = false;
            for ask in asks {
                match ask {
                    Ask::Token(group) => {
                        let asking = Asking { shared: Arc::clone(&self), group };
                        tasks.spawn(async move { asking.shared.ask(&asking.group).await });
                    }
                    Ask::Room => lacks_room = true,
                }
            }
            let until = match step {
                Ok(Step::Send(batch, ticket)) => {
                    tasks.spawn(Arc::clone(&self).run(batch, ticket, ending.clone()));
                    continue;
                }
                Ok(Step::Wait(until)) => until,
                Ok(Step::Over) => break,
                Err(panic) => {
                    self.end_all(&panic);
                    continue;
                }
            };
            let was_refused = std::mem::replace(&mut is_refused, lacks_room);
            self.setup.http.counters.waits.add((is_refused && !was_refused).into());
            let again = is_refused.then(|| now + ASK_AGAIN);
            let until = until.into_iter().chain(again).min();
            tokio::select! {
                biased;
                () = ending.wait(), if !is_ending => {}
                () = self.changed.notified() => {}
                () = sleep_until(until.map_or_else(|| from_now(Duration::MAX), Time::from_std)) => {}
            }
        }
        // A question for a token that no operation waits for any more would hold the client and its credential.
        tasks.shutdown().await;
        self.groups.forget_idle();
    }

    /// Takes places within the limit of requests for a batch of a group: up to `count`, and how many it took.
    fn places(
        group: &Group,
        count: usize,
        asks: &mut Vec<Ask>,
    ) -> Result<(Held, usize), Option<Instant>> {
        let mut throttle = group.throttle();
        match &*throttle {
            Throttled::Asked => Err(None),
            Throttled::By(throttle) => {
                let wanted = u32::try_from(count).unwrap_or(u32::MAX);
                match throttle.try_take(wanted) {
                    Ok(held) => {
                        let count = held.count() as usize;
                        Ok((held, count))
                    }
                    Err(again) => {
                        asks.push(Ask::Room);
                        Err(again)
                    }
                }
            }
            Throttled::Unknown => {
                *throttle = Throttled::Asked;
                asks.push(Ask::Token(group.clone()));
                Err(None)
            }
        }
    }

    /// Gets a token to find the throttle of a group. If there is no token, all operations of the group fail; if it does
    /// not come in time, those that have waited for it all the time.
    async fn ask(&self, group: &Group) {
        let began = Instant::now();
        let time = call::Time { timeout: group.timeout, deadline: from_now(group.timeout) };
        let wanted = Wanted { is_for_keep_alive: group.urgent, ..Wanted::default() };
        let token = catch_panic(self.setup.token(group.token.as_ref(), &wanted, time)).await;
        match token {
            Ok(token) => {
                let throttle = self.setup.throttle(group.token.is_some(), &token);
                *group.throttle() = Throttled::By(throttle);
            }
            Err(failure) => {
                let now = Instant::now();
                let before = if failure.status() == Status::Timeout { began } else { now };
                for (finish, work) in self.outbox.remove_group(group, before, now) {
                    finish(Err(work.fails(&failure)));
                }
            }
        }
    }

    /// Sends a batch.
    async fn run(self: Arc<Self>, batch: Batch, ticket: Ticket, ending: Ending) {
        let Departure { group, places, work, is_fresh } = batch;
        let operations: Vec<u64> = work.iter().map(|(operation, _)| *operation).collect();
        let sent = catch_panic(async {
            Ok(send(&self.setup, &self.outbox, &group, work, is_fresh, places).await)
        });
        let sent = tokio::select! {
            biased;
            () = ending.wait() => Err(LocalFailure::ClientClosed.into()),
            () = ticket.unwanted() => Err(LocalFailure::Cancelled.into()),
            sent = sent => sent,
        };
        let (ends, sign) = sent.unwrap_or_else(|failure| {
            let end = |operation| (operation, End::Done(Err(failure.clone())));
            (operations.into_iter().map(end).collect(), Sign::Unknown)
        });
        self.ended((&group, &ticket), sign, ends);
    }

    fn ended(&self, batch: (&Group, &Ticket), sign: Sign, ends: Vec<(u64, End)>) {
        let ends = ends.into_iter().map(|(operation, end)| (operation, ended(end))).collect();
        let told = self.outbox.batch_ended(batch, sign, ends, Instant::now());
        self.changed.notify_one();
        told.into_iter().for_each(|(finish, result)| finish(result));
    }

    /// Ends all operations with one failure.
    pub(super) fn end_all(&self, failure: &Error) {
        let finishes: Vec<Finish> = self.outbox.remove_all(Instant::now());
        finishes.into_iter().for_each(|finish| finish(Err(failure.clone())));
    }
}

/// A question for a token. However it ends, also if it is aborted before it begins, it can be asked again.
struct Asking {
    shared: Arc<Shared>,
    group: Group,
}

impl Drop for Asking {
    fn drop(&mut self) {
        let mut throttle = self.group.throttle();
        if matches!(*throttle, Throttled::Asked) {
            *throttle = Throttled::Unknown;
        }
        drop(throttle);
        self.shared.changed.notify_one();
    }
}

/// What was missing for a batch to be sent.
enum Ask {
    Token(Group),
    Room,
}

fn ended(end: End) -> Ended<Box<Work>> {
    match end {
        End::Done(result) => Ended::Done(result),
        End::Again { work, at } => {
            let give_up = work.deadline.unwrap_or(at).into_std();
            let is_alone = work.is_alone;
            Ended::Again(Again { work, at: at.into_std(), give_up, is_alone })
        }
    }
}
