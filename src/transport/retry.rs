//! Whether a request is sent again, and how long to wait before.
//! <https://learn.microsoft.com/graph/throttling#best-practices-to-handle-throttling>

use std::time::{Duration, SystemTime};

use crate::operation::Replay;

/// The limits of a client's retries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct RetryRule {
    /// The most times that a request is sent; 1 for no retry.
    pub(crate) max_attempts: u32,
    /// The longest total wait of one call.
    pub(crate) budget: Duration,
    /// The longest wait before the second attempt, if Graph does not ask for a longer one. It doubles with each
    /// attempt.
    pub(crate) delay: Duration,
}

/// Why a request is not sent again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum GaveUp {
    /// Sending it twice has another effect.
    Never,
    Attempts,
    Budget,
    Time,
    /// The keep-alive decides when.
    KeepAlive,
}

impl RetryRule {
    pub(crate) const DEFAULT: Self = Self {
        max_attempts: 6,
        budget: Duration::from_secs(60),
        delay: Duration::from_millis(500),
    };

    /// How long to wait before the next attempt, or why there is no other attempt. `left` is the time until the call's
    /// deadline.
    pub(crate) fn wait(
        self,
        replay: Replay,
        attempts: u32,
        waited: Duration,
        asked: Option<Duration>,
        left: Duration,
    ) -> Result<Duration, GaveUp> {
        if replay == Replay::Never {
            return Err(GaveUp::Never);
        }
        if attempts >= self.max_attempts {
            return Err(GaveUp::Attempts);
        }
        let asked = asked.filter(|asked| *asked >= SHORTEST);
        let least = asked.unwrap_or_else(|| self.back_off(attempts));
        let budget = self.budget.saturating_sub(waited);
        if least > budget {
            return Err(GaveUp::Budget);
        }
        if least > left {
            return Err(GaveUp::Time);
        }
        // Wait for the full time that Graph asks for, since rejected requests count toward the limit. Up to a twentieth
        // is added, so that clients that were throttled together do not return together, but at most half of what the
        // budget and the deadline leave: the request itself needs time, too.
        let more = asked.map_or(Duration::ZERO, |asked| asked.mul_f64(fastrand::f64() / 20.0));
        Ok(least.saturating_add(more.min((budget.min(left) - least) / 2)))
    }

