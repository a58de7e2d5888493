//! setUserPreferredPresence: sets the presence that a user prefers to any session's.
//! <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>

use serde::Serialize;

use super::body::Body;
use super::property::{check_expiration, check_pair};
use super::row::{BodyRule, Effect, On, Row};
use super::{Invalid, Operation, Request, Target};
use crate::presence::duration::Range;
use crate::presence::{Activity, Availability, pairs};

pub(super) const ROW: Row = Row {
    body: BodyRule::Required { properties: "availability and activity", rules },
    pairs: Some(&pairs::PREFERRED),
    ..Row::new(
        Operation::SetUserPreferredPresence,
        "setUserPreferredPresence",
        "set the preferred presence of",
        Effect::Write,
        On::Presence("/setUserPreferredPresence"),
    )
};

/// The body of setUserPreferredPresence. A preferred presence shows only while the user has at least one session. The
/// response has no body.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetUserPreferredPresence {
    /// Together with `activity` one of the pairs that [`Operation::pairs`] lists for this operation:
    /// Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away or
    /// Offline/OffWork.
    pub availability: Availability,
    /// See `availability`.
    pub activity: Activity,
    /// How long the preferred presence lasts, such as `PT8H`; any length but zero. `None` leaves it to Graph, which
    /// uses one day for Busy and DoNotDisturb, and seven days for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<String>,
}

fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_pair(body, &pairs::PREFERRED)?;
    check_expiration(body, Range::Any)
}

impl Request {
    /// Sets the presence that a user prefers to any session's. It shows only while the user has a session.
    /// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Activity, Availability, Request, SetUserPreferredPresence, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let away = SetUserPreferredPresence {
    ///     availability: Availability::Away,
    ///     activity: Activity::Away,
    ///     expiration_duration: Some("PT8H".into()),
    /// };
    /// client.send(Request::set_user_preferred_presence(Target::user("adele"), away))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn set_user_preferred_presence(target: Target, body: SetUserPreferredPresence) -> Self {
        Self::new(Operation::SetUserPreferredPresence, target).with(&body)
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
    fn a_preferred_presence_has_its_own_pairs_and_lasts_any_time() {
        let given =
            json!({"availability": "offline", "activity": "offwork", "expirationDuration": "P8D"});
        let sent =
            json!({"availability": "Offline", "activity": "OffWork", "expirationDuration": "P8D"});
        assert_eq!(checked(given), Ok(sent));
        for (given, named) in [
            (json!({"availability": "Busy", "activity": "InACall"}), "Busy/InACall"),
            (json!({"activity": "Away"}), "setUserPreferredPresence needs availability"),
            (
                json!({"availability": "Away", "activity": "Away", "expirationDuration": "soon"}),
                "soon",
            ),
        ] {
            let refused = checked(given).unwrap_err();
            assert!(refused.contains(named), "{refused}");
        }
    }
}
