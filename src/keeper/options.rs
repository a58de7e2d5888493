//! What can be chosen for a keep-alive, and what it says of itself.

use std::time::{Duration, SystemTime};

use super::clock::{Clock, TestClock};
use crate::error::Error;

/// How a keep-alive works. The default renews before the presence lapses, reports changes and leaves what it set.
/// ```
/// use std::time::Duration;
/// use mgpresence::KeepAliveOptions;
///
/// let options = KeepAliveOptions::default().clear_on_stop().interval(Duration::from_secs(120));
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeepAliveOptions {
    pub(super) interval: Option<Duration>,
    pub(super) clear_on_stop: bool,
    pub(super) report_renewals: bool,
    pub(super) clock: Option<Clock>,
}

impl KeepAliveOptions {
    /// How often each presence is renewed, from a second to less than it lasts. The default is four fifths of the time that
    /// it lasts: every 240 s for Available, which fades after 5 minutes whatever its expirationDuration.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// Clears each presence that is released, by clearPresence or clearUserPreferredPresence. The default leaves it: it
    /// fades and expires.
    #[must_use]
    pub fn clear_on_stop(mut self) -> Self {
        self.clear_on_stop = true;
        self
    }

    /// Reports each renewal. The default reports the first success and what changes.
    #[must_use]
    pub fn report_renewals(mut self) -> Self {
        self.report_renewals = true;
        self
    }

    /// A clock that a test moves.
    #[doc(hidden)]
    #[must_use]
    pub fn clock(mut self, clock: &TestClock) -> Self {
        self.clock = Some(Clock::Test(clock.clone()));
        self
    }
}

/// Numbers of a keep-alive.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeepAliveStatus {
    /// Presences that have not been set yet.
    pub pending: usize,
    /// Presences that are in effect.
    pub held: usize,
    /// Presences whose last renewal failed. Those that were set before still last.
    pub failing: usize,
    /// Presences that were not renewed in time. They are tried again.
    pub lost: usize,
    /// Presences that Graph refused. They are not tried again.
    pub refused: usize,
    /// Presences that are due and wait to be sent, for the first time or again.
    pub waiting: usize,
    /// Requests that were sent and not answered.
    pub in_flight: usize,
    /// Successful requests that set a presence, since the start.
    pub renewals: u64,
    /// Attempts to set a presence that did not succeed, since the start.
    pub failures: u64,
    /// When the next presence is due, if none is now.
    pub next: Option<SystemTime>,
    /// Why the service cannot be reached. Meanwhile one request now and then finds out when it can.
    pub outage: Option<Error>,
}
