//! Keeps presences alive, for one user or for thousands: renews each before it fades or expires.
//!
//! `schedule` decides what is sent when. It does no I/O: its caller passes the time and the outcome of each request.

mod calendar;
mod counts;
mod event;
mod hold;
mod invalid;
mod moment;
mod outage;
mod rhythm;
mod schedule;
#[cfg(test)]
mod simulation;
mod timeline;

pub(crate) use event::{Event, PresenceKey};
pub(crate) use hold::{HoldId, Work};
pub(crate) use moment::Moment;
pub(crate) use outage::{Down, LONGEST as LONGEST_PROBE_PAUSE, Sign};
pub(crate) use rhythm::Rhythm;
pub(crate) use schedule::{MOST_IN_FLIGHT, Outcome, Schedule, Step};
pub(crate) use timeline::{Reading, Timeline};

pub use event::{KeepAliveEvent, KeepAliveState};
