//! create presence: an operation that is in Graph's metadata but not in its documentation.

use super::row::{Effect, Method, On, Replay, Returns, Row};
use super::{Operation, Request, Target, WritePresence, write_presence};

pub(super) const ROW: Row = Row {
    is_action: false,
    method: Method::Post,
    body: write_presence::BODY,
    returns: Returns::Presence,
    replay: Replay::Never,
    is_documented: false,
    ..Row::new(
        Operation::CreatePresence,
        "create presence",
        "create a presence",
        Effect::Write,
        On::Communications("/presences"),
    )
};

impl Request {
    /// Creates a presence object. The live service is not known to offer this; see [`WritePresence`].
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Activity, Availability, Request, WritePresence};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (emulator, client) = doctest::emulated();
    ///
    /// let mut away = WritePresence::new(Availability::Away, Activity::Away);
    /// away.id = Some(emulator.user_id("alex"));
    /// let response = client.send(Request::create_presence(away))?;
    /// assert_eq!(response.http_status(), 201);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn create_presence(body: WritePresence) -> Self {
        Self::new(Operation::CreatePresence, Target::Me).with(&body)
    }
}
