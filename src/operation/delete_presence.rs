//! delete presence: an operation that is in Graph's metadata but not in its documentation.

use super::row::{Effect, Method, On, Replay, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row {
    is_action: false,
    method: Method::Delete,
    replay: Replay::SafeDoneIs404,
    is_documented: false,
    ..Row::new(
        Operation::DeletePresence,
        "delete presence",
        "delete the presence of",
        Effect::Write,
        On::Presence(""),
    )
};

impl Request {
    /// Deletes a presence object. The live service is not known to offer this; see
    /// [`WritePresence`](crate::WritePresence).
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let response = client.send(Request::delete_presence(Target::user("adele")))?;
    /// assert_eq!(response.http_status(), 204);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn delete_presence(target: Target) -> Self {
        Self::new(Operation::DeletePresence, target)
    }
}
