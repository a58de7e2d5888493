//! One presence that is held: where it stands, and what was last heard of it.

use std::time::Duration;

use super::moment::Moment;
use super::rhythm::Rhythm;

/// A hold's number, for as long as it lives.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct HoldId(pub(crate) usize);

/// How it is with the presence, as far as is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Condition {
    /// Not set yet.
    Pending,
    Held,
    /// The last attempt failed; what was set before still lasts, if anything was.
    Failing,
    /// What was set before has faded or expired, or may have.
    Lost,
    /// The service will not have it. It is not tried again.
    Refused,
}

/// What is to be sent next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Work {
    Renew,
    Clear,
}

/// Which hold comes first among those that are ready. The order is that of the variants, then of the moments.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Urgency {
    /// Can still be saved: the one that lapses first. They go before what is lost already, since otherwise a backlog of
    /// those would let these lapse one by one.
    Lapses(Moment),
    /// Is not in effect: the one that has waited longest.
    Since(Moment),
    /// Is to be cleared.
    Clear(Moment),
}

/// Where a hold waits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// In the calendar, due then.
    Scheduled(Moment),
    Ready(Urgency),
    /// Sent then; what it sets lasts so long.
    InFlight {
        sent: Moment,
        lifetime: Duration,
    },
    /// Not to be tried before.
    BackingOff(Moment),
    /// Refused: it waits for nothing.
    Nowhere,
}

/// A presence that is held. `E` is an error.
#[derive(Debug)]
pub(crate) struct Hold<E> {
    pub(crate) rhythm: Rhythm,
    pub(crate) condition: Condition,
    pub(crate) place: Place,
    pub(crate) work: Work,
    /// When what was set last fades or expires. `None`: nothing was set.
    pub(crate) lapses: Option<Moment>,
    /// Among those whose lapse is looked for.
    pub(crate) is_watched: bool,
    /// Since when it has waited for what it is to be.
    pub(crate) since: Moment,
    /// What it is to be has not been set yet.
    pub(crate) is_fresh: bool,
    /// It was changed while it was in flight.
    pub(crate) is_replaced: bool,
    /// It is to end; whether it is cleared before.
    pub(crate) stop: Option<bool>,
    /// Failed attempts since the last success.
    pub(crate) failures: u32,
    /// Of which the last were refusals.
    pub(crate) refusals: u32,
    /// The service asked not to try before.
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
            is_watched: false,
            since: now,
            is_fresh: true,
            is_replaced: false,
            stop: None,
            failures: 0,
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

    /// Whether it has to be asked for again: it was refused, or is being released.
    pub(crate) fn is_given_up(&self) -> bool {
        self.condition == Condition::Refused || self.stop.is_some()
    }

    /// When it is next renewed, as far as that is known.
    pub(crate) fn next(&self) -> Option<Moment> {
        match self.place {
            Place::Scheduled(due) | Place::BackingOff(due) => Some(due),
            Place::Ready(_) | Place::InFlight { .. } | Place::Nowhere => None,
        }
    }

    /// Until which moment to wait after a failure: a second, then twice as long each time, up to 16 s.
    pub(crate) fn retry_at(&self, now: Moment) -> Moment {
        let pause = Duration::from_secs(1 << self.failures.saturating_sub(1).min(4));
        now.after(pause).max(self.not_before)
    }
}
