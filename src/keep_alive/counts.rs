//! How many holds are in which condition, and what was done so far.

use super::hold::Condition;

/// Numbers of one keep-alive.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counts {
    pub(crate) pending: usize,
    pub(crate) held: usize,
    pub(crate) failing: usize,
    pub(crate) lost: usize,
    pub(crate) refused: usize,
    /// Sent and not answered.
    pub(crate) in_flight: usize,
    /// Due and not sent, or to be sent again.
    pub(crate) waiting: usize,
    /// Successes since the start, the first ones included.
    pub(crate) renewals: u64,
    /// Attempts since the start that did not succeed.
    pub(crate) failures: u64,
}

impl Counts {
    pub(crate) fn enter(&mut self, condition: Condition) {
        *self.of(condition) += 1;
    }

    pub(crate) fn leave(&mut self, condition: Condition) {
        *self.of(condition) -= 1;
    }

    /// All holds.
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
