//! The clock that a test can move, its calendar, and durations in Graph's format.

pub(crate) mod calendar;
mod clock;
pub(crate) mod duration;

pub(crate) use clock::Clock;
