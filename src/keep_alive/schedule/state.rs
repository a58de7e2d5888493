//! The holds of a keep-alive, and the changes of their state.

use std::collections::BTreeSet;

use crate::keep_alive::calendar::Calendar;
use crate::keep_alive::counts::Counts;
use crate::keep_alive::event::{Event, KeepAliveState};
use crate::keep_alive::hold::{Condition, Hold, HoldId, Place, Urgency, Work};
use crate::keep_alive::moment::Moment;
use crate::keep_alive::outage::Outage;

/// The most renewals that a keep-alive has in flight: enough for 10,000 requests in 30 s that take a second each, and
/// few enough that the renewals that wait for the throttle are those that lapse first.
pub(crate) const MOST_IN_FLIGHT: usize = 400;

/// All holds of a keep-alive. `E` is the type of errors.
#[derive(Debug)]
pub(crate) struct Schedule<E> {
    pub(super) holds: Vec<Option<Hold<E>>>,
    pub(super) free: Vec<HoldId>,
    pub(super) calendar: Calendar,
    pub(super) ready: BTreeSet<(Urgency, HoldId)>,
    pub(super) backing_off: BTreeSet<(Moment, HoldId)>,
    /// The holds that are due and not renewed yet, by the moment at which they lapse.
    pub(super) watched: BTreeSet<(Moment, HoldId)>,
    pub(super) outage: Outage<E>,
    /// When the last outage ended.
    pub(super) reached: Moment,
    pub(super) counts: Counts,
    pub(super) events: Vec<Event<E>>,
    pub(super) reports_renewals: bool,
    pub(super) most_in_flight: usize,
}

impl<E: Clone> Schedule<E> {
    pub(crate) fn new(most_in_flight: usize, reports_renewals: bool) -> Self {
        Self {
            holds: Vec::new(),
            free: Vec::new(),
            calendar: Calendar::default(),
            ready: BTreeSet::new(),
            backing_off: BTreeSet::new(),
            watched: BTreeSet::new(),
            outage: Outage::new(),
            reached: Moment::START,
            counts: Counts::default(),
            events: Vec::new(),
            reports_renewals,
            most_in_flight,
        }
    }

