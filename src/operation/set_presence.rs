//! setPresence: sets the state of one application's session with a user. <https://learn.microsoft.com/graph/api/presence-setpresence>

use serde::Serialize;

use super::body::Body;
use super::property::{check_expiration, check_pair, check_session_id};
use super::row::{BodyRule, Effect, On, Row};
use super::{Invalid, Operation, Request, Target};
use crate::presence::duration::Range;
use crate::presence::{Activity, Availability, pairs};

pub(super) const ROW: Row = Row {
    body: BodyRule::Required { properties: "sessionId, availability and activity", rules },
    pairs: Some(&pairs::SESSION),
    has_session: true,
    ..Row::new(
        Operation::SetPresence,
        "setPresence",
        "set the presence of",
        Effect::Write,
        On::Presence("/setPresence"),
    )
};

/// The body of setPresence: the state of one application's session with a user. The response has no body (200, in beta
/// 204).
/// ```
/// use mgpresence::{Activity, Availability, SetPresence};
///
/// let busy = SetPresence {
///     expiration_duration: Some("PT1H".into()),
///     ..SetPresence::new(Availability::Busy, Activity::InACall)
/// };
/// assert_eq!(busy.session_id, None);
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetPresence {
    /// The client id of the application that the token was issued to. `None` takes it from the credential or the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Together with `activity` one of the pairs that [`Operation::pairs`] lists for this operation:
    /// Available/Available, Busy/InACall, Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting.
    pub availability: Availability,
    /// See `availability`.
    pub activity: Activity,
    /// `PT5M` to `PT4H`. `None` leaves it to Graph, which uses 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<String>,
}

impl SetPresence {
    /// A session of the calling application that lasts Graph's 5 minutes.
    pub fn new(availability: Availability, activity: Activity) -> Self {
        Self { session_id: None, availability, activity, expiration_duration: None }
    }
}

fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_pair(body, &pairs::SESSION)?;
    check_session_id(body, "setPresence")?;
    check_expiration(body, Range::Session)
}

impl Request {
    /// Sets the state of the calling application's session with a user. <https://learn.microsoft.com/graph/api/presence-setpresence>
    ///
    /// Without a `session_id` the session is that of the credential's client id, or of the application that the token
    /// names.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Activity, Availability, Request, SetPresence, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let busy = SetPresence::new(Availability::Busy, Activity::InACall);
    /// client.send(Request::set_presence(Target::user("adele"), busy))?;
    ///
    /// let response = client.send(Request::get_presence(Target::user("adele")))?;
    /// assert_eq!(response.presence().unwrap().activity, Some(Activity::InACall));
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn set_presence(target: Target, body: SetPresence) -> Self {
        Self::new(Operation::SetPresence, target).with(&body).default_session_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(body: Value) -> Result<Value, String> {
        Body::checked(&body, rules)
    }

    #[test]
    fn a_body_is_sent_as_graph_spells_it_and_keeps_unknown_properties() {
        let given = json!({"sessionId": "a", "availability": "busy", "activity": "INACALL",
            "expirationDuration": "PT60M", "note": {"Any": [1]}});
        let sent = json!({"sessionId": "a", "availability": "Busy", "activity": "InACall",
            "expirationDuration": "PT1H", "note": {"Any": [1]}});
        assert_eq!(checked(given), Ok(sent));
    }

    #[test]
    fn each_invalid_property_is_refused_with_its_own_message() {
        let table = [
            (
                json!({"activity": "Away"}),
                "setPresence needs availability. Use Available/Available, Busy/InACall, Busy/InAConferenceCall, \
                 Away/Away or DoNotDisturb/Presenting.",
            ),
            (
                json!({"availability": "Away", "activity": ""}),
                "setPresence needs activity. Use Available/Available, Busy/InACall, Busy/InAConferenceCall, \
                 Away/Away or DoNotDisturb/Presenting.",
            ),
            (
                json!({"availability": 5, "activity": "Away"}),
                "availability is a JSON number. Give a string.",
            ),
            (
                json!({"availability": "Away", "activity": "Away"}),
                "setPresence needs a sessionId. Give the application's client id as sessionId, or ask for the default one, as PowerShell does without -BodyParameter.",
            ),
            (
                json!({"availability": "Away", "activity": "Away", "sessionId": " "}),
                "sessionId is empty. Give the application's client id.",
            ),
            (
                json!({"sessionId": "a", "availability": "Away", "activity": "Away", "expirationDuration": 60}),
                "expirationDuration \"60\" is not an ISO 8601 duration. It has no unit: write PT60M for minutes.",
            ),
            (
                json!({"sessionId": "a", "availability": "Away", "activity": "Away", "expirationDuration": ["PT1H"]}),
                "expirationDuration is a JSON array. Give a string such as PT1H.",
            ),
        ];
        for (body, text) in table {
            assert_eq!(checked(body), Err(text.into()));
        }
    }
}
