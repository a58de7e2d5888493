//! Points on the timeline of a keep-alive, which starts at 0 and never runs backwards.

use std::time::Duration;

/// Milliseconds since the keep-alive began.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Moment(u64);

impl Moment {
    pub(crate) const START: Self = Self(0);

    pub(crate) fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(millis(wait)))
    }

    /// The time since `earlier`; zero if that is in the future.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The whole seconds since the start.
    pub(crate) fn second(self) -> u64 {
        self.0 / 1000
    }

    /// The number of the first second that does not begin before this.
    pub(crate) fn next_second(self) -> u64 {
        self.0.div_ceil(1000)
    }

    /// The beginning of a second.
    pub(crate) fn of_second(second: u64) -> Self {
        Self(second.saturating_mul(1000))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
