//! How much time has passed, as a keep-alive has to assume.
//!
//! A machine that sleeps stops the monotonic clock on some systems, while sessions go on fading at the service. The wall
//! clock runs on, but it can be set. Where the two differ, the longer time counts: a renewal that comes too early costs one
//! request, and one that comes too late costs the presence.

use std::time::{Duration, SystemTime};

use super::moment::Moment;

/// Both clocks, read together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Since any fixed point.
    pub(crate) monotonic: Duration,
    pub(crate) wall: SystemTime,
}

/// The clocks drift apart by less than this between two readings.
const DRIFT: Duration = Duration::from_secs(2);

/// The timeline of a keep-alive.
#[derive(Debug)]
pub(crate) struct Timeline {
    last: Reading,
    now: Moment,
}

impl Timeline {
    pub(crate) fn new(start: Reading) -> Self {
        Self { last: start, now: Moment::START }
    }

    /// Moves on to a reading. Returns the present moment.
    pub(crate) fn advance(&mut self, reading: Reading) -> Moment {
        let ran = reading.monotonic.saturating_sub(self.last.monotonic);
        // A wall clock that was set back says nothing about how much time has passed.
        let wall = reading.wall.duration_since(self.last.wall).unwrap_or_default();
        let passed = if wall > ran.saturating_add(DRIFT) { wall } else { ran };
        self.last = reading;
        self.now = self.now.after(passed);
        self.now
    }

    /// The wall clock's time of a moment, as the clock stands now.
    pub(crate) fn wall(&self, moment: Moment) -> SystemTime {
        let now = self.last.wall;
        let (ahead, ago) = (moment.since(self.now), self.now.since(moment));
        now.checked_add(ahead).and_then(|time| time.checked_sub(ago)).unwrap_or(now)
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
    fn the_longer_time_counts_where_the_clocks_differ() {
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
    fn a_clock_that_runs_backwards_moves_nothing() {
        let mut timeline = Timeline::new(reading(100, 100));
        assert_eq!(timeline.advance(reading(90, 90)), Moment::START);
        assert_eq!(timeline.advance(reading(100, 100)).second(), 10);
    }

    #[test]
    fn a_moment_is_told_by_the_wall_clock_as_it_stands() {
        let mut timeline = Timeline::new(reading(0, 0));
        let now = timeline.advance(reading(10, -3600));
        assert_eq!(timeline.wall(now), reading(10, -3600).wall);
        assert_eq!(timeline.wall(now.after(seconds(240))), reading(10, -3360).wall);
        assert_eq!(timeline.wall(Moment::START), reading(0, -3610).wall);
    }
}
