//! The progress of a call, which continues when the call changes its token.

use std::time::Duration;

use super::trace::Trace;
use super::{Attempts, TransportFailure};
use crate::error::Context;
use crate::operation::Effect;
use crate::response::Response;

#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub(crate) attempts: u32,
    /// The attempts of the whole operation, for code that ends it from outside.
    pub(crate) shared: Attempts,
    /// The attempts of the parts before this one, if the request was split.
    pub(crate) earlier_attempts: u32,
    /// The total wait between the attempts.
    pub(crate) waited: Duration,
    pub(crate) waited_for_slot: Duration,
    /// Whether an attempt may have had its effect although its response was an error or was lost.
    pub(crate) may_be_done: bool,
    pub(crate) trace: Trace,
}

impl Progress {
    pub(crate) fn new(trace: bool) -> Self {
        Self {
            attempts: 0,
            shared: Attempts::default(),
            earlier_attempts: 0,
            waited: Duration::ZERO,
            waited_for_slot: Duration::ZERO,
            may_be_done: false,
            trace: Trace::new(trace),
        }
    }

    /// Counts an attempt that is about to be made.
    pub(crate) fn attempt(&mut self, client_request_id: &str, effect: Effect) {
        self.attempts += 1;
        self.shared.add(client_request_id, effect);
    }

    /// Notes that an attempt has ended and another one follows.
    pub(crate) fn repeats(&mut self, may_be_done: bool) {
        self.may_be_done |= may_be_done;
        self.shared.ended(self.may_be_done);
    }

    /// The context of an error. An id that was not sent would lead nowhere.
    pub(crate) fn context(&self, client_request_id: &str, response: Option<Response>) -> Context {
        let client_request_id =
            if self.attempts > 0 { client_request_id.into() } else { String::new() };
        let trace = self.trace.text().into();
        let (attempts, may_be_done) = (self.all_attempts(), self.may_be_done);
        Context { client_request_id, attempts, may_be_done, trace, response }
    }

    fn all_attempts(&self) -> u32 {
        self.earlier_attempts + self.attempts
    }

    /// The failure of a call whose deadline passed while it waited for a slot. Once a request was sent, what became of it
    /// matters more than the slot.
    pub(crate) fn had_no_slot(
        &mut self,
        waited: Duration,
        after: Duration,
        limit: u32,
    ) -> TransportFailure {
        self.waited_for_slot += waited;
        match self.all_attempts() {
            0 if !waited.is_zero() => TransportFailure::NoSlot { after, limit },
            _ => self.timed_out(after, limit),
        }
    }

    /// The failure of a call whose deadline passed during an attempt. It mentions the wait for a slot if that was most
    /// of the time.
    pub(crate) fn timed_out(&self, after: Duration, max_in_flight: u32) -> TransportFailure {
        let was_mostly_waiting = self.waited_for_slot * 2 > after;
        let waited_for_slot = was_mostly_waiting.then_some((self.waited_for_slot, max_in_flight));
        TransportFailure::Timeout { after, attempts: self.all_attempts(), waited_for_slot }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_had_no_slot_says_so_unless_a_request_was_sent_before() {
        let (after, limit) = (Duration::from_secs(3), 1);
        let failure = |attempts, waited_s| {
            let mut progress = Progress { attempts, ..Progress::new(false) };
            progress.had_no_slot(Duration::from_secs(waited_s), after, limit)
        };
        let timeout = |attempts, waited_for_slot| TransportFailure::Timeout {
            after,
            attempts,
            waited_for_slot,
        };
        assert_eq!(failure(0, 3), TransportFailure::NoSlot { after, limit });
        assert_eq!(failure(1, 2), timeout(1, Some((Duration::from_secs(2), limit))));
        assert_eq!(failure(0, 0), timeout(0, None), "a slot was free");
    }

    #[test]
    fn a_timeout_mentions_the_wait_for_a_slot_if_that_was_most_of_the_time() {
        let after = Duration::from_secs(10);
        for (waited_ms, is_blamed) in [(0, false), (5000, false), (5001, true), (10_000, true)] {
            let waited_for_slot = Duration::from_millis(waited_ms);
            let progress = Progress { waited_for_slot, attempts: 2, ..Progress::new(false) };
            let waited_for_slot = is_blamed.then_some((waited_for_slot, 8));
            let expected = TransportFailure::Timeout { after, attempts: 2, waited_for_slot };
            assert_eq!(progress.timed_out(after, 8), expected, "{waited_ms}");
        }
    }
}
