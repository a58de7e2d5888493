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
    /// Whether a request that was sent during the outage failed, too.
    is_confirmed: bool,
    error: E,
}

/// What a failure says of the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sign {
    /// Nothing new.
    None,
    /// An outage begins. It may be over at once: a batch whose requests all fail begins one.
    Begins,
    /// An outage goes on.
    Confirmed,
}

impl<E: Clone> Outage<E> {
    pub(crate) fn new() -> Self {
        Self { failures: 0, under_way: None }
    }

    /// Records the failure of a request that was sent at `sent`.
    pub(crate) fn failed(&mut self, sent: Moment, now: Moment, error: &E) -> Sign {
        self.failures += 1;
        match &mut self.under_way {
            Some(outage) => {
                outage.error = error.clone();
                let is_news = sent > outage.since && !outage.is_confirmed;
                outage.is_confirmed |= is_news;
                if is_news { Sign::Confirmed } else { Sign::None }
            }
            None if self.failures < FAILURES => Sign::None,
            None => {
                let (next_probe, error) = (now.after(SHORTEST), error.clone());
                let outage = UnderWay { since: now, next_probe, is_confirmed: false, error };
                self.under_way = Some(outage);
                Sign::Begins
            }
        }
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

    /// Whether there is an outage that is more than one batch of failures.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.under_way.as_ref().is_some_and(|outage| outage.is_confirmed)
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
        let mut failed = |error| outage.failed(now, now, error);
        assert_eq!([failed(&"1"), failed(&"2")], [Sign::None; 2]);
        assert!(!outage.answered());
        let mut failed = |error| outage.failed(now, now, error);
        assert_eq!([failed(&"3"), failed(&"4")], [Sign::None; 2]);
        assert_eq!([failed(&"5"), failed(&"6")], [Sign::Begins, Sign::None]);
        assert_eq!(outage.error(), Some(&"6"));
        assert!(outage.answered());
        assert_eq!((outage.error(), outage.next_probe()), (None, None));
    }

    #[test]
    fn a_request_that_fails_after_it_was_sent_during_an_outage_confirms_it_once() {
        let mut outage = Outage::new();
        let (before, during) = (Moment::START, Moment::of_second(1));
        (0..FAILURES).for_each(|_| _ = outage.failed(before, before, &""));
        assert_eq!(outage.failed(before, during, &""), Sign::None);
        assert!(!outage.is_confirmed());
        let signs = [(); 2].map(|()| outage.failed(during, during, &""));
        assert_eq!(signs, [Sign::Confirmed, Sign::None]);
        assert!(outage.is_confirmed() && outage.answered() && !outage.is_confirmed());
    }

    #[test]
    fn the_pause_between_probes_grows_to_half_a_minute() {
        let mut outage = Outage::new();
        (0..FAILURES).for_each(|_| _ = outage.failed(Moment::START, Moment::START, &""));
        for (seconds, pause) in [(0, 500), (5, 500), (10, 1000), (60, 6000), (3600, 30_000)] {
            let now = Moment::of_second(seconds);
            outage.sent(now);
            let next = outage.next_probe().unwrap();
            assert_eq!(next.since(now), Duration::from_millis(pause), "after {seconds} s");
        }
    }
}
