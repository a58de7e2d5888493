//! How many holds are in which condition, and what was done so far.

use super::hold::Condition;

/// Numbers of one keep-alive.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Counts {
    pub(super) pending: usize,
    pub(super) held: usize,
    pub(super) failing: usize,
    pub(super) lost: usize,
    pub(super) refused: usize,
    /// Sent and not answered.
    pub(super) in_flight: usize,
    /// Due and not sent.
    pub(super) waiting: usize,
    /// Successes since the start, the first ones included.
    pub(super) renewals: u64,
    /// Attempts since the start that did not succeed.
    pub(super) failures: u64,
}

impl Counts {
    pub(super) fn enter(&mut self, condition: Condition) {
        *self.of(condition) += 1;
    }

    pub(super) fn leave(&mut self, condition: Condition) {
        *self.of(condition) -= 1;
    }

    /// All holds.
    pub(super) fn holds(&self) -> usize {
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
