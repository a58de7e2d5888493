//! setAutomaticLocation: sets the work location that a device detected.
//! <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>

use super::row::{Effect, On, Row};
use super::{Operation, Request, SetLocation, Target, location};

pub(super) const ROW: Row = Row {
    body: location::BODY,
    ..Row::new(
        Operation::SetAutomaticLocation,
        "setAutomaticLocation",
        "set the automatic work location of",
        Effect::Write,
        On::Presence("/setAutomaticLocation"),
    )
};

impl Request {
    /// Sets the work location that a device detected.
    /// <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, SetLocation, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::signed_in();
    ///
    /// let remote = SetLocation { work_location_type: "remote".into(), place_id: None };
    /// client.send(Request::set_automatic_location(Target::Me, remote))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn set_automatic_location(target: Target, body: SetLocation) -> Self {
        Self::new(Operation::SetAutomaticLocation, target).with(&body)
    }
}
