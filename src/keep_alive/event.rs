//! The events that a keep-alive reports to its caller.

use std::sync::Arc;
use std::time::SystemTime;

use super::hold::HoldId;
use super::moment::Moment;
use crate::operation::{Operation, Target};

/// What happened to a kept presence, or its current state. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(i32)]
pub enum KeepAliveState {
    /// The presence has not been set yet.
    Pending = 0,
    /// The presence was set for the first time, or for the first time since it was changed.
    Held = 1,
    /// The presence was renewed.
    Renewed = 2,
    /// The presence could not be set. The one that was set before, if any, still lasts. The keep-alive tries again.
    Failing = 3,
    /// The presence was renewed after it had been failing or lost.
    Recovered = 4,
    /// The presence was not renewed in time, and has or may have faded or expired. The keep-alive tries again.
    Lost = 5,
    /// Graph refused the presence. The keep-alive does not try again.
    Refused = 6,
    /// The presence is no longer kept.
    Stopped = 7,
    /// The keep-alive has ended, and this is its last event.
    Ended = 8,
}

/// An event of a keep-alive.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct KeepAliveEvent {
    /// What happened.
    pub state: KeepAliveState,
    /// Whose presence the event concerns; `None` if it concerns the keep-alive itself.
    pub target: Option<Target>,
    /// Which presence of the user: `SetPresence` for the application's session, or `SetUserPreferredPresence`; `None`
    /// if the event concerns the keep-alive itself.
    pub operation: Option<Operation>,
    /// When the event happened, by the system clock.
    pub at: SystemTime,
    /// When the presence will next be set, if that is known.
    pub next: Option<SystemTime>,
    /// When the presence that was last set fades or expires; `None` if none was set.
    pub lapses: Option<SystemTime>,
}

impl KeepAliveEvent {
    /// An event that concerns the keep-alive itself.
    pub(crate) fn of_all(state: KeepAliveState, at: SystemTime) -> Self {
        Self { state, target: None, operation: None, at, next: None, lapses: None }
    }
}

/// One presence of a user, whose id is in lower case.
pub(crate) type PresenceKey = Arc<(Operation, Target)>;

/// An event of one hold. `E` is the type of errors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Event<E> {
    pub(crate) hold: HoldId,
    pub(crate) state: KeepAliveState,
    pub(crate) at: Moment,
    /// When the presence that was last set fades or expires.
    pub(crate) lapses: Option<Moment>,
    /// When the presence is next set.
    pub(crate) next: Option<Moment>,
    pub(crate) error: Option<E>,
}
