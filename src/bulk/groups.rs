//! The groups of operations that may be in the same batch, and the throttle of each.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::operation::ApiVersion;
use crate::token::Token;
use crate::transport::SharedThrottle;

/// With fewer groups than this, those without operations are not looked for.
const FEW: usize = 64;

/// What operations must have in common to be in the same batch.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Common {
    pub(super) api_version: ApiVersion,
    /// The request's own token; `None` for the credential's.
    pub(super) token: Option<Token>,
    /// All operations of a batch have the same timeout, which its failures name.
    pub(super) timeout: Duration,
    /// Whether they are those of keep-alives, whose person may be away.
    pub(super) urgent: bool,
}

/// A group. It is compared by its number, because a token takes long to compare.
#[derive(Clone, Debug)]
pub(super) struct Group(Arc<Numbered>);

#[derive(Debug)]
struct Numbered {
    number: u64,
    common: Common,
    throttle: Mutex<Throttled>,
}

/// The throttle of a group. It depends on the group's token.
#[derive(Debug)]
pub(super) enum Throttled {
    Unknown,
    /// A token is being asked for.
    Asked,
    By(Arc<SharedThrottle>),
}

/// The groups of one client that have operations.
#[derive(Debug, Default)]
pub(super) struct Groups(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    groups: HashMap<Common, Group>,
    last: u64,
    /// How many groups to have before those without operations are dropped.
    many: usize,
}

impl Groups {
    /// The group of operations that have this in common.
    pub(super) fn of(&self, common: Common) -> Group {
        let mut known = self.lock();
        if let Some(group) = known.groups.get(&common) {
            return group.clone();
        }
        if known.groups.len() >= known.many {
            known.forget_idle();
        }
        known.last += 1;
        let (number, throttle) = (known.last, Mutex::new(Throttled::Unknown));
        let group = Group(Arc::new(Numbered { number, common: common.clone(), throttle }));
        known.groups.insert(common, group.clone());
        group
    }

    /// Drops the groups without operations, with their tokens.
    pub(super) fn forget_idle(&self) {
        self.lock().forget_idle();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn forget_idle(&mut self) {
        self.groups.retain(|_, group| Arc::strong_count(&group.0) > 1);
        // Twice as many, so that looking for them costs little for each group that is added.
        self.many = FEW.max(2 * self.groups.len());
    }
}

impl Group {
    pub(super) fn throttle(&self) -> MutexGuard<'_, Throttled> {
        self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a token is being asked for.
    pub(super) fn lacks_token(&self) -> bool {
        matches!(*self.throttle(), Throttled::Asked)
    }
}

impl Deref for Group {
    type Target = Common;

    fn deref(&self) -> &Common {
        &self.0.common
    }
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        self.0.number == other.0.number
    }
}

impl Eq for Group {}

impl Hash for Group {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.number.hash(state);
    }
}

impl Ord for Group {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.number.cmp(&other.0.number)
    }
}

impl PartialOrd for Group {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(timeout_s: u64) -> Common {
        let (api_version, token) = (ApiVersion::V1_0, Token::new("a-token").ok());
        Common { api_version, token, timeout: Duration::from_secs(timeout_s), urgent: false }
    }

    #[test]
    fn operations_with_all_in_common_have_one_group() {
        let groups = Groups::default();
        let (first, same, other) =
            (groups.of(common(1)), groups.of(common(1)), groups.of(common(2)));
        assert!(first == same && first != other && first < other);
    }

    #[test]
    fn groups_that_nobody_uses_are_dropped() {
        let groups = Groups::default();
        let used: Vec<Group> = (0..10).map(|number| groups.of(common(number))).collect();
        (10..10 * FEW as u64).for_each(|number| drop(groups.of(common(number))));
        assert!(groups.lock().groups.len() <= 2 * FEW);
        groups.forget_idle();
        assert_eq!(groups.lock().groups.len(), used.len());
        assert_eq!(groups.of(common(3)), used[3]);
    }
}
