//! A circuit breaker: it pauses sending while the service seems to be down. Without it, every operation of a large job
//! would use up its attempts within an outage of a few seconds.

use std::time::{Duration, Instant};

/// What the result of one request says about the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sign {
    /// At least one operation got a response other than 503 or 504.
    Up,
    /// There was no response, or only 503 or 504.
    Down,
    /// The same as `Down` for operations that are all retries. They may fail for reasons of their own.
    StillDown,
    /// The result is not known.
    Unknown,
}

/// After this many failed requests in a row, only one is sent at a time.
const PATIENCE: u32 = 3;

/// The pause between those requests. It doubles from the shortest to the longest.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(super) struct Health {
    down: u32,
    resume: Option<Instant>,
}

/// What may be sent now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum May {
    SendAll,
    /// One operation, to see whether the service is back.
    SendOne,
    /// Until this time; `None` until what is in flight has ended.
    Wait(Option<Instant>),
}

impl Health {
    pub(super) fn saw(&mut self, sign: Sign, now: Instant) {
        match sign {
            Sign::Up => *self = Self::default(),
            Sign::Unknown => {}
            Sign::StillDown if self.down < PATIENCE => {}
            Sign::Down | Sign::StillDown => {
                self.down += 1;
                let doublings = self.down.saturating_sub(PATIENCE).min(8);
                let pause = (SHORTEST * 2u32.pow(doublings)).min(LONGEST);
                self.resume = (self.down >= PATIENCE).then(|| now + pause);
            }
        }
    }

    pub(super) fn may(&self, in_flight: usize, now: Instant) -> May {
        match self.resume {
            None => May::SendAll,
            Some(_) if in_flight > 0 => May::Wait(None),
            Some(resume) if now < resume => May::Wait(Some(resume)),
            Some(_) => May::SendOne,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_is_down_gets_one_request_at_a_time_with_pauses() {
        let now = Instant::now();
        let mut health = Health::default();
        health.saw(Sign::Down, now);
        health.saw(Sign::Down, now);
        assert_eq!(health.may(5, now), May::SendAll);
        for pause in [500, 1000, 2000, 2000, 2000] {
            health.saw(Sign::Down, now);
            let resume = now + Duration::from_millis(pause);
            assert_eq!(health.may(0, now), May::Wait(Some(resume)));
            assert_eq!(health.may(0, resume), May::SendOne);
            assert_eq!(health.may(1, resume), May::Wait(None));
        }
        health.saw(Sign::Up, now);
        assert_eq!(health.may(5, now), May::SendAll);
    }

    #[test]
    fn an_operation_that_keeps_failing_does_not_stop_the_others() {
        let now = Instant::now();
        let mut health = Health::default();
        health.saw(Sign::Down, now);
        (0..10).for_each(|_| health.saw(Sign::StillDown, now));
        assert_eq!(health.may(0, now), May::SendAll);
    }
}
