//! Which hold is sent next, and how holds begin, change and end.

use std::collections::BTreeSet;

use super::state::Schedule;
use crate::keep_alive::hold::{Condition, Hold, HoldId, Place, Work};
use crate::keep_alive::moment::Moment;
use crate::keep_alive::rhythm::Rhythm;

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Send(HoldId, Work),
    /// Nothing before this moment, or before something else happens.
    Wait(Option<Moment>),
}

impl<E: Clone> Schedule<E> {
    /// Begins to hold a presence: it is set as soon as the others leave room, and then renewed in its rhythm.
    pub(crate) fn hold(&mut self, rhythm: Rhythm, now: Moment) -> HoldId {
        let hold = Some(Hold::new(rhythm, now));
        let id = match self.free.pop() {
            Some(id) => {
                self.holds[id.0] = hold;
                id
            }
            None => {
                self.holds.push(hold);
                HoldId(self.holds.len() - 1)
            }
        };
        self.counts.enter(Condition::Pending);
        self.calendar.join(rhythm.interval);
        self.become_due(id, now);
        id
    }

    /// Changes what a hold sets, and sets it soon. Until then what was set before lasts as long as it would have. One in
    /// flight is waited for, so that the two do not overtake each other. One that was released is held again.
    pub(crate) fn replace(&mut self, id: HoldId, rhythm: Rhythm, now: Moment) {
        self.get(id).stop = None;
        if self.get(id).condition == Condition::Refused {
            self.set_condition(id, Condition::Pending);
            self.get(id).lapses = None;
        } else {
            let interval = self.get(id).rhythm.interval;
            self.calendar.leave(interval);
        }
        self.calendar.join(rhythm.interval);
        let hold = self.get(id);
        (hold.rhythm, hold.since, hold.is_fresh) = (rhythm, now, true);
        (hold.failures, hold.refusals, hold.not_before, hold.error) = (0, 0, now, None);
        if matches!(hold.place, Place::InFlight { .. }) {
            hold.is_replaced = true;
            return;
        }
        hold.work = Work::Renew;
        self.watch(id);
        self.become_due(id, now);
    }

    /// Ends a hold, after having cleared what it set if that is wanted. Its last event is `Stopped`.
    pub(crate) fn release(&mut self, id: HoldId, clears: bool, now: Moment) {
        let hold = self.get(id);
        if hold.stop.is_some() {
            return;
        }
        hold.stop = Some(clears);
        if !matches!(hold.place, Place::InFlight { .. }) {
            let was_set = hold.condition != Condition::Refused && hold.lapses.is_some();
            self.stop(id, was_set, now);
        }
    }

    /// What to send now, or how long to wait. The driver asks again after each event of its own. The throttle that the
    /// application has for all its requests lets nothing through before `opens`.
    pub(crate) fn poll(&mut self, now: Moment, opens: Moment) -> Step {
        self.advance(now);
        if self.counts.in_flight >= self.most_in_flight {
            return Step::Wait(self.next(None));
        }
        let Some(&(_, id)) = self.ready.first() else { return Step::Wait(self.next(None)) };
        let opens = opens.max(self.opens());
        if opens > now {
            return Step::Wait(self.next(Some(opens)));
        }
        self.send(id, now)
    }

    /// Whether everything has been sent and answered that can be sent now.
    pub(crate) fn is_idle(&mut self, now: Moment) -> bool {
        self.advance(now);
        self.counts.in_flight == 0 && (self.ready.is_empty() || self.opens() > now)
    }

    /// When something may be sent, as far as the answers of the service tell.
    fn opens(&self) -> Moment {
        self.outage.next_probe().unwrap_or_default().max(self.throttled_until)
    }

    /// Sees what has become due, and what has lapsed.
    pub(crate) fn advance(&mut self, now: Moment) {
        while let Some(id) = self.calendar.pop(now) {
            self.get(id).place = Place::Nowhere;
            self.watch(id);
            self.become_due(id, now);
        }
        while let Some(&(at, id)) = self.backing_off.first().filter(|(at, _)| *at <= now) {
            self.backing_off.remove(&(at, id));
            self.get(id).place = Place::Nowhere;
            self.become_due(id, now);
        }
        while let Some(&(lapses, id)) = self.watched.first().filter(|(at, _)| *at <= now) {
            self.lapse(id, lapses, now);
        }
    }

    fn send(&mut self, id: HoldId, now: Moment) -> Step {
        self.unplace(id);
        self.outage.sent(now);
        self.counts.in_flight += 1;
        let hold = self.get(id);
        hold.place = Place::InFlight { sent: now, lifetime: hold.rhythm.lifetime };
        Step::Send(id, hold.work)
    }

    /// The next moment at which something is due, lapses or may be tried again.
    fn next(&self, opens: Option<Moment>) -> Option<Moment> {
        let first = |set: &BTreeSet<(Moment, HoldId)>| set.first().map(|(at, _)| *at);
        let all = [self.calendar.next(), first(&self.backing_off), first(&self.watched), opens];
        all.into_iter().flatten().min()
    }
}
