//! How much time has passed, from two clocks.
//!
//! On some systems, the monotonic clock stops while the machine sleeps, but the sessions at the service continue to
//! fade. The wall clock keeps running, but it can be set. If the two disagree, the longer time is used: a renewal that
//! is too early costs one request, and one that is too late costs the presence.

use std::time::{Duration, SystemTime};

use super::moment::Moment;

/// Both clocks, read together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// The time since any fixed point.
    pub(crate) monotonic: Duration,
    pub(crate) wall: SystemTime,
}

/// The clocks drift apart by less than this between two readings.
const DRIFT: Duration = Duration::from_secs(2);

/// The timeline of a keep-alive.
#[derive(Debug)]
pub(crate) struct Timeline {
    last: Reading,
    /// Exact, since many readings may fall within one millisecond, the unit of moments.
    passed: Duration,
}

impl Timeline {
    pub(crate) fn new(start: Reading) -> Self {
        Self { last: start, passed: Duration::ZERO }
    }

    /// Advances to a reading, and returns the current moment.
    pub(crate) fn advance(&mut self, reading: Reading) -> Moment {
        let ran = reading.monotonic.saturating_sub(self.last.monotonic);
        // A wall clock that was set back does not tell how much time has passed.
        let wall = reading.wall.duration_since(self.last.wall).unwrap_or_default();
        let passed = if wall > ran.saturating_add(DRIFT) { wall } else { ran };
        self.last = reading;
        self.passed = self.passed.saturating_add(passed);
        self.now()
    }

    fn now(&self) -> Moment {
        Moment::START.after(self.passed)
    }

    /// The wall-clock time of a moment, by the clock's current setting.
    pub(crate) fn wall(&self, moment: Moment) -> SystemTime {
        let (wall, now) = (self.last.wall, self.now());
        let (ahead, ago) = (moment.since(now), now.since(moment));
        wall.checked_add(ahead).and_then(|time| time.checked_sub(ago)).unwrap_or(wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1_000_000);

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    fn reading(monotonic: u64, wall: i64) -> Reading {
        let wall = START.as_secs().saturating_add_signed(wall);
        Reading {
            monotonic: seconds(monotonic),
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(wall),
        }
    }

    /// How much time passes between the start and a reading.
    fn passed(monotonic: u64, wall: i64) -> u64 {
        let mut timeline = Timeline::new(reading(0, 0));
        timeline.advance(reading(monotonic, wall)).second()
    }

    #[test]
    fn readings_within_one_millisecond_lose_no_time() {
        let mut timeline = Timeline::new(reading(0, 0));
        for number in 1..=10_000 {
            let passed = Duration::from_micros(100 * number);
            timeline.advance(Reading { monotonic: passed, wall: reading(0, 0).wall + passed });
        }
        assert_eq!(timeline.now(), Moment::of_second(1));
    }

    #[test]
    fn if_the_clocks_disagree_the_longer_time_is_used() {
        for (case, monotonic, wall, expected) in [
            ("both agree", 10, 10, 10),
            ("they drift", 10, 11, 10),
            ("the monotonic clock slept", 0, 3600, 3600),
            ("the wall clock was set forward", 10, 86_400, 86_400),
            ("the wall clock was set back", 10, -3600, 10),
            ("the wall clock stood still", 10, 0, 10),
        ] {
            assert_eq!(passed(monotonic, wall), expected, "{case}");
        }
    }

    #[test]
    fn a_clock_that_runs_backwards_is_ignored() {
        let mut timeline = Timeline::new(reading(100, 100));
        assert_eq!(timeline.advance(reading(90, 90)), Moment::START);
        assert_eq!(timeline.advance(reading(100, 100)).second(), 10);
    }

    #[test]
    fn a_moment_is_converted_by_the_current_wall_clock() {
        let mut timeline = Timeline::new(reading(0, 0));
        let now = timeline.advance(reading(10, -3600));
        assert_eq!(timeline.wall(now), reading(10, -3600).wall);
        assert_eq!(timeline.wall(now.after(seconds(240))), reading(10, -3360).wall);
        assert_eq!(timeline.wall(Moment::START), reading(0, -3610).wall);
    }
}
