//! When a request is sent again, and how long that waits.
//! <https://learn.microsoft.com/graph/throttling#best-practices-to-handle-throttling>

use std::time::{Duration, SystemTime};

use crate::operation::Replay;

/// The limits of a client's retries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct RetryRule {
    /// Sends at most; 1 is no retry.
    pub(crate) max_attempts: u32,
    /// All waits of one call together.
    pub(crate) budget: Duration,
}

impl RetryRule {
    pub(crate) const DEFAULT: Self = Self { max_attempts: 6, budget: Duration::from_secs(60) };

    /// How long to wait before the next attempt; `None`: the call ends with what came.
    pub(crate) fn wait(
        self,
        replay: Replay,
        attempts: u32,
        waited: Duration,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        if replay == Replay::Never || attempts >= self.max_attempts {
            return None;
        }
        // Graph counts rejected requests too, so what it asks for is waited out in full, never less.
        let wait = asked.unwrap_or_else(|| back_off(attempts)).max(asked.unwrap_or_default());
        (waited.checked_add(wait)? <= self.budget).then_some(wait)
    }
}

/// Graph puts the request off: the statuses of which Microsoft says that a client should repeat it.
pub(crate) fn is_put_off(http_status: u16) -> bool {
    matches!(http_status, 429 | 503 | 504)
}

/// Half a second, doubled per attempt up to 16 s, of which a random half: clients that were put off together
/// must not come back together.
fn back_off(attempts: u32) -> Duration {
    let full = 500u64 << attempts.saturating_sub(1).min(5);
    Duration::from_millis(fastrand::u64(full / 2..=full))
}

/// The Retry-After header: seconds, which Graph sends with fractions, or a date.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RetryRule = RetryRule { max_attempts: 4, budget: Duration::from_secs(10) };

    fn seconds(wait: u64) -> Option<Duration> {
        Some(Duration::from_secs(wait))
    }

    #[test]
    fn what_graph_asks_for_is_waited_out_within_the_budget() {
        let none = Duration::ZERO;
        assert_eq!(RULE.wait(Replay::Safe, 1, none, seconds(10)), seconds(10));
        assert_eq!(RULE.wait(Replay::Safe, 1, none, seconds(11)), None);
        assert_eq!(RULE.wait(Replay::Safe, 2, Duration::from_secs(6), seconds(5)), None);
    }

    #[test]
    fn attempts_end_and_what_must_not_be_repeated_is_not() {
        assert_eq!(RULE.wait(Replay::Safe, 4, Duration::ZERO, None), None);
        assert_eq!(RULE.wait(Replay::Never, 1, Duration::ZERO, seconds(0)), None);
        assert!(RULE.wait(Replay::SafeDoneIs404, 3, Duration::ZERO, None).is_some());
    }

    #[test]
    fn without_a_word_from_graph_the_wait_doubles_and_is_spread() {
        for (attempts, full) in [(1, 500), (2, 1000), (6, 16_000), (60, 16_000)] {
            for _ in 0..100 {
                let wait = back_off(attempts).as_millis();
                assert!((full / 2..=full).contains(&wait), "{attempts}: {wait}");
            }
        }
    }

    #[test]
    fn retry_after_is_seconds_with_fractions_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 10:00:00 GMT").unwrap();
        for (value, wait) in [
            ("2", Some(2000)),
            (" 2.128 ", Some(2128)),
            ("0", Some(0)),
            ("Sun, 22 Nov 2026 10:00:07 GMT", Some(7000)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            ("-1", None),
            ("NaN", None),
            ("1e300", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(value, now).map(|wait| wait.as_millis()), wait, "{value}");
        }
    }
}
