//! Time: the clock that a test can move, and durations as Graph writes them.

mod clock;
pub(crate) mod duration;

pub(crate) use clock::Clock;
