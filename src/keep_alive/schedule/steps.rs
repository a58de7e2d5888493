//! Decides which hold is sent next; begins, changes and ends holds.

use std::collections::BTreeSet;

use super::state::Schedule;
use crate::keep_alive::hold::{Condition, Hold, HoldId, Place, Work};
use crate::keep_alive::moment::Moment;
use crate::keep_alive::rhythm::Rhythm;

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Send(HoldId, Work),
    /// Wait until this moment, or until something else happens.
    Wait(Option<Moment>),
}

impl<E: Clone> Schedule<E> {
    /// Begins a hold: the presence is set as soon as there is room, and then renewed in its rhythm.
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

    /// Notes that the presence of a hold may be in effect already, and has to be cleared if the hold is released.
    pub(crate) fn was_set_before(&mut self, id: HoldId) {
        self.get(id).may_be_set = true;
    }

    /// Changes the presence of a hold, and sets the new one soon. Until then the previous one lasts as long as it would
    /// have. A request in flight is waited for, so that the two cannot overtake each other. A hold that is being
    /// released is kept again.
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
        (hold.failures, hold.refusals, hold.error) = (0, 0, None);
        if matches!(hold.place, Place::InFlight { .. }) {
            hold.is_replaced = true;
            return;
        }
        hold.work = Work::Renew;
        self.watch(id);
        self.become_due(id, now);
    }

    /// Ends a hold, after clearing its presence if `clears`, also if it was released before without. Its last event is
    /// `Stopped`.
    pub(crate) fn release(&mut self, id: HoldId, clears: bool, now: Moment) {
        let hold = self.get(id);
        if let Some(clears_already) = hold.stop {
            hold.stop = Some(clears_already || clears);
            return;
        }
        hold.stop = Some(clears);
        if !matches!(hold.place, Place::InFlight { .. }) {
            self.stop(id, now);
        }
    }

    /// What to send now, or how long to wait. The driver asks again whenever something has happened. `opens` is when
    /// the throttle of the application lets the next request through.
    pub(crate) fn poll(&mut self, now: Moment, opens: Moment) -> Step {
        self.advance(now);
        if self.counts.in_flight >= self.most_in_flight {
            return Step::Wait(self.next(None));
        }
        let opens = opens.max(self.opens());
        if opens > now && !self.ready.is_empty() {
            return Step::Wait(self.next(Some(opens)));
        }
        match self.first() {
            Some(id) => self.send(id, now),
            None => Step::Wait(self.next(None)),
        }
    }

    /// The hold to send first. In an outage, clears are sent first, since they are given up soon, and of the rest the one
    /// whose last attempt is longest ago, since one that the service cannot serve does not show that the outage is over.
    fn first(&self) -> Option<HoldId> {
        let first = match self.outage.error() {
            None => self.ready.first(),
            Some(_) => self.ready.iter().min_by_key(|(_, id)| {
                let hold = self.look(*id);
                (hold.work != Work::Clear, hold.tried)
            }),
        };
        first.map(|(_, id)| *id)
    }

    /// Whether everything that can be sent now has been sent and answered.
    pub(crate) fn is_idle(&mut self, now: Moment) -> bool {
        self.advance(now);
        self.counts.in_flight == 0 && (self.ready.is_empty() || self.opens() > now)
    }

    /// When the next request may be sent, according to the service's responses.
    fn opens(&self) -> Moment {
        self.outage.next_probe().unwrap_or_default()
    }

    /// Finds the holds that have become due or have lapsed.
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
        let is_clear = self.look(id).work == Work::Clear;
        self.outage.sent(now, is_clear);
        self.counts.in_flight += 1;
        let hold = self.get(id);
        hold.tried = now;
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
