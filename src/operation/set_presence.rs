//! setPresence: what one application says about a user. <https://learn.microsoft.com/graph/api/presence-setpresence>

use serde::Serialize;

use super::body::{check_expiration, check_pair, check_session_id};
use crate::body::Body;
use crate::presence::duration::Range;
use crate::presence::{Activity, Availability, Invalid, pairs};

/// The state of one application's session with a user. Answer: nothing (200, in beta 204).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetPresence {
    /// The client id of the application that the token was issued to; `None`: taken from the credential or the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// With `activity` one of Available/Available, Busy/InACall, Busy/InAConferenceCall, Away/Away, DoNotDisturb/Presenting.
    pub availability: Availability,
    /// See `availability`.
    pub activity: Activity,
    /// `PT5M` to `PT4H`; Graph takes 5 minutes when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<String>,
}

impl SetPresence {
    /// A session of the calling application for Graph's 5 minutes.
    pub fn new(availability: Availability, activity: Activity) -> Self {
        Self { session_id: None, availability, activity, expiration_duration: None }
    }
}

pub(super) fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_pair(body, &pairs::SESSION)?;
    check_session_id(body)?;
    check_expiration(body, Range::Session)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(body: Value) -> Result<Value, String> {
        let mut body = Body::parse(&body.to_string(), "setPresence").unwrap();
        rules(&mut body).map_err(|invalid| invalid.to_string())?;
        Ok(serde_json::from_str(&body.to_json()).unwrap())
    }

    #[test]
    fn a_body_goes_out_as_graph_spells_it_and_keeps_what_it_does_not_know() {
        let given = json!({"sessionId": "a", "availability": "busy", "activity": "INACALL",
            "expirationDuration": "PT60M", "note": {"Any": [1]}});
        let sent = json!({"sessionId": "a", "availability": "Busy", "activity": "InACall",
            "expirationDuration": "PT1H", "note": {"Any": [1]}});
        assert_eq!(checked(given), Ok(sent));
    }

    #[test]
    fn each_property_is_refused_with_its_own_text() {
        let table = [
            (
                json!({"activity": "Away"}),
                "setPresence needs availability; use Available/Available, Busy/InACall, \
                 Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting",
            ),
            (
                json!({"availability": "Away", "activity": ""}),
                "setPresence needs activity; use Available/Available, Busy/InACall, \
                 Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting",
            ),
            (
                json!({"availability": 5, "activity": "Away"}),
                "availability is a JSON number; it takes a string",
            ),
            (
                json!({"availability": "Away", "activity": "Away", "sessionId": " "}),
                "sessionId is empty; give the application's client id, or leave it out",
            ),
            (
                json!({"availability": "Away", "activity": "Away", "expirationDuration": 60}),
                "expirationDuration \"60\" is not an ISO 8601 duration; it has no unit: write \
                 PT60M for minutes",
            ),
            (
                json!({"availability": "Away", "activity": "Away", "expirationDuration": ["PT1H"]}),
                "expirationDuration is a JSON array; it takes a string such as PT1H",
            ),
        ];
        for (body, text) in table {
            assert_eq!(checked(body), Err(text.into()));
        }
    }
}
