//! clearAutomaticLocation: clears the work location that a device set, and leaves the one that the user chose.
//! <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>

use super::row::{Effect, On, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row::new(
    Operation::ClearAutomaticLocation,
    "clearAutomaticLocation",
    "clear the automatic work location of",
    Effect::Write,
    On::Presence("/clearAutomaticLocation"),
);

impl Request {
    /// Clears the work location that a device set, and leaves the one that the user chose.
    /// <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::signed_in();
    ///
    /// client.send(Request::clear_automatic_location(Target::Me))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn clear_automatic_location(target: Target) -> Self {
        Self::new(Operation::ClearAutomaticLocation, target)
    }
}
