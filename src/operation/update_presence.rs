//! update presence: an operation that is in Graph's metadata but not in its documentation.

use super::row::{Effect, Method, On, Returns, Row};
use super::{Operation, Request, Target, WritePresence, write_presence};

pub(super) const ROW: Row = Row {
    is_action: false,
    method: Method::Patch,
    body: write_presence::BODY,
    returns: Returns::Presence,
    is_documented: false,
    ..Row::new(
        Operation::UpdatePresence,
        "update presence",
        "update the presence of",
        Effect::Write,
        On::Presence(""),
    )
};

impl Request {
    /// Updates a presence object. The live service is not known to offer this; see [`WritePresence`].
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Activity, Availability, Request, Target, WritePresence};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let away = WritePresence::new(Availability::Away, Activity::Away);
    /// let response = client.send(Request::update_presence(Target::user("adele"), away))?;
    /// assert_eq!(response.presence().unwrap().availability, Some(Availability::Away));
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn update_presence(target: Target, body: WritePresence) -> Self {
        Self::new(Operation::UpdatePresence, target).with(&body)
    }
}