    /// Takes the events since the last call.
    pub(crate) fn take_events(&mut self) -> Vec<Event<E>> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts { waiting: self.ready.len() + self.backing_off.len(), ..self.counts }
    }

    /// When the next hold becomes due.
    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.calendar.next()
    }

    /// The failure of the current outage; `None` if there is no outage.
    pub(crate) fn outage(&self) -> Option<&E> {
        self.outage.error()
    }

    /// The state of a hold.
    pub(crate) fn look(&self, id: HoldId) -> &Hold<E> {
        self.holds[id.0].as_ref().expect("a hold is used while it lives")
    }

    pub(super) fn get(&mut self, id: HoldId) -> &mut Hold<E> {
        self.holds[id.0].as_mut().expect("a hold is used while it lives")
    }

    /// Ends a hold that is not in flight: at once, or after clearing its presence.
    pub(super) fn stop(&mut self, id: HoldId, now: Moment) {
        let hold = self.get(id);
        if hold.stop != Some(true) || !hold.may_be_set {
            return self.end(id, None, now);
        }
        self.unwatch(id);
        self.unplace(id);
        let hold = self.get(id);
        (hold.work, hold.since) = (Work::Clear, now);
        (hold.failures, hold.not_before, hold.error) = (0, now, None);
        self.become_due(id, now);
    }

    pub(super) fn end(&mut self, id: HoldId, error: Option<E>, now: Moment) {
        self.unwatch(id);
        self.unplace(id);
        let hold = self.get(id);
        let (condition, interval) = (hold.condition, hold.rhythm.interval);
        if condition != Condition::Refused {
            self.calendar.leave(interval);
        }
        self.report(id, KeepAliveState::Stopped, error, now);
        self.counts.leave(condition);
        self.holds[id.0] = None;
        self.free.push(id);
    }

    /// Makes a hold ready to be sent, unless there is an outage, or the service has asked to wait.
    pub(super) fn become_due(&mut self, id: HoldId, now: Moment) {
        let not_before = self.get(id).not_before;
        if not_before > now {
            self.unplace(id);
            return self.back_off(id, not_before);
        }
        self.make_ready(id);
        if self.outage.error().is_some() {
            self.wait_for_end_of_outage(id, now);
        }
    }

    /// Handles a hold that cannot be sent because of an outage: it fails with the error of the outage, while a clear
    /// waits for the next probe.
    pub(super) fn wait_for_end_of_outage(&mut self, id: HoldId, now: Moment) {
        let Some(error) = self.outage.error().cloned() else { return };
        match self.look(id).work {
            Work::Renew => self.fail(id, error, now),
            Work::Clear if self.look(id).failures == 0 => self.outage.hurry(),
            Work::Clear => {} // it would have the outage forget its own failure
        }
    }

    /// Handles a presence that has lapsed, as far as is known.
    pub(super) fn lapse(&mut self, id: HoldId, lapses: Moment, now: Moment) {
        self.unwatch(id);
        let is_ready = matches!(self.get(id).place, Place::Ready(_));
        self.get(id).since = lapses;
        self.lapsed(id, now);
        if is_ready {
            self.make_ready(id); // with the priority of a presence that is not in effect
        }
    }

    pub(super) fn lapsed(&mut self, id: HoldId, now: Moment) {
        if self.get(id).condition != Condition::Lost {
            self.set_condition(id, Condition::Lost);
            let error = self.get(id).error.clone();
            self.report(id, KeepAliveState::Lost, error, now);
        }
    }

    pub(super) fn fail(&mut self, id: HoldId, error: E, now: Moment) {
        self.get(id).error = Some(error.clone());
        if matches!(self.get(id).condition, Condition::Pending | Condition::Held) {
            self.set_condition(id, Condition::Failing);
            self.report(id, KeepAliveState::Failing, Some(error), now);
        }
    }

    pub(super) fn report(
        &mut self,
        id: HoldId,
        state: KeepAliveState,
        error: Option<E>,
        at: Moment,
    ) {
        let hold = self.look(id);
        let (lapses, next) = (hold.lapses, hold.next());
        self.events.push(Event { hold: id, state, at, lapses, next, error });
    }

    pub(super) fn set_condition(&mut self, id: HoldId, condition: Condition) {
        let before = std::mem::replace(&mut self.get(id).condition, condition);
        self.counts.leave(before);
        self.counts.enter(condition);
    }

    pub(super) fn make_ready(&mut self, id: HoldId) {
        self.unplace(id);
        let urgency = self.get(id).urgency();
        self.get(id).place = Place::Ready(urgency);
        self.ready.insert((urgency, id));
    }

    pub(super) fn back_off(&mut self, id: HoldId, until: Moment) {
        self.get(id).place = Place::BackingOff(until);
        self.backing_off.insert((until, id));
    }

    /// Removes a hold from the collection in which it waits.
    pub(super) fn unplace(&mut self, id: HoldId) {
        match std::mem::replace(&mut self.get(id).place, Place::Nowhere) {
            Place::Scheduled(due) => self.calendar.remove(id, due),
            Place::Ready(urgency) => _ = self.ready.remove(&(urgency, id)),
            Place::BackingOff(until) => _ = self.backing_off.remove(&(until, id)),
            Place::InFlight { .. } | Place::Nowhere => {}
        }
    }

    /// Watches for the lapse of a hold that is no longer in the calendar.
    pub(super) fn watch(&mut self, id: HoldId) {
        let hold = self.get(id);
        if let (Some(lapses), false, false) =
            (hold.lapses, hold.is_watched, hold.condition == Condition::Lost)
        {
            hold.is_watched = true;
            self.watched.insert((lapses, id));
        }
    }

    pub(super) fn unwatch(&mut self, id: HoldId) {
        let hold = self.get(id);
        if let (Some(lapses), true) = (hold.lapses, std::mem::take(&mut hold.is_watched)) {
            self.watched.remove(&(lapses, id));
        }
    }
}
