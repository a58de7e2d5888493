//! The throttling limit. <https://learn.microsoft.com/graph/throttling-limits>

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How much is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Limit {
    /// Requests in any window; 0 allows all.
    pub(crate) limit: u64,
    pub(crate) window_seconds: f64,
}

impl Default for Limit {
    /// What the throttling page prints since 2026 for presence; its operations' own pages still print 1,500.
    fn default() -> Self {
        Self { limit: 10_000, window_seconds: 30.0 }
    }
}

impl Limit {
    /// Longer than nothing and no longer than ten days.
    pub(crate) fn is_sound(&self) -> bool {
        (0.001..=864_000.0).contains(&self.window_seconds)
    }

    pub(crate) fn window(&self) -> SignedDuration {
        SignedDuration::from_millis((self.window_seconds * 1000.0) as i64)
    }
}
