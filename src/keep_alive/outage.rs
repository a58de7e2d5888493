//! Detects outages of the service. During an outage only occasional probes are sent.

use std::time::Duration;

use super::hold::HoldId;
use super::moment::Moment;

/// The number of failures in a row that makes an outage.
const FAILURES: usize = 3;

/// How long after a response the repeated failure of one presence says nothing of the service. Presences that the service
/// cannot serve are often due together, and so fail in a row.
const DOUBT: Duration = Duration::from_secs(1);

/// The shortest and the longest pause between two probes. The pause grows with the outage.
const SHORTEST: Duration = Duration::from_millis(500);
pub(crate) const LONGEST: Duration = Duration::from_secs(30);

/// Counts failures, and times the probes of an outage. `E` is the type of errors.
#[derive(Debug)]
pub(crate) struct Outage<E> {
    /// The holds of the failures since the last response, or during an outage since something last waited for it.
    failed: Vec<HoldId>,
    last_answer: Option<Moment>,
    under_way: Option<UnderWay<E>>,
}

#[derive(Debug)]
struct UnderWay<E> {
    since: Moment,
    last_probe: Moment,
    next_probe: Moment,
    /// The service asked to send nothing before.
    opens: Moment,
    error: E,
}

/// What the failure of a request says of the service.
#[derive(Clone, Debug)]
pub(crate) enum Sign<E> {
    /// It answers.
    Up,
    Unknown,
    Down(Down<E>),
}

/// The service cannot be reached, or cannot serve a request.
#[derive(Clone, Debug)]
pub(crate) struct Down<E> {
    /// The reason for the presences that wait.
    pub(crate) error: E,
    /// Whether the service may have answered other requests.
    pub(crate) may_be_of_one: bool,
    /// How long it asks to send nothing.
    pub(crate) pause: Duration,
}

/// A request for a hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub(crate) hold: HoldId,
    pub(crate) sent: Moment,
    /// Whether the one before failed, too.
    pub(crate) is_repeated: bool,
}

/// What a failure changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Change {
    Nothing,
    /// An outage begins.
    Begins,
    /// Enough requests that were sent during the outage failed, too.
    GoesOn,
}

impl<E: Clone> Outage<E> {
    pub(crate) fn new() -> Self {
        Self { failed: Vec::new(), last_answer: None, under_way: None }
    }

    /// Records the failure of a request for a hold. If it `may_be_of_one`, it counts once for each hold, so that one
    /// whom the service cannot serve does not stop the others. A `pause` delays the next probe, but not longer than
    /// without it.
    pub(crate) fn failed(
        &mut self,
        Attempt { hold, sent, is_repeated }: Attempt,
        now: Moment,
        Down { error, may_be_of_one, pause }: &Down<E>,
    ) -> Change {
        let opens = now.after((*pause).min(LONGEST));
        let is_news = self.under_way.is_none() || self.includes(sent);
        let is_known = *may_be_of_one && self.failed.contains(&hold);
        let is_doubtful = *may_be_of_one
            && is_repeated
            && self.last_answer.is_some_and(|at| now.since(at) < DOUBT);
        if is_news && !is_known && !is_doubtful && self.failed.len() < FAILURES {
            self.failed.push(hold);
        }
        let are_enough = self.failed.len() == FAILURES;
        match &mut self.under_way {
            Some(outage) => {
                outage.error = error.clone();
                outage.opens = outage.opens.max(opens);
                match is_news && (are_enough || !may_be_of_one) {
                    true => Change::GoesOn,
                    false => Change::Nothing,
                }
            }
            None if are_enough => {
                self.failed.clear();
                let (next_probe, error) = (now.after(SHORTEST), error.clone());
                self.under_way =
                    Some(UnderWay { since: now, last_probe: now, next_probe, opens, error });
                Change::Begins
            }
            None => Change::Nothing,
        }
    }

    /// Records a response. Returns whether it ends an outage.
    pub(crate) fn answered(&mut self, now: Moment) -> bool {
        self.failed.clear();
        self.last_answer = Some(now);
        self.under_way.take().is_some()
    }

    /// When the next request may be sent; `None` if there is no outage.
    pub(crate) fn next_probe(&self) -> Option<Moment> {
        self.under_way.as_ref().map(|outage| outage.next_probe.max(outage.opens))
    }

    /// Records a probe. The next one follows after a tenth of the time that the outage has lasted, so that the end of
    /// the outage is noticed within a tenth of its length, or soon if something `is_waiting` for the outcome. It does
    /// not wait for this probe to fail, which may take a timeout.
    pub(crate) fn sent(&mut self, now: Moment, is_waiting: bool) {
        if let Some(outage) = &mut self.under_way {
            // After such a pause the machine has slept or a clock was set, which says nothing of the service.
            if now.since(outage.last_probe) > 3 * LONGEST {
                outage.since = now;
            }
            let longest = if is_waiting { SHORTEST } else { LONGEST };
            let pause = (now.since(outage.since) / 10).clamp(SHORTEST, longest);
            (outage.last_probe, outage.next_probe) = (now, now.after(pause));
        }
    }

