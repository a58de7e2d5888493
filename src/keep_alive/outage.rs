//! Detects outages of the service. During an outage only occasional probes are sent.

use std::time::Duration;

use super::moment::Moment;

/// The number of failures in a row that makes an outage.
const FAILURES: u32 = 3;

/// The shortest and the longest pause between two probes. The pause grows with the outage.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// Counts failures, and times the probes of an outage. `E` is the type of errors.
#[derive(Debug)]
pub(crate) struct Outage<E> {
    failures: u32,
    under_way: Option<UnderWay<E>>,
}

#[derive(Debug)]
struct UnderWay<E> {
    since: Moment,
    next_probe: Moment,
    error: E,
}

impl<E: Clone> Outage<E> {
    pub(crate) fn new() -> Self {
        Self { failures: 0, under_way: None }
    }

    /// Records a failure. Returns whether it begins an outage.
    pub(crate) fn failed(&mut self, now: Moment, error: &E) -> bool {
        self.failures += 1;
        match &mut self.under_way {
            Some(outage) => outage.error = error.clone(),
            None if self.failures >= FAILURES => {
                let next_probe = now.after(SHORTEST);
                self.under_way = Some(UnderWay { since: now, next_probe, error: error.clone() });
                return true;
            }
            None => {}
        }
        false
    }

    /// Records a response. Returns whether it ends an outage.
    pub(crate) fn answered(&mut self) -> bool {
        self.failures = 0;
        self.under_way.take().is_some()
    }

    /// When the next request may be sent; `None` if there is no outage.
    pub(crate) fn next_probe(&self) -> Option<Moment> {
        self.under_way.as_ref().map(|outage| outage.next_probe)
    }

    /// Records a probe. The next one follows after a tenth of the time that the outage has lasted, so that the end of
    /// the outage is noticed within a tenth of its length. It does not wait for this probe to fail, which may take a
    /// timeout.
    pub(crate) fn sent(&mut self, now: Moment) {
        if let Some(outage) = &mut self.under_way {
            let pause = (now.since(outage.since) / 10).clamp(SHORTEST, LONGEST);
            outage.next_probe = now.after(pause);
        }
    }

    /// The last failure of the current outage.
    pub(crate) fn error(&self) -> Option<&E> {
        self.under_way.as_ref().map(|outage| &outage.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_begin_an_outage_and_a_response_ends_it() {
        let mut outage = Outage::new();
        let now = Moment::START;
        assert!(!outage.failed(now, &"1") && !outage.failed(now, &"2"));
        assert!(!outage.answered());
        assert!(!outage.failed(now, &"3") && !outage.failed(now, &"4"));
        assert!(outage.failed(now, &"5") && !outage.failed(now, &"6"));
        assert_eq!(outage.error(), Some(&"6"));
        assert!(outage.answered());
        assert_eq!((outage.error(), outage.next_probe()), (None, None));
    }

    #[test]
    fn the_pause_between_probes_grows_to_half_a_minute() {
        let mut outage = Outage::new();
        (0..FAILURES).for_each(|_| _ = outage.failed(Moment::START, &""));
        for (seconds, pause) in [(0, 500), (5, 500), (10, 1000), (60, 6000), (3600, 30_000)] {
            let now = Moment::of_second(seconds);
            outage.sent(now);
            let next = outage.next_probe().unwrap();
            assert_eq!(next.since(now), Duration::from_millis(pause), "after {seconds} s");
        }
    }
}
