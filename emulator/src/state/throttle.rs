//! Throttling: limits the requests of each application in each tenant within a sliding window.
//! <https://learn.microsoft.com/graph/throttling-limits>

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::settings::Limit;

/// Requests that arrive within this part of the window share one entry, so memory stays bounded.
const PARTS: i64 = 30_000;

/// The maximum number of counted callers. Beyond it, the caller that has been idle longest is removed.
const MOST_CALLERS: usize = 10_000;

/// The windows of all callers.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    limit: Limit,
    windows: BTreeMap<(String, String), Window>,
}

#[derive(Debug, Default)]
struct Window {
    entries: VecDeque<(Timestamp, u64)>,
    inside: u64,
    largest: u64,
    accepted: u64,
    rejected: u64,
}

impl Throttle {
    pub(crate) fn new(limit: Limit) -> Self {
        Self { limit, windows: BTreeMap::new() }
    }

    /// Changes the limit and keeps the counts.
    pub(crate) fn set(&mut self, limit: Limit) {
        self.limit = limit;
    }

    /// Counts a request, and rejects it if the window is full. The error is the time until the next one is accepted.
    /// Rejected requests count too, so a caller that retries at once waits longer.
    pub(crate) fn admit(
        &mut self,
        app: &str,
        tenant: &str,
        now: Timestamp,
    ) -> Result<(), SignedDuration> {
        if self.windows.len() >= MOST_CALLERS {
            self.forget_idlest();
        }
        let window = self.windows.entry((app.into(), tenant.into())).or_default();
        window.count(now, self.limit.window());
        if self.limit.limit == 0 || window.inside <= self.limit.limit {
            window.accepted += 1;
            return Ok(());
        }
        window.rejected += 1;
        Err(window.wait(now, self.limit))
    }

    /// The accepted and rejected requests, and the largest number in any window, including rejected requests.
    pub(crate) fn to_json(&self) -> Value {
        let callers = self.windows.iter().map(|((app, tenant), window)| {
            json!({
                "appId": app,
                "tenantId": tenant,
                "largestInWindow": window.largest,
                "accepted": window.accepted,
                "rejected": window.rejected,
            })
        });
        json!({
            "limit": self.limit.limit,
            "windowSeconds": self.limit.window_seconds,
            "largestInWindow": self.windows.values().map(|window| window.largest).max().unwrap_or(0),
            "callers": callers.collect::<Value>(),
        })
    }

    fn forget_idlest(&mut self) {
        let idlest = self
            .windows
            .iter()
            .min_by_key(|(_, window)| window.entries.back().map(|entry| entry.0));
        if let Some(key) = idlest.map(|(key, _)| key.clone()) {
            self.windows.remove(&key);
        }
    }
}

impl Window {
    fn count(&mut self, now: Timestamp, length: SignedDuration) {
        // If the clock was moved back, the earlier counts are no longer meaningful. Start again.
        if self.entries.back().is_some_and(|(last, _)| *last > now) {
            self.entries.clear();
            self.inside = 0;
        }
        while let Some((time, count)) =
            self.entries.front().copied().filter(|(time, _)| now.duration_since(*time) >= length)
        {
            debug_assert!(time <= now);
            self.entries.pop_front();
            self.inside -= count;
        }
        let part = length / i32::try_from(PARTS).expect("a small number");
        match self.entries.back_mut() {
            Some((last, count)) if now.duration_since(*last) < part || *last == now => *count += 1,
            _ => self.entries.push_back((now, 1)),
        }
        self.inside += 1;
        self.largest = self.largest.max(self.inside);
    }

    /// The time until a request would be accepted if no other arrived in the meantime.
    fn wait(&self, now: Timestamp, limit: Limit) -> SignedDuration {
        let mut left = self.inside;
        for (time, count) in &self.entries {
            left -= count;
            if left < limit.limit {
                return limit.window() - now.duration_since(*time);
            }
        }
        limit.window()
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, SignedDuration, Throttle, Timestamp};

    fn at(seconds: f64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(seconds)
    }

    fn throttle(limit: u64) -> Throttle {
        Throttle::new(Limit { limit, window_seconds: 30.0 })
    }

    /// `None` if the request is accepted.
    fn retry_after(throttle: &mut Throttle, app: &str, seconds: f64) -> Option<f64> {
        throttle.admit(app, "tenant", at(seconds)).err().map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn the_window_slides() {
        let mut throttle = throttle(2);
        for (seconds, expected) in
            [(0.0, None), (10.0, None), (29.5, Some(10.5)), (30.0, Some(29.5)), (59.6, None)]
        {
            assert_eq!(retry_after(&mut throttle, "app", seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn waiting_for_retry_after_is_enough() {
        let mut throttle = throttle(3);
        let mut now = 0.0;
        let mut accepted = 0;
        while accepted < 20 {
            match retry_after(&mut throttle, "app", now) {
                None => accepted += 1,
                Some(wait) => {
                    now += wait;
                    assert_eq!(retry_after(&mut throttle, "app", now), None, "at {now}");
                    accepted += 1;
                }
            }
        }
    }

    #[test]
    fn applications_and_tenants_are_counted_apart() {
        let mut throttle = throttle(1);
        assert_eq!(retry_after(&mut throttle, "one", 0.0), None);
        assert_eq!(retry_after(&mut throttle, "two", 0.0), None);
        assert!(throttle.admit("one", "other tenant", at(0.0)).is_ok());
        assert!(retry_after(&mut throttle, "one", 0.0).is_some());
    }

    #[test]
    fn rejected_requests_count_and_the_largest_window_is_reported() {
        let mut throttle = throttle(2);
        for _ in 0..5 {
            retry_after(&mut throttle, "app", 1.0);
        }
        retry_after(&mut throttle, "app", 100.0);
        let report = throttle.to_json();
        assert_eq!(report["largestInWindow"], 5);
        assert_eq!(
            (&report["callers"][0]["accepted"], &report["callers"][0]["rejected"]),
            (&3.into(), &3.into())
        );
    }

    #[test]
    fn memory_stays_bounded_when_the_clock_stands_still_or_many_call() {
        let mut throttle = throttle(1);
        for _ in 0..100_000 {
            retry_after(&mut throttle, "app", 0.0);
        }
        for number in 0..100_000 {
            retry_after(&mut throttle, "app", f64::from(number) / 10_000.0);
        }
        let entries: usize = throttle.windows.values().map(|window| window.entries.len()).sum();
        assert!(entries <= super::PARTS as usize, "{entries}");
        for number in 0..super::MOST_CALLERS + 10 {
            retry_after(&mut throttle, &number.to_string(), 20.0);
        }
        assert!(throttle.windows.len() <= super::MOST_CALLERS);
    }
}
