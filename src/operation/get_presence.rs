//! get presence: reads a user's presence. <https://learn.microsoft.com/graph/api/presence-get>

use super::row::{Effect, Method, On, Returns, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row {
    is_action: false,
    method: Method::Get,
    returns: Returns::Presence,
    ..Row::new(
        Operation::GetPresence,
        "get presence",
        "read the presence of",
        Effect::Read,
        On::Presence(""),
    )
};

impl Request {
    /// Reads the presence of a user. <https://learn.microsoft.com/graph/api/presence-get>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Availability, Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let response = client.send(Request::get_presence(Target::user("adele")))?;
    /// let presence = response.presence().unwrap();
    /// assert_eq!(presence.availability, Some(Availability::Offline));
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn get_presence(target: Target) -> Self {
        Self::new(Operation::GetPresence, target)
    }
}
