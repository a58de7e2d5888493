//! The emulator's clock. Everything that depends on time uses it, so a test can move it instead of waiting.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::calendar::later;

/// A clock that runs at `scale` times the speed of the machine's clock. With a scale of 0 it stands still until it is
/// moved.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    time: Timestamp,
    since: Instant,
    scale: f64,
}

impl Clock {
    pub(crate) fn new(start: Timestamp, scale: f64) -> Self {
        Self { time: start, since: Instant::now(), scale }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    pub(crate) fn scale(&self) -> f64 {
        self.scale
    }

    /// Moves the clock. A negative length moves it back.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.set(later(self.now(), by));
    }

    pub(crate) fn set(&mut self, time: Timestamp) {
        *self = Self::new(time, self.scale);
    }

    pub(crate) fn set_scale(&mut self, scale: f64) {
        *self = Self::new(self.now(), scale);
    }

    /// The time in which the machine's clock sees this one run for `length`. With a scale of 0 it never does: `length`.
    pub(crate) fn on_the_machine(&self, length: SignedDuration) -> SignedDuration {
        if self.scale == 0.0 {
            return length;
        }
        let run = length.as_secs_f64() / self.scale;
        SignedDuration::try_from_secs_f64(run).unwrap_or(SignedDuration::MAX)
    }

    fn at(&self, instant: Instant) -> Timestamp {
        let run = instant.saturating_duration_since(self.since).as_secs_f64() * self.scale;
        let run = SignedDuration::try_from_secs_f64(run).unwrap_or(SignedDuration::MAX);
        later(self.time, run)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Clock, Instant, SignedDuration, Timestamp};

    #[test]
    fn a_scale_stretches_time() {
        let clock = Clock::new(Timestamp::UNIX_EPOCH, 60.0);
        let later = clock.at(clock.since + Duration::from_secs(5));
        assert_eq!(later.as_second(), 300);
    }

    #[test]
    fn a_length_is_shorter_on_the_machine_if_the_clock_is_faster() {
        for (scale, seconds) in [(1.0, 30), (60.0, 0), (10.0, 3), (0.5, 60), (0.0, 30)] {
            let clock = Clock::new(Timestamp::UNIX_EPOCH, scale);
            let length = clock.on_the_machine(SignedDuration::from_secs(30));
            assert_eq!(length.as_secs(), seconds, "{scale}");
        }
    }

    #[test]
    fn a_stopped_clock_moves_only_when_it_is_turned() {
        let mut clock = Clock::new(Timestamp::UNIX_EPOCH, 0.0);
        assert_eq!(clock.at(Instant::now() + Duration::from_secs(99)), Timestamp::UNIX_EPOCH);
        clock.advance(SignedDuration::from_mins(5));
        assert_eq!(clock.now().as_second(), 300);
    }

    #[test]
    fn the_end_of_time_is_a_wall_and_not_a_crash() {
        let mut clock = Clock::new(Timestamp::MAX, 0.0);
        clock.advance(SignedDuration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
