//! What the outcome of an attempt changes: the state of its hold, the events, and what is known about the service.

use std::time::Duration;

use super::state::Schedule;
use crate::keep_alive::event::KeepAliveState;
use crate::keep_alive::hold::{Condition, HoldId, Place, Work};
use crate::keep_alive::moment::Moment;
use crate::keep_alive::outage::{Attempt, Change, Sign};

/// The outcome of an attempt. `E` is the type of errors.
#[derive(Clone, Debug)]
pub(crate) enum Outcome<E> {
    Done,
    /// The attempt failed but may succeed later: after `wait`, if the service asked for it.
    Failed {
        error: E,
        wait: Option<Duration>,
        sign: Sign<E>,
        /// Whether the request may have taken effect all the same.
        may_be_set: bool,
    },
    /// The attempt failed and will not succeed later.
    Refused(E),
    /// The request was not sent, because no slot was free.
    NotSent,
}

/// The number of refusals in a row after which a presence that was set before is given up. Graph occasionally refuses a
/// request and accepts the same request later.
const REFUSALS: u32 = 2;
/// The pause before the second attempt.
const BEFORE_SECOND_REFUSAL: Duration = Duration::from_secs(30);

/// The most attempts to clear a presence if the service answers.
const CLEARS: u32 = 3;

/// How long a clear waits for a service that is down, or that throttles it, beyond those attempts: longer than the window
/// in which Graph counts requests. One that is asked to wait longer ends at once.
const PATIENCE: Duration = Duration::from_secs(60);

impl<E: Clone> Schedule<E> {
    /// Records the outcome of an attempt.
    pub(crate) fn finished(&mut self, id: HoldId, outcome: Outcome<E>, now: Moment) {
        let Place::InFlight { sent, lifetime } = self.get(id).place else { return };
        self.counts.in_flight -= 1;
        self.get(id).place = Place::Nowhere;
        let is_repeated = self.get(id).failures > 0;
        self.note(Attempt { hold: id, sent, is_repeated }, &outcome, now);
        match (self.get(id).work, outcome) {
            (Work::Clear, outcome) => self.cleared(id, outcome, now),
            (Work::Renew, Outcome::NotSent) => self.not_sent(id, now),
            (Work::Renew, Outcome::Done) => self.renewed(id, sent, sent.after(lifetime), now),
            (Work::Renew, Outcome::Refused(error)) => self.refused(id, error, now),
            (Work::Renew, Outcome::Failed { error, wait, may_be_set, .. }) => {
                self.get(id).may_be_set |= may_be_set;
                self.failed(id, sent, error, wait.unwrap_or_default(), now);
            }
        }
    }

    /// Records what an outcome says about the service.
    fn note(&mut self, attempt: Attempt, outcome: &Outcome<E>, now: Moment) {
        match outcome {
            Outcome::Failed { sign: Sign::Down(down), .. } => {
                match self.outage.failed(attempt, now, down) {
                    Change::Nothing => {}
                    Change::Begins => {
                        let ready: Vec<HoldId> = self.ready.iter().map(|(_, id)| *id).collect();
                        ready.into_iter().for_each(|id| self.wait_for_end_of_outage(id, now));
                    }
                    Change::GoesOn => self.give_up_clears(&down.error, now),
                }
            }
            Outcome::NotSent | Outcome::Failed { sign: Sign::Unknown, .. } => {}
            Outcome::Done | Outcome::Refused(_) | Outcome::Failed { sign: Sign::Up, .. } => {
                if self.outage.answered(now) {
                    self.reached = now;
                    // Holds that failed because of the outage need not wait any longer.
                    let all = std::mem::take(&mut self.backing_off);
                    for (_, id) in all {
                        let hold = self.get(id);
                        hold.place = Place::BackingOff(hold.not_before);
                        let entry = (hold.not_before, id);
                        self.backing_off.insert(entry);
                    }
                }
            }
        }
    }

    /// Ends the clears that have waited long enough for the end of the outage.
    fn give_up_clears(&mut self, error: &E, now: Moment) {
        let ready = self.ready.iter().map(|(_, id)| *id);
        let backing_off = self.backing_off.iter().map(|(_, id)| *id);
        let all = ready.chain(backing_off).filter(|id| self.look(*id).work == Work::Clear);
        let late: Vec<HoldId> = all.filter(|id| self.is_late_clear(*id, now)).collect();
        late.into_iter().for_each(|id| self.give_up_clear(id, error.clone(), now));
    }

    /// Ends a clear with its own error, or with that of the outage if it was not sent.
    fn give_up_clear(&mut self, id: HoldId, of_outage: E, now: Moment) {
        let own = self.get(id).error.take();
        self.end(id, Some(own.unwrap_or(of_outage)), now);
    }

    /// Whether a clear has waited long enough for a service that is down.
    fn is_late_clear(&self, id: HoldId, now: Moment) -> bool {
        let since = self.outage.since().map_or(now, |outage| outage.max(self.look(id).since));
        now.since(since) >= PATIENCE
    }

