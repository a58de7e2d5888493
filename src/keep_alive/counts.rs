//! The counters of a keep-alive.

use super::hold::Condition;

/// How many holds are in each condition, and how many attempts were made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counts {
    pub(crate) pending: usize,
    pub(crate) held: usize,
    pub(crate) failing: usize,
    pub(crate) lost: usize,
    pub(crate) refused: usize,
    /// Requests that have no response yet.
    pub(crate) in_flight: usize,
    /// Holds that are due, or to be tried again, and have not been sent.
    pub(crate) waiting: usize,
    /// Successful attempts since the start, including the first of each hold.
    pub(crate) renewals: u64,
    /// Failed attempts since the start.
    pub(crate) failures: u64,
}

impl Counts {
    pub(crate) fn enter(&mut self, condition: Condition) {
        *self.of(condition) += 1;
    }

    pub(crate) fn leave(&mut self, condition: Condition) {
        *self.of(condition) -= 1;
    }

    /// The number of holds.
    #[cfg(test)]
    pub(crate) fn holds(&self) -> usize {
        self.pending + self.held + self.failing + self.lost + self.refused
    }

    fn of(&mut self, condition: Condition) -> &mut usize {
        match condition {
            Condition::Pending => &mut self.pending,
            Condition::Held => &mut self.held,
            Condition::Failing => &mut self.failing,
            Condition::Lost => &mut self.lost,
            Condition::Refused => &mut self.refused,
        }
    }
}
