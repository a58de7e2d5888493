//! A hold: one presence that is kept alive, with its state.

use std::time::Duration;

use super::moment::Moment;
use super::rhythm::Rhythm;

/// The number of a hold, which a later one may use again after the hold has ended.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct HoldId(pub(crate) usize);

/// The state of the presence, as far as is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Condition {
    /// Not set yet.
    Pending,
    Held,
    /// The last attempt failed. The presence that was set before, if any, still lasts.
    Failing,
    /// The presence was not renewed in time, and has or may have faded or expired.
    Lost,
    /// The service refused the presence. It is not tried again.
    Refused,
}

/// What to send for a hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Work {
    Renew,
    Clear,
}

/// The priority of a hold that is ready, in the order of the variants, and of the moments within a variant.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Urgency {
    /// The presence is in effect until this moment. Such holds are sent before those that have lapsed, since otherwise
    /// a backlog of those would let these lapse one by one.
    Lapses(Moment),
    /// The presence has not been in effect since this moment.
    Since(Moment),
    /// The presence is to be cleared.
    Clear(Moment),
}

/// What a hold waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// For the moment at which the calendar makes it due.
    Scheduled(Moment),
    Ready(Urgency),
    /// For the response to a request that was sent at `sent` and sets a presence for `lifetime`.
    InFlight {
        sent: Moment,
        lifetime: Duration,
    },
    /// For the moment at which it may be tried again.
    BackingOff(Moment),
    /// Nothing, because it was refused.
    Nowhere,
}

/// A presence that is kept alive. `E` is the type of errors.
#[derive(Debug)]
pub(crate) struct Hold<E> {
    pub(crate) rhythm: Rhythm,
    pub(crate) condition: Condition,
    pub(crate) place: Place,
    pub(crate) work: Work,
    /// When the presence that was last set fades or expires; `None` if none was set.
    pub(crate) lapses: Option<Moment>,
    /// Whether a presence was set, or a request was sent that may have set it, so that a release has something to clear.
    pub(crate) may_be_set: bool,
    /// Whether the schedule watches for the lapse.
    pub(crate) is_watched: bool,
    /// Since when the presence has not been as it should be.
    pub(crate) since: Moment,
    /// Whether the presence has not been set since the hold began or was changed.
    pub(crate) is_fresh: bool,
    /// Whether the hold was changed while a request was in flight.
    pub(crate) is_replaced: bool,
    /// Whether the hold is to end, and if so, whether the presence is cleared before.
    pub(crate) stop: Option<bool>,
    /// When the last attempt was sent.
    pub(crate) tried: Moment,
    /// Failed attempts since the last success.
    pub(crate) failures: u32,
    /// When the first of these failed, of a clear.
    pub(crate) failing_since: Moment,
    /// How many of the last of these were refusals.
    pub(crate) refusals: u32,
    /// The moment before which the service asked not to try again.
    pub(crate) not_before: Moment,
    /// Why the last attempt failed.
    pub(crate) error: Option<E>,
}

impl<E> Hold<E> {
    pub(crate) fn new(rhythm: Rhythm, now: Moment) -> Self {
        Self {
            rhythm,
            condition: Condition::Pending,
            place: Place::Nowhere,
            work: Work::Renew,
            lapses: None,
            may_be_set: false,
            is_watched: false,
            since: now,
            is_fresh: true,
            is_replaced: false,
            stop: None,
            tried: Moment::START,
            failures: 0,
            failing_since: now,
            refusals: 0,
            not_before: now,
            error: None,
        }
    }

    pub(crate) fn urgency(&self) -> Urgency {
        match (self.work, self.condition, self.lapses) {
            (Work::Clear, ..) => Urgency::Clear(self.since),
            (Work::Renew, Condition::Held | Condition::Failing, Some(lapses)) => {
                Urgency::Lapses(lapses)
            }
            (Work::Renew, ..) => Urgency::Since(self.since),
        }
    }

    /// Whether the hold was refused or is being released, so that the caller has to ask for it again.
    pub(crate) fn is_given_up(&self) -> bool {
        self.condition == Condition::Refused || self.stop.is_some()
    }

    /// When the presence is next renewed, if that is known.
    pub(crate) fn next(&self) -> Option<Moment> {
        match self.place {
            Place::Scheduled(due) | Place::BackingOff(due) => Some(due),
            Place::Ready(_) | Place::InFlight { .. } | Place::Nowhere => None,
        }
    }

    /// When to try again after a failure: after 1 s, then after twice as long each time, up to 16 s.
    pub(crate) fn retry_at(&self, now: Moment) -> Moment {
        let pause = Duration::from_secs(1 << self.failures.saturating_sub(1).min(4));
        now.after(pause).max(self.not_before)
    }
}
