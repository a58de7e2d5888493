//! clearPresence: ends one application's session. <https://learn.microsoft.com/graph/api/presence-clearpresence>

use serde::Serialize;

use super::body::Body;
use super::property::check_session_id;
use super::row::{BodyRule, Effect, On, Replay, Row};
use super::{Invalid, Operation, Request, Target};

pub(super) const ROW: Row = Row {
    body: BodyRule::Required { properties: "sessionId", rules },
    replay: Replay::SafeDoneIs404,
    has_session: true,
    ..Row::new(
        Operation::ClearPresence,
        "clearPresence",
        "clear the presence of",
        Effect::Write,
        On::Presence("/clearPresence"),
    )
};

/// The body of clearPresence: which session to end. A successful response has no body. Graph answers 404 if there is no
/// such session.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClearPresence {
    /// The client id of the application that set the presence. `None` takes it from the credential or the
    /// token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
}

fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_session_id(body, "clearPresence")
}

impl Request {
    /// Ends the calling application's session with a user. <https://learn.microsoft.com/graph/api/presence-clearpresence>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Activity, Availability, ClearPresence, Request, SetPresence, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let busy = SetPresence::new(Availability::Busy, Activity::InACall);
    /// client.send(Request::set_presence(Target::user("adele"), busy))?;
    /// client.send(Request::clear_presence(Target::user("adele"), ClearPresence::default()))?;
    ///
    /// let response = client.send(Request::get_presence(Target::user("adele")))?;
    /// assert_eq!(response.presence().unwrap().availability, Some(Availability::Offline));
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn clear_presence(target: Target, body: ClearPresence) -> Self {
        Self::new(Operation::ClearPresence, target).with(&body).default_session_id()
    }
}
