//! The clock that a test can move, and durations in Graph's format.

mod clock;
pub(crate) mod duration;

pub(crate) use clock::Clock;
