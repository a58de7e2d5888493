//! What happened to a hold, for whoever asked for it.

use super::hold::HoldId;
use super::moment::Moment;

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

/// Something that happened to a hold. `E` is an error.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Event<E> {
    pub(super) hold: HoldId,
    pub(super) state: KeepAliveState,
    pub(super) at: Moment,
    /// When what was set last fades or expires.
    pub(super) lapses: Option<Moment>,
    /// When it is next set.
    pub(super) next: Option<Moment>,
    pub(super) error: Option<E>,
}
