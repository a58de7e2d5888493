//! The body that update and create share: a presence object, as Graph's metadata defines it.

use serde::Serialize;

use super::Invalid;
use super::body::Body;
use super::property::{given, text};
use super::row::BodyRule;
use super::set_status_message::check_message;
use crate::presence::{Activity, Availability};

pub(super) const BODY: BodyRule =
    BodyRule::Required { properties: "availability and activity", rules };

/// The body of an update or a create: a presence object. The response contains the presence.
///
/// Graph's documentation does not describe these operations, no permission grants them, and the live service answered
/// an update with 404. Use setPresence, setUserPreferredPresence and setStatusMessage instead.
#[derive(Clone, Debug, Serialize)]
pub struct WritePresence {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    /// The user's object id; only a create needs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The colour of the dot.
    pub availability: Availability,
    /// What the user is doing.
    pub activity: Activity,
}

impl WritePresence {
    /// A presence with Graph's type name and without an id.
    pub fn new(availability: Availability, activity: Activity) -> Self {
        Self { odata_type: "#microsoft.graph.presence", id: None, availability, activity }
    }
}

fn rules(body: &mut Body) -> Result<(), Invalid> {
    let is_written = |name: &str| {
        !name.eq_ignore_ascii_case("id") && !name.starts_with('@') && given(body, name).is_some()
    };
    if !body.names().any(is_written) {
        return Err(Invalid::Missing {
            property: "a property to write",
            action: "A presence object",
            advice:
                "Give availability and activity, statusMessage, outOfOfficeSettings or workLocation"
                    .into(),
        });
    }
    for property in ["availability", "activity"] {
        if text(body, property)?.is_some_and(|word| word.is_empty()) {
            let advice = "Give a word such as Busy, or leave it out";
            return Err(Invalid::Value { property, given: "".into(), advice });
        }
    }
    body.property("statusMessage").map_or(Ok(()), |message| check_message(Some(message)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(body: Value) -> Result<(), String> {
        Body::checked(&body, rules).map(drop)
    }

    #[test]
    fn a_body_without_a_property_to_write_is_refused() {
        for body in [
            json!({}),
            json!({"id": "a"}),
            json!({"@odata.type": "#microsoft.graph.presence", "id": "a"}),
            json!({"availability": null, "workLocation": null}),
        ] {
            let text = checked(body.clone()).unwrap_err();
            assert!(
                text.starts_with("A presence object needs a property to write. Give"),
                "{text}"
            );
        }
    }

    #[test]
    fn an_empty_word_or_message_is_refused() {
        assert_eq!(
            checked(json!({"availability": "", "activity": "Away"})),
            Err("availability \"\" is not a value that Graph accepts. Give a word such as Busy, or leave it \
                 out.".into())
        );
        assert!(checked(json!({"availability": "Away", "statusMessage": {}})).is_err());
    }

    #[test]
    fn one_property_is_enough_even_an_unknown_one() {
        for body in [
            json!({"availability": "Away"}),
            json!({"statusMessage": {"message": {"content": ""}}}),
            json!({"hologram": {"size": 2}}),
        ] {
            assert_eq!(checked(body), Ok(()));
        }
    }
}
