//! clearLocation: clears a user's work location, whether the user or a device set it.
//! <https://learn.microsoft.com/graph/api/presence-clearlocation>

use super::row::{Effect, On, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row::new(
    Operation::ClearLocation,
    "clearLocation",
    "clear the work location of",
    Effect::Write,
    On::Presence("/clearLocation"),
);

impl Request {
    /// Clears a user's work location, whether the user or a device set it.
    /// <https://learn.microsoft.com/graph/api/presence-clearlocation>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::signed_in();
    ///
    /// client.send(Request::clear_location(Target::Me))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn clear_location(target: Target) -> Self {
        Self::new(Operation::ClearLocation, target)
    }
}
