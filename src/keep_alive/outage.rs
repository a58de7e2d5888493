//! Whether the service can be reached at all. During an outage nothing is sent but a probe now and then.

use std::time::Duration;

use super::moment::Moment;

/// So many failures without a success in between are an outage.
const FAILURES: u32 = 3;

/// The pause between two probes grows with the outage, within these.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// What the last results say about the service. `E` is an error.
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

    /// Notes a failure. Returns whether an outage begins with it.
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

    /// Notes an answer. Returns whether it ends an outage.
    pub(crate) fn answered(&mut self) -> bool {
        self.failures = 0;
        self.under_way.take().is_some()
    }

    /// When something may be sent; `None`: at any time.
    pub(crate) fn next_probe(&self) -> Option<Moment> {
        self.under_way.as_ref().map(|outage| outage.next_probe)
    }

    /// Something is sent now. The next probe waits for a tenth of the time that the outage has lasted, so that its end is
    /// noticed within a tenth of its length. It does not wait for this one to fail, which may take a timeout.
    pub(crate) fn sent(&mut self, now: Moment) {
        if let Some(outage) = &mut self.under_way {
            let pause = (now.since(outage.since) / 10).clamp(SHORTEST, LONGEST);
            outage.next_probe = now.after(pause);
        }
    }

    /// Why nothing is sent.
    pub(crate) fn error(&self) -> Option<&E> {
        self.under_way.as_ref().map(|outage| &outage.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_are_an_outage_until_something_is_answered() {
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
    fn probes_become_rarer_and_never_rarer_than_every_half_minute() {
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
