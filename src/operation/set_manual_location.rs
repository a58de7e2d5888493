//! setManualLocation: sets the work location that a user chose for today.
//! <https://learn.microsoft.com/graph/api/presence-setmanuallocation>

use super::row::{Effect, On, Row};
use super::{Operation, Request, SetLocation, Target, location};

pub(super) const ROW: Row = Row {
    body: location::BODY,
    ..Row::new(
        Operation::SetManualLocation,
        "setManualLocation",
        "set the work location of",
        Effect::Write,
        On::Presence("/setManualLocation"),
    )
};

impl Request {
    /// Sets the work location that a user chose for today.
    /// <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, SetLocation, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::signed_in();
    ///
    /// let remote = SetLocation { work_location_type: "remote".into(), place_id: None };
    /// client.send(Request::set_manual_location(Target::Me, remote))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn set_manual_location(target: Target, body: SetLocation) -> Self {
        Self::new(Operation::SetManualLocation, target).with(&body)
    }
}
