//! Decides when each presence is due, so that the load is even.
//!
//! Each second takes its fair share of the renewals: the sum of what all holds need per second, rounded up. A hold is
//! due at the latest second of its range that has room. Holds that were set together therefore drift apart, and then
//! stay apart, since the same second of the next round has room for them again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::hold::HoldId;
use super::moment::Moment;

/// The holds that are due, by second.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    seconds: BTreeMap<u64, Vec<HoldId>>,
    /// The renewals that all holds need per second, in millionths.
    rate: u64,
}

/// The most seconds that are tried. If none has room, the least loaded of them is taken.
const TRIES: u64 = 256;

impl Calendar {
    /// Adds the load of a hold that is renewed every `interval`.
    pub(crate) fn join(&mut self, interval: Duration) {
        self.rate += rate(interval);
    }

    /// Removes that load.
    pub(crate) fn leave(&mut self, interval: Duration) {
        self.rate -= rate(interval);
    }

    /// Enters a hold at a second within the range, and returns when it is due. A second that has begun when the range
    /// does is not in it: its share has been sent, so it would always seem to have room.
    pub(crate) fn place(&mut self, hold: HoldId, earliest: Moment, latest: Moment) -> Moment {
        let second = self.best(earliest.next_second(), latest.second());
        self.seconds.entry(second).or_default().push(hold);
        Moment::of_second(second)
    }

    /// The latest second with room, or else the least loaded one.
    fn best(&self, earliest: u64, latest: u64) -> u64 {
        let share = self.rate.div_ceil(1_000_000) as usize;
        let step = (latest.saturating_sub(earliest) / TRIES).max(1);
        let (mut best, mut least) = (latest, usize::MAX);
        let mut second = latest;
        loop {
            let load = self.seconds.get(&second).map_or(0, Vec::len);
            if load < share {
                return second;
            }
            if load < least {
                (best, least) = (second, load);
            }
            match second.checked_sub(step) {
                Some(before) if before >= earliest => second = before,
                _ => return best,
            }
        }
    }

    /// Removes a hold that is due, and returns it.
    pub(crate) fn pop(&mut self, now: Moment) -> Option<HoldId> {
        let mut first = self.seconds.first_entry()?;
        if Moment::of_second(*first.key()) > now {
            return None;
        }
        let hold = first.get_mut().pop();
        if first.get().is_empty() {
            first.remove();
        }
        hold
    }

    /// Removes a hold that is due at `at`.
    pub(crate) fn remove(&mut self, hold: HoldId, at: Moment) {
        let second = at.second();
        let Some(holds) = self.seconds.get_mut(&second) else { return };
        if let Some(index) = holds.iter().position(|other| *other == hold) {
            holds.swap_remove(index);
        }
        if holds.is_empty() {
            self.seconds.remove(&second);
        }
    }

    /// When the next hold is due.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.seconds.first_key_value().map(|(second, _)| Moment::of_second(*second))
    }
}

fn rate(interval: Duration) -> u64 {
    1_000_000_000 / (interval.as_millis() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(240);

    fn calendar(holds: usize) -> Calendar {
        let mut calendar = Calendar::default();
        (0..holds).for_each(|_| calendar.join(INTERVAL));
        calendar
    }

    fn place(calendar: &mut Calendar, hold: usize, earliest: u64, latest: u64) -> u64 {
        let (earliest, latest) = (Moment::of_second(earliest), Moment::of_second(latest));
        calendar.place(HoldId(hold), earliest, latest).second()
    }

    #[test]
    fn a_second_that_has_begun_has_no_room_however_full_the_others_are() {
        let mut calendar = calendar(1);
        let begun = |second| Moment::of_second(second).after(Duration::from_millis(375));
        for hold in 0..10 {
            assert_eq!(calendar.place(HoldId(hold), begun(10), begun(11)).second(), 11);
        }
    }

    #[test]
    fn a_hold_is_due_at_the_latest_second_with_room() {
        assert_eq!(place(&mut calendar(100), 0, 60, 240), 240);
    }

    #[test]
    fn holds_that_were_set_together_drift_apart() {
        let mut calendar = calendar(100);
        let due: Vec<u64> = (0..100).map(|hold| place(&mut calendar, hold, 60, 240)).collect();
        let each_second: Vec<u64> = (141..=240).rev().collect();
        assert_eq!(due, each_second);
    }

    #[test]
    fn when_no_second_has_room_the_least_loaded_is_taken() {
        let mut calendar = calendar(480); // two per second
        for hold in 0..300 {
            place(&mut calendar, hold, 100, 200);
        }
        let most = calendar.seconds.values().map(Vec::len).max();
        assert_eq!((calendar.seconds.len(), most), (101, Some(3)));
    }

    #[test]
    fn a_due_hold_is_returned_once_and_a_removed_one_never() {
        let mut calendar = calendar(1);
        for (hold, latest) in [(1, 10), (2, 20), (3, 30)] {
            place(&mut calendar, hold, 0, latest);
        }
        calendar.remove(HoldId(2), Moment::of_second(20));
        assert_eq!(calendar.next(), Some(Moment::of_second(10)));
        let mut due = |second| calendar.pop(Moment::of_second(second));
        assert_eq!(
            [due(9), due(10), due(10), due(29), due(30), due(99)],
            [None, Some(HoldId(1)), None, None, Some(HoldId(3)), None]
        );
    }

    #[test]
    fn a_range_of_a_week_is_not_searched_second_by_second() {
        let mut calendar = calendar(1);
        let week = 7 * 24 * 3600;
        for hold in 0..1000 {
            place(&mut calendar, hold, week / 4, week);
        }
        assert!(calendar.seconds.len() >= TRIES as usize);
    }
}