    /// The first delay, doubled with each attempt up to 32 times, minus a random part of up to half, so that clients
    /// that were throttled together do not return together.
    fn back_off(self, attempts: u32) -> Duration {
        let full = self.delay.saturating_mul(1 << attempts.saturating_sub(1).min(5));
        full.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// A shorter Retry-After is ignored: it comes from a clock difference or from a gateway.
const SHORTEST: Duration = Duration::from_millis(100);

/// Whether Microsoft's documentation says to retry a request with this status.
pub(crate) fn is_retryable(http_status: u16) -> bool {
    matches!(http_status, 429 | 503 | 504)
}

/// The longest Retry-After that is parsed, in bytes. A date has 29.
const LONGEST_VALUE: usize = 64;

/// The longest wait that is reported. A longer one is a mistake of the server.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Parses a Retry-After header: seconds, which Graph sends with a fraction, or a date. The result is at most
/// [`LONGEST`].
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if value.len() > LONGEST_VALUE {
        return None;
    }
    let wait = match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        }
    };
    wait.map(|wait| wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: RetryRule =
        RetryRule { max_attempts: 4, budget: Duration::from_secs(10), ..RetryRule::DEFAULT };
    const LONG: Duration = Duration::from_secs(1000);

    fn seconds(wait: u64) -> Duration {
        Duration::from_secs(wait)
    }

    fn wait(attempts: u32, waited: u64, asked: u64, left: u64) -> Result<u64, GaveUp> {
        let wait =
            RULE.wait(Replay::Safe, attempts, seconds(waited), Some(seconds(asked)), seconds(left));
        wait.map(|wait| wait.as_secs())
    }

    #[test]
    fn the_wait_that_graph_asks_for_is_observed_within_budget_and_deadline() {
        assert_eq!(wait(1, 0, 10, 1000), Ok(10));
        assert_eq!(wait(1, 0, 11, 1000), Err(GaveUp::Budget));
        assert_eq!(wait(2, 6, 5, 1000), Err(GaveUp::Budget));
        assert_eq!(wait(1, 0, 5, 4), Err(GaveUp::Time));
        assert_eq!(wait(1, 0, 5, 5), Ok(5));
    }

    #[test]
    fn up_to_a_twentieth_is_added_to_the_wait_that_graph_asks_for() {
        for _ in 0..100 {
            let wait = RULE.wait(Replay::Safe, 1, Duration::ZERO, Some(seconds(4)), LONG).unwrap();
            assert!((seconds(4)..=Duration::from_millis(4200)).contains(&wait), "{wait:?}");
        }
    }

    #[test]
    fn the_addition_leaves_time_for_the_request() {
        for _ in 0..100 {
            let (asked, left) = (Duration::from_millis(2900), seconds(3));
            let wait = RULE.wait(Replay::Safe, 1, Duration::ZERO, Some(asked), left).unwrap();
            assert!((asked..=Duration::from_millis(2950)).contains(&wait), "{wait:?}");
        }
    }

    #[test]
    fn a_retry_after_of_zero_does_not_cause_a_burst() {
        let wait = RULE.wait(Replay::Safe, 1, Duration::ZERO, Some(Duration::ZERO), LONG).unwrap();
        assert!(wait >= Duration::from_millis(250), "{wait:?}");
    }

    #[test]
    fn a_huge_retry_after_does_not_overflow() {
        let rule = RetryRule { max_attempts: 4, budget: Duration::MAX, ..RetryRule::DEFAULT };
        for value in ["18446744073709549568", "1e19", "4611686018427387904"] {
            let asked = retry_after(value, SystemTime::now());
            assert_eq!(
                RULE.wait(Replay::Safe, 1, Duration::ZERO, asked, LONG).is_err(),
                asked.is_some()
            );
            let _ = rule.wait(Replay::Safe, 1, Duration::ZERO, asked, Duration::MAX);
        }
        let asked = Some(Duration::MAX);
        assert_eq!(RULE.wait(Replay::Safe, 1, Duration::ZERO, asked, LONG), Err(GaveUp::Budget));
        let all = rule.wait(Replay::Safe, 1, Duration::ZERO, asked, Duration::MAX);
        assert_eq!(all, Ok(Duration::MAX));
        assert_eq!(retry_after(&"9".repeat(100_000), SystemTime::now()), None);
    }

    #[test]
    fn attempts_are_limited_and_replay_never_forbids_a_second_one() {
        let asked = Some(Duration::ZERO);
        assert_eq!(RULE.wait(Replay::Safe, 4, Duration::ZERO, None, LONG), Err(GaveUp::Attempts));
        assert_eq!(RULE.wait(Replay::Never, 1, Duration::ZERO, asked, LONG), Err(GaveUp::Never));
        assert!(RULE.wait(Replay::SafeDoneIs404, 3, Duration::ZERO, None, LONG).is_ok());
    }

    #[test]
    fn without_a_retry_after_the_wait_doubles_with_jitter() {
        let slow = RetryRule { delay: seconds(3), ..RULE };
        for (rule, attempts, full) in [
            (RULE, 1, 500),
            (RULE, 2, 1000),
            (RULE, 6, 16_000),
            (RULE, 60, 16_000),
            (slow, 1, 3000),
            (slow, 2, 6000),
        ] {
            for _ in 0..100 {
                let wait = rule.back_off(attempts).as_millis();
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
            (&format!("{:064}", 2), Some(2000)),
            (&format!("{:065}", 2), None),
            ("86401", Some(86_400_000)),
            ("18446744073709549568", Some(86_400_000)),
            ("Mon, 22 Nov 2027 10:00:00 GMT", Some(86_400_000)),
        ] {
            assert_eq!(retry_after(value, now).map(|wait| wait.as_millis()), wait, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_a_wait_panic(
            value in "[0-9.eE+-]{0,25}|inf|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} 10:00:00 GMT",
            budget in prop_oneof![Just(Duration::MAX), Just(Duration::ZERO), Just(LONG)],
            left in prop_oneof![Just(Duration::MAX), Just(LONG)],
            attempts in any::<u32>(),
        ) {
            let rule = RetryRule { max_attempts: u32::MAX, budget, ..RetryRule::DEFAULT };
            let asked = retry_after(&value, SystemTime::now());
            let wait = rule.wait(Replay::Safe, attempts, Duration::ZERO, asked, left);
            prop_assert!(wait.is_err() || wait.unwrap() <= budget.min(left));
        }
    }
}