    fn renewed(&mut self, id: HoldId, sent: Moment, lapses: Moment, now: Moment) {
        self.counts.renewals += 1;
        self.unwatch(id);
        let hold = self.get(id);
        (hold.lapses, hold.may_be_set) = (Some(lapses), true);
        (hold.failures, hold.refusals, hold.error) = (0, 0, None);
        if hold.stop.is_some() {
            return self.stop(id, now);
        }
        if lapses <= now {
            // The response was slow, or the machine slept, and the presence has lapsed already.
            hold.since = now;
            self.lapsed(id, now);
            self.watch(id);
            return self.make_ready(id);
        }
        let (before, rhythm) = (hold.condition, hold.rhythm);
        if std::mem::take(&mut hold.is_replaced) {
            self.set_condition(id, Condition::Held);
            self.watch(id);
            return self.make_ready(id);
        }
        let is_fresh = std::mem::take(&mut hold.is_fresh);
        let latest = sent.after(rhythm.interval).max(now);
        let due = self.calendar.place(id, now.after(rhythm.earliest()).min(latest), latest);
        self.get(id).place = Place::Scheduled(due);
        self.set_condition(id, Condition::Held);
        match before {
            _ if is_fresh => self.report(id, KeepAliveState::Held, None, now),
            Condition::Failing | Condition::Lost => {
                self.report(id, KeepAliveState::Recovered, None, now);
            }
            _ if self.reports_renewals => self.report(id, KeepAliveState::Renewed, None, now),
            _ => {}
        }
    }

    /// Ignores an attempt that was not sent.
    fn not_sent(&mut self, id: HoldId, now: Moment) {
        let hold = self.get(id);
        hold.is_replaced = false;
        match hold.stop {
            None => self.become_due(id, now),
            Some(_) => self.stop(id, now),
        }
    }

    fn failed(&mut self, id: HoldId, sent: Moment, error: E, wait: Duration, now: Moment) {
        self.counts.failures += 1;
        let was_in_outage = sent <= self.reached;
        let hold = self.get(id);
        hold.failures = if was_in_outage { (hold.failures + 1).min(2) } else { hold.failures + 1 };
        hold.not_before = now.after(wait);
        if hold.stop.is_some() {
            return self.stop(id, now);
        }
        if std::mem::take(&mut hold.is_replaced) {
            return self.become_due(id, now);
        }
        let retry_at = hold.retry_at(now);
        self.back_off(id, retry_at);
        self.fail(id, error, now);
    }

    fn refused(&mut self, id: HoldId, error: E, now: Moment) {
        self.counts.failures += 1;
        let hold = self.get(id);
        hold.refusals += 1;
        if hold.stop.is_some() {
            return self.stop(id, now);
        }
        if std::mem::take(&mut hold.is_replaced) {
            return self.make_ready(id);
        }
        if hold.lapses.is_some() && hold.refusals < REFUSALS {
            self.back_off(id, now.after(BEFORE_SECOND_REFUSAL));
            return self.fail(id, error, now);
        }
        self.unwatch(id);
        let interval = self.get(id).rhythm.interval;
        self.calendar.leave(interval);
        self.set_condition(id, Condition::Refused);
        self.get(id).error = Some(error.clone());
        self.report(id, KeepAliveState::Refused, Some(error), now);
    }

    /// The hold was asked for again while it was being cleared. The presence may be in effect or not.
    fn held_again(&mut self, id: HoldId) {
        let hold = self.get(id);
        hold.is_replaced = false;
        (hold.work, hold.lapses) = (Work::Renew, None);
        self.set_condition(id, Condition::Pending);
        self.make_ready(id);
    }

    fn cleared(&mut self, id: HoldId, outcome: Outcome<E>, now: Moment) {
        if self.get(id).stop.is_none() {
            return self.held_again(id);
        }
        let (error, wait, is_down) = match outcome {
            Outcome::Done => return self.end(id, None, now),
            Outcome::Refused(error) => return self.end(id, Some(error), now),
            Outcome::Failed { error, wait, sign, .. } => {
                (error, wait.unwrap_or_default(), matches!(sign, Sign::Down(_)))
            }
            Outcome::NotSent => match self.outage.error().cloned() {
                Some(error) if self.is_late_clear(id, now) => {
                    return self.give_up_clear(id, error, now);
                }
                _ => return self.become_due(id, now),
            },
        };
        let outage = self.outage.since();
        let hold = self.get(id);
        if hold.failures == 0 {
            hold.failing_since = now;
        }
        let since =
            outage.map_or(hold.failing_since, |at| at.max(hold.since).min(hold.failing_since));
        hold.failures += 1;
        hold.not_before = now.after(wait);
        let retry_at = hold.retry_at(now);
        let is_patient = is_down && retry_at <= since.after(PATIENCE);
        if wait > PATIENCE || (hold.failures >= CLEARS && !is_patient) {
            return self.end(id, Some(error), now);
        }
        hold.error = Some(error);
        self.back_off(id, retry_at);
    }
}
