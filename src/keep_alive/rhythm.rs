//! How long a presence lasts without a renewal, and how often it is renewed.
//! <https://learn.microsoft.com/graph/cloud-communications-manage-presence-state#timeout-expiration-and-keep-alive>

use std::time::Duration;

use super::invalid::InvalidKeepAlive;
use crate::json::Json;
use crate::operation::{Operation, Request};
use crate::presence::duration::Length;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An Available session fades after this time, whatever its expirationDuration.
const FADE: Duration = MINUTE.saturating_mul(5);
/// How long a session lasts without an expirationDuration.
const DEFAULT_EXPIRATION: Duration = MINUTE.saturating_mul(5);

/// The shortest time that a kept presence lasts: long enough for the shortest interval.
const SHORTEST_LIFETIME: Duration = Duration::from_secs(2);
/// The shortest interval that can be chosen.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// How long a presence lasts, and how often it is set again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rhythm {
    pub(crate) lifetime: Duration,
    /// Less than `lifetime`. The difference is the slack for outages.
    pub(crate) interval: Duration,
}

impl Rhythm {
    /// The rhythm for a request that has passed the checks. For `chosen` see [`Rhythm::new`].
    pub(crate) fn of(
        request: &Request,
        chosen: Option<Duration>,
    ) -> Result<Self, InvalidKeepAlive> {
        let operation = request.operation;
        if !matches!(operation, Operation::SetPresence | Operation::SetUserPreferredPresence) {
            return Err(InvalidKeepAlive::Operation { name: operation.row().name });
        }
        let text = |name| {
            let property = request.body.as_ref().and_then(|body| body.property(name));
            property.and_then(Json::text).unwrap_or_default()
        };
        let expiration = Length::parse(&text("expirationDuration")).ok();
        Self::new(operation, &text("availability"), expiration, chosen)
    }

    /// The rhythm for setPresence or setUserPreferredPresence with an availability and an expirationDuration. `chosen`
    /// replaces the default interval, four fifths of the lifetime: 240 s for Available, which lasts 5 minutes.
    pub(crate) fn new(
        operation: Operation,
        availability: &str,
        expiration: Option<Length>,
        chosen: Option<Duration>,
    ) -> Result<Self, InvalidKeepAlive> {
        let lifetime = lifetime(operation, availability, expiration);
        if lifetime < SHORTEST_LIFETIME {
            return Err(InvalidKeepAlive::Lifetime { lifetime, shortest: SHORTEST_LIFETIME });
        }
        let interval = chosen.unwrap_or(lifetime / 5 * 4);
        if chosen.is_some() && !(SHORTEST_INTERVAL..lifetime).contains(&interval) {
            return Err(InvalidKeepAlive::Interval { given: interval, lifetime });
        }
        Ok(Self { lifetime, interval })
    }

    /// How long after a success the next renewal may be at the earliest, to even out the load.
    pub(crate) fn earliest(self) -> Duration {
        self.interval / 4
    }
}

fn lifetime(operation: Operation, availability: &str, expiration: Option<Length>) -> Duration {
    let expiration = expiration.map(|it| Duration::new(it.seconds, it.nanos));
    let is = |word: &str| availability.eq_ignore_ascii_case(word);
    match operation {
        Operation::SetUserPreferredPresence => {
            let days = if is("Busy") || is("DoNotDisturb") { 1 } else { 7 };
            expiration.unwrap_or(DAY * days)
        }
        _ if is("Available") => expiration.unwrap_or(DEFAULT_EXPIRATION).min(FADE),
        _ => expiration.unwrap_or(DEFAULT_EXPIRATION),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: Operation = Operation::SetPresence;
    const PREFERRED: Operation = Operation::SetUserPreferredPresence;

    fn rhythm(operation: Operation, availability: &str, expiration: &str) -> Rhythm {
        let expiration = (!expiration.is_empty()).then(|| Length::parse(expiration).unwrap());
        Rhythm::new(operation, availability, expiration, None).unwrap()
    }

    #[test]
    fn available_lasts_five_minutes_and_others_until_they_expire() {
        for (operation, availability, expiration, lifetime, interval) in [
            (SESSION, "Available", "", 300, 240),
            (SESSION, "Available", "PT5M", 300, 240),
            (SESSION, "available", "PT4H", 300, 240),
            (SESSION, "Busy", "", 300, 240),
            (SESSION, "Busy", "PT1H", 3600, 2880),
            (SESSION, "Away", "PT4H", 14_400, 11_520),
            (PREFERRED, "Available", "PT1H", 3600, 2880),
            (PREFERRED, "Busy", "", 86_400, 69_120),
            (PREFERRED, "DoNotDisturb", "", 86_400, 69_120),
            (PREFERRED, "Available", "", 604_800, 483_840),
            (PREFERRED, "Offline", "", 604_800, 483_840),
        ] {
            let rhythm = rhythm(operation, availability, expiration);
            let seconds = (rhythm.lifetime.as_secs(), rhythm.interval.as_secs());
            assert_eq!(seconds, (lifetime, interval), "{availability} {expiration}");
        }
    }

    #[test]
    fn a_chosen_interval_must_be_between_a_second_and_the_lifetime() {
        let chosen = |seconds| {
            let chosen = Some(Duration::from_secs_f64(seconds));
            Rhythm::new(SESSION, "Available", None, chosen).map(|rhythm| rhythm.interval.as_secs())
        };
        assert_eq!(chosen(1.0), Ok(1));
        assert_eq!(chosen(299.0), Ok(299));
        for refused in [0.0, 0.999, 300.0, 3600.0] {
            let text = chosen(refused).unwrap_err().to_string();
            assert!(text.contains("at least 1 s and less than 300 s"), "{text}");
        }
    }

    #[test]
    fn a_presence_that_is_kept_lasts_two_seconds_or_more() {
        let lasting = |expiration| {
            let expiration = Some(Length::parse(expiration).unwrap());
            Rhythm::new(PREFERRED, "Busy", expiration, None).map(|rhythm| rhythm.interval)
        };
        assert_eq!(lasting("PT2S"), Ok(Duration::from_millis(1600)));
        for refused in ["PT1.9S", "PT0S"] {
            let text = lasting(refused).unwrap_err().to_string();
            assert!(text.contains("can be kept alive only if it lasts 2 s or more"), "{text}");
        }
    }

    #[test]
    fn docs_operations_md_has_the_intervals_and_the_numbers_of_users() {
        let page = include_str!("../../docs/operations.md");
        let dotted = |number: u64| {
            let digits = number.to_string();
            let parts: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
            let parts: Vec<_> = parts.iter().map(|part| String::from_utf8_lossy(part)).collect();
            parts.join(",")
        };
        let of = |availability, expiration| rhythm(SESSION, availability, expiration).interval;
        let intervals = [
            (Duration::from_secs(120), "s"),
            (of("Available", ""), "s"),
            (of("Busy", "PT1H"), "s (1 hour)"),
            (of("Busy", "PT4H"), "s (4 hours)"),
        ];
        for (interval, unit) in intervals {
            let users = |limit: u64| dotted(limit * interval.as_secs() / 30);
            let every = dotted(interval.as_secs());
            let row = format!("| {every} {unit} | {} | {} |", users(1500), users(10_000));
            assert!(page.contains(&row), "docs/operations.md does not have: {row}");
        }
    }
}
