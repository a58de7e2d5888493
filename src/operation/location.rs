//! The body that setManualLocation and setAutomaticLocation share, and its rules.

use serde::Serialize;

use super::Invalid;
use super::body::Body;
use super::property::{put, text};
use super::row::BodyRule;

pub(super) const BODY: BodyRule = BodyRule::Required { properties: "workLocationType", rules };

/// The body of setManualLocation and setAutomaticLocation: where a user works. Graph accepts it with the token of a
/// signed-in user only. The response has no body.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetLocation {
    /// `office`, `remote`, `timeOff` or `unspecified`.
    pub work_location_type: String,
    /// The id of the place in the directory, such as a building or a room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_id: Option<String>,
}

const TYPES: [&str; 4] = ["office", "remote", "timeOff", "unspecified"];

fn rules(body: &mut Body) -> Result<(), Invalid> {
    const PROPERTY: &str = "workLocationType";
    const ADVICE: &str = "Use office, remote, timeOff or unspecified";
    let Some(given) = text(body, PROPERTY)?.filter(|word| !word.is_empty()) else {
        let advice = ADVICE.to_string();
        return Err(Invalid::Missing { property: PROPERTY, action: "A work location", advice });
    };
    let known = TYPES.iter().find(|word| word.eq_ignore_ascii_case(&given)).ok_or_else(|| {
        Invalid::Value { property: PROPERTY, given: given.as_str().into(), advice: ADVICE }
    })?;
    put(body, PROPERTY, known);
    text(body, "placeId").map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(body: Value) -> Result<Value, String> {
        Body::checked(&body, rules)
    }

    #[test]
    fn a_location_is_sent_as_graph_spells_it() {
        for (given, sent) in [
            (json!({"workLocationType": "TIMEOFF"}), json!({"workLocationType": "timeOff"})),
            (
                json!({"workLocationType": "office", "placeId": "p"}),
                json!({"workLocationType": "office", "placeId": "p"}),
            ),
        ] {
            assert_eq!(checked(given), Ok(sent));
        }
    }

    #[test]
    fn an_invalid_location_is_named() {
        for (given, named) in [
            (json!({}), "workLocationType"),
            (json!({"workLocationType": ""}), "Use office, remote, timeOff or unspecified"),
            (json!({"workLocationType": "beach"}), "\"beach\""),
            (json!({"workLocationType": "office", "placeId": 7}), "placeId is a JSON number"),
        ] {
            let refused = checked(given).unwrap_err();
            assert!(refused.contains(named), "{refused}");
        }
    }
}
