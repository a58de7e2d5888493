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
    /// Whether a request that was sent by [`May::SendOne`] is in flight.
    is_trying: bool,
}

/// What may be sent now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum May {
    SendAll,
    /// One operation, to see whether the service is back.
    SendOne,
    /// Until this time; `None` until the trial has ended.
    Wait(Option<Instant>),
}

impl Health {
    /// Records that one operation was sent to see whether the service is back.
    pub(super) fn tries(&mut self) {
        self.is_trying = true;
    }

    pub(super) fn saw(&mut self, sign: Sign, was_trial: bool, now: Instant) {
        self.is_trying &= !was_trial;
        match sign {
            Sign::Up => (self.down, self.resume) = (0, None),
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

    /// What was sent before the service went down is not a trial, since it may never be answered.
    pub(super) fn may(&self, now: Instant) -> May {
        match self.resume {
            None => May::SendAll,
            Some(_) if self.is_trying => May::Wait(None),
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
        health.saw(Sign::Down, false, now);
        health.saw(Sign::Down, false, now);
        assert_eq!(health.may(now), May::SendAll);
        for pause in [500, 1000, 2000, 2000, 2000] {
            health.saw(Sign::Down, true, now);
            let resume = now + Duration::from_millis(pause);
            assert_eq!(health.may(now), May::Wait(Some(resume)));
            assert_eq!(health.may(resume), May::SendOne);
            health.tries();
            assert_eq!(health.may(resume), May::Wait(None));
        }
        health.saw(Sign::Up, true, now);
        assert_eq!(health.may(now), May::SendAll);
    }

    #[test]
    fn what_was_in_flight_before_is_not_waited_for_and_does_not_end_a_trial() {
        let now = Instant::now();
        let mut health = Health::default();
        (0..PATIENCE).for_each(|_| health.saw(Sign::Down, false, now));
        let later = now + LONGEST;
        assert_eq!(health.may(later), May::SendOne);
        health.tries();
        health.saw(Sign::Down, false, now);
        assert_eq!(health.may(later), May::Wait(None));
    }

    #[test]
    fn an_operation_that_keeps_failing_does_not_stop_the_others() {
        let now = Instant::now();
        let mut health = Health::default();
        health.saw(Sign::Down, false, now);
        (0..10).for_each(|_| health.saw(Sign::StillDown, false, now));
        assert_eq!(health.may(now), May::SendAll);
    }
}
