//! clearUserPreferredPresence: clears the preferred presence of a user, so that the sessions show again.
//! <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>

use super::row::{BodyRule, Effect, On, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row {
    body: BodyRule::Empty,
    ..Row::new(
        Operation::ClearUserPreferredPresence,
        "clearUserPreferredPresence",
        "clear the preferred presence of",
        Effect::Write,
        On::Presence("/clearUserPreferredPresence"),
    )
};

impl Request {
    /// Clears the preferred presence of a user, so that the sessions show again.
    /// <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// client.send(Request::clear_user_preferred_presence(Target::user("adele")))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn clear_user_preferred_presence(target: Target) -> Self {
        Self::new(Operation::ClearUserPreferredPresence, target)
    }
}
