//! The throttling limit. <https://learn.microsoft.com/graph/throttling-limits>

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The number of requests in a window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Limit {
    /// The number of requests in any window; 0 allows any number.
    pub(crate) limit: u64,
    pub(crate) window_seconds: f64,
}

impl Default for Limit {
    /// The limit on the throttling page since 2026. The pages of the operations still say 1,500.
    fn default() -> Self {
        Self { limit: 10_000, window_seconds: 30.0 }
    }
}

impl Limit {
    /// Checks that the window is longer than zero and at most ten days.
    pub(crate) fn is_sound(&self) -> bool {
        (0.001..=864_000.0).contains(&self.window_seconds)
    }

    pub(crate) fn window(&self) -> SignedDuration {
        SignedDuration::from_millis((self.window_seconds * 1000.0) as i64)
    }
}
