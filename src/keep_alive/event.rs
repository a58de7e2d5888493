//! What happened to a hold, as a caller is told.

use std::time::SystemTime;

use super::hold::HoldId;
use super::moment::Moment;
use crate::operation::{Operation, Target};

/// What happened to a presence that is held, or was last heard of it. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(i32)]
pub enum KeepAliveState {
    /// It has not been set yet.
    Pending = 0,
    /// It was set for the first time, or for the first time since it was changed.
    Held = 1,
    /// It was renewed.
    Renewed = 2,
    /// It could not be set. What was set before still lasts, and it is tried again.
    Failing = 3,
    /// It was renewed after it had been failing or lost.
    Recovered = 4,
    /// It could not be renewed in time, and has faded or expired, or may have. It is tried again.
    Lost = 5,
    /// Graph will not have it, and it is not tried again.
    Refused = 6,
    /// It is no longer held.
    Stopped = 7,
    /// The keep-alive has ended, and this is its last event.
    Ended = 8,
}

/// Something that happened to a presence that is held, or what was last heard of it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct KeepAliveEvent {
    /// What happened.
    pub state: KeepAliveState,
    /// Whose presence it is; `None` where the event is about the keep-alive itself.
    pub target: Option<Target>,
    /// Which presence: setPresence, that of the application's session, or setUserPreferredPresence.
    pub operation: Option<Operation>,
    /// When it happened, by the system's clock.
    pub at: SystemTime,
    /// When the presence is next set, if that is known.
    pub next: Option<SystemTime>,
    /// When the presence that was set last fades or expires; `None` if none was set.
    pub lapses: Option<SystemTime>,
}

impl KeepAliveEvent {
    /// About the keep-alive itself.
    pub(crate) fn of_all(state: KeepAliveState, at: SystemTime) -> Self {
        Self { state, target: None, operation: None, at, next: None, lapses: None }
    }
}

/// Something that happened to a hold. `E` is an error.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Event<E> {
    pub(crate) hold: HoldId,
    pub(crate) state: KeepAliveState,
    pub(crate) at: Moment,
    /// When what was set last fades or expires.
    pub(crate) lapses: Option<Moment>,
    /// When it is next set.
    pub(crate) next: Option<Moment>,
    pub(crate) error: Option<E>,
}