    /// Lets the next probe be sent soon, because something waits for its outcome.
    pub(crate) fn hurry(&mut self) {
        self.failed.clear();
        if let Some(outage) = &mut self.under_way {
            outage.next_probe = outage.next_probe.min(outage.last_probe.after(SHORTEST));
        }
    }

    /// Whether a request that was sent at `sent` was sent during the current outage.
    pub(crate) fn includes(&self, sent: Moment) -> bool {
        self.under_way.as_ref().is_some_and(|outage| sent > outage.since)
    }

    /// When the current outage began.
    pub(crate) fn since(&self) -> Option<Moment> {
        self.under_way.as_ref().map(|outage| outage.since)
    }

    /// The last failure of the current outage.
    pub(crate) fn error(&self) -> Option<&E> {
        self.under_way.as_ref().map(|outage| &outage.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: HoldId = HoldId(0);

    fn down(error: &'static str, may_be_of_one: bool) -> Down<&'static str> {
        Down { error, may_be_of_one, pause: Duration::ZERO }
    }

    fn first(hold: HoldId, sent: Moment) -> Attempt {
        Attempt { hold, sent, is_repeated: false }
    }

    fn failed(outage: &mut Outage<&'static str>, error: &'static str) -> Change {
        outage.failed(first(FIRST, Moment::START), Moment::START, &down(error, false))
    }

    #[test]
    fn three_failures_in_a_row_begin_an_outage_and_a_response_ends_it() {
        let mut outage = Outage::new();
        assert_eq!(["1", "2"].map(|error| failed(&mut outage, error)), [Change::Nothing; 2]);
        assert!(!outage.answered(Moment::START));
        let changes = ["3", "4", "5", "6"].map(|error| failed(&mut outage, error));
        assert_eq!(changes, [Change::Nothing, Change::Nothing, Change::Begins, Change::Nothing]);
        assert_eq!(outage.error(), Some(&"6"));
        assert!(outage.answered(Moment::START));
        assert_eq!((outage.error(), outage.next_probe()), (None, None));
    }

    #[test]
    fn what_may_concern_one_presence_alone_counts_once_for_each() {
        let mut outage = Outage::new();
        let mut failed = |hold| {
            outage.failed(first(HoldId(hold), Moment::START), Moment::START, &down("503", true))
        };
        assert_eq!([0, 0, 0, 1, 1].map(&mut failed), [Change::Nothing; 5]);
        assert_eq!(failed(2), Change::Begins);
    }

    #[test]
    fn repeated_failures_of_one_presence_count_only_where_the_service_answers_to_none() {
        let mut outage = Outage::new();
        outage.answered(Moment::of_second(5));
        let mut failed = |hold, second, is_repeated| {
            let now = Moment::of_second(second);
            let attempt = Attempt { hold: HoldId(hold), sent: now, is_repeated };
            outage.failed(attempt, now, &down("429", true))
        };
        assert_eq!([0, 1, 2, 3].map(|hold| failed(hold, 5, true)), [Change::Nothing; 4]);
        assert_eq!([0, 1].map(|hold| failed(hold, 6, true)), [Change::Nothing; 2]);
        assert_eq!(failed(2, 5, false), Change::Begins);
    }

    #[test]
    fn an_outage_goes_on_if_requests_that_were_sent_during_it_fail() {
        let mut outage = Outage::new();
        (0..FAILURES).for_each(|_| _ = failed(&mut outage, ""));
        assert_eq!(failed(&mut outage, ""), Change::Nothing);
        let during = Moment::of_second(1);
        let mut fails = |hold, may_be_of_one| {
            outage.failed(first(HoldId(hold), during), during, &down("", may_be_of_one))
        };
        assert_eq!(fails(0, false), Change::GoesOn);
        assert_eq!([0, 1, 1].map(|hold| fails(hold, true)), [Change::Nothing; 3]);
        assert_eq!(fails(2, true), Change::GoesOn);
        assert!(outage.includes(during) && !outage.includes(Moment::START));
    }

    #[test]
    fn the_pause_between_probes_grows_to_half_a_minute_unless_something_waits() {
        let mut outage = Outage::new();
        (0..FAILURES).for_each(|_| _ = failed(&mut outage, ""));
        for (seconds, pause) in [
            (0, 500),
            (5, 500),
            (10, 1000),
            (60, 6000),
            (120, 12_000),
            (200, 20_000),
            (290, 29_000),
            (350, 30_000),
        ] {
            let now = Moment::of_second(seconds);
            outage.sent(now, false);
            let next = outage.next_probe().unwrap();
            assert_eq!(next.since(now), Duration::from_millis(pause), "after {seconds} s");
        }
        outage.hurry();
        assert_eq!(outage.next_probe(), Some(Moment::of_second(350).after(SHORTEST)));
        outage.sent(Moment::of_second(351), true);
        assert_eq!(outage.next_probe(), Some(Moment::of_second(351).after(SHORTEST)));
    }

    #[test]
    fn the_pause_between_probes_is_short_again_after_the_machine_slept() {
        let mut outage = Outage::new();
        (0..FAILURES).for_each(|_| _ = failed(&mut outage, ""));
        outage.sent(Moment::of_second(60), false);
        let woken = Moment::of_second(3600);
        outage.sent(woken, false);
        assert_eq!(outage.next_probe(), Some(woken.after(SHORTEST)));
    }
}
