//! Keeps the order of the operations on one user: a write waits until everything submitted earlier for that user has
//! ended, and every operation waits for earlier writes. Reads do not wait for each other.

use std::collections::{HashMap, VecDeque};

/// Whether an operation changes the presence of its user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A lane for each user with operations. An operation is identified by its number.
#[derive(Debug, Default)]
pub(super) struct Order(HashMap<Box<str>, Lane>);

#[derive(Debug, Default)]
struct Lane {
    /// The number of operations that have begun and not ended: one write, or any number of reads.
    begun: usize,
    is_writing: bool,
    waiting: VecDeque<(u64, Access)>,
}

impl Order {
    /// Adds an operation behind the others of its user. Returns whether it may begin at once.
    pub(super) fn enter(&mut self, user: &str, operation: u64, access: Access) -> bool {
        let lane = match self.0.get_mut(user) {
            Some(lane) => lane,
            None => self.0.entry(user.into()).or_default(),
        };
        let may_begin = lane.waiting.is_empty() && lane.has_room(access);
        if may_begin {
            lane.begin(access);
        } else {
            lane.waiting.push_back((operation, access));
        }
        may_begin
    }

    /// Ends an operation that had begun. Returns those that may begin now.
    pub(super) fn leave(&mut self, user: &str) -> Vec<u64> {
        let Some(lane) = self.0.get_mut(user) else { return Vec::new() };
        lane.begun -= 1;
        self.next(user)
    }

    /// Removes an operation that had not begun. Returns those that may begin now.
    pub(super) fn withdraw(&mut self, user: &str, operation: u64) -> Vec<u64> {
        let Some(lane) = self.0.get_mut(user) else { return Vec::new() };
        lane.waiting.retain(|(waiting, _)| *waiting != operation);
        self.next(user)
    }

    fn next(&mut self, user: &str) -> Vec<u64> {
        let Some(lane) = self.0.get_mut(user) else { return Vec::new() };
        let mut begin = Vec::new();
        while let Some((operation, access)) =
            lane.waiting.front().copied().filter(|(_, access)| lane.has_room(*access))
        {
            lane.waiting.pop_front();
            lane.begin(access);
            begin.push(operation);
        }
        if lane.begun == 0 {
            self.0.remove(user);
        }
        begin
    }
}

impl Lane {
    fn has_room(&self, access: Access) -> bool {
        self.begun == 0 || access == Access::Read && !self.is_writing
    }

    fn begin(&mut self, access: Access) {
        self.begun += 1;
        self.is_writing = access == Access::Write;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Access::{Read, Write};

    const NONE: [u64; 0] = [];

    #[test]
    fn a_write_waits_for_everything_before_it_and_everything_after_it_waits_for_the_write() {
        let mut order = Order::default();
        let begun: Vec<bool> = [Read, Read, Write, Read, Read, Write]
            .iter()
            .zip(1..)
            .map(|(access, operation)| order.enter("adele", operation, *access))
            .collect();
        assert_eq!(begun, [true, true, false, false, false, false]);
        assert_eq!(order.leave("adele"), NONE);
        assert_eq!(order.leave("adele"), [3]);
        assert_eq!(order.leave("adele"), [4, 5]);
        assert_eq!(order.leave("adele"), NONE);
        assert_eq!(order.leave("adele"), [6]);
        assert_eq!(order.leave("adele"), NONE);
        assert!(order.0.is_empty(), "a user without operations takes no memory");
    }

    #[test]
    fn users_do_not_wait_for_each_other() {
        let mut order = Order::default();
        assert!(order.enter("adele", 1, Write));
        assert!(order.enter("alex", 2, Write));
        assert!(!order.enter("adele", 3, Write));
    }

    #[test]
    fn a_withdrawn_operation_lets_those_behind_it_begin() {
        let mut order = Order::default();
        for (operation, access) in [(1, Read), (2, Write), (3, Read), (4, Write)] {
            order.enter("adele", operation, access);
        }
        assert_eq!(order.withdraw("adele", 4), NONE);
        assert_eq!(order.withdraw("adele", 2), [3]);
        assert_eq!(order.withdraw("adele", 7), NONE);
    }
}
