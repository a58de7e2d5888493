//! A length of time in flags and scenarios: seconds, with an optional fraction.

use std::fmt;
use std::num::ParseFloatError;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Seconds as written. The setting that uses them checks the range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Seconds(pub(crate) f64);

impl Seconds {
    /// The duration. A negative number gives zero.
    pub(crate) fn duration(self) -> Duration {
        Duration::try_from_secs_f64(self.0.max(0.0)).unwrap_or(Duration::MAX)
    }

    /// Whether it is a length of time: neither zero, negative nor no number.
    pub(crate) fn is_positive(self) -> bool {
        self.0 > 0.0
    }

    /// The whole seconds, without the fraction.
    pub(crate) fn whole(self) -> i64 {
        self.0 as i64
    }
}

impl From<Duration> for Seconds {
    fn from(length: Duration) -> Self {
        Self(length.as_secs_f64())
    }
}

impl FromStr for Seconds {
    type Err = ParseFloatError;

    fn from_str(text: &str) -> Result<Self, ParseFloatError> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
