//! The options and the counters of a keep-alive.

use std::time::{Duration, SystemTime};

use super::clock::{Clock, TestClock};
use crate::error::Error;

/// The options of a keep-alive. By default, it renews each presence before it lapses, reports changes only, and does
/// not clear presences that are released.
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
    /// How often each presence is renewed: at least 1 s, and less than the presence lasts. The default is four fifths
    /// of the time that it lasts: every 240 s for Available, which fades after 5 minutes whatever its
    /// expirationDuration.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// Clears each presence that is released, with clearPresence or clearUserPreferredPresence. By default, it is left
    /// to fade or expire.
    #[must_use]
    pub fn clear_on_stop(mut self) -> Self {
        self.clear_on_stop = true;
        self
    }

    /// Reports each renewal. By default, only the first success and changes are reported.
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

/// The counters of a keep-alive at one moment.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeepAliveStatus {
    /// Presences that have not been set yet.
    pub pending: usize,
    /// Presences that are in effect.
    pub held: usize,
    /// Presences whose last attempt failed. Those that were set before still last.
    pub failing: usize,
    /// Presences that were not renewed in time. They are tried again.
    pub lost: usize,
    /// Presences that Graph refused. They are not tried again.
    pub refused: usize,
    /// Presences that wait to be sent: they are due, or will be tried again.
    pub waiting: usize,
    /// Requests in flight.
    pub in_flight: usize,
    /// Successful requests that set a presence, since the start.
    pub renewals: u64,
    /// Failed attempts to set a presence, since the start.
    pub failures: u64,
    /// When the next presence becomes due; `None` if no presence is scheduled. Retries are ignored.
    pub next: Option<SystemTime>,
    /// Why the service cannot be reached; `None` if it can. Occasional requests find out when it can be reached again.
    pub outage: Option<Error>,
}
