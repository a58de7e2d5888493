//! The presence object as Graph returns it, read tolerantly.
//! <https://learn.microsoft.com/graph/api/resources/presence>

use serde::Deserialize;
use serde_json::Value;

use super::{Activity, Availability};

/// What Graph knows of a user's presence. Every property may be absent; unknown ones stay in [`Presence::json`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Presence {
    /// The user's object id.
    pub id: Option<String>,
    /// The colour of the dot.
    pub availability: Option<Availability>,
    /// What stands beside it.
    pub activity: Option<Activity>,
    /// The automatic reply of the user's mailbox, as Teams shows it.
    pub out_of_office: Option<OutOfOffice>,
    /// The text that the user, or an application, has put under the name.
    pub status_message: Option<StatusMessage>,
    /// Where the user works now.
    pub work_location: Option<WorkLocation>,
    /// A stamp that sorts by time as text.
    pub sequence_number: Option<String>,
    /// The whole object.
    pub json: Value,
}

/// <https://learn.microsoft.com/graph/api/resources/outofofficesettings>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct OutOfOffice {
    /// Whether the user is out of office.
    pub is_out_of_office: Option<bool>,
    /// The automatic reply.
    pub message: Option<String>,
}

/// <https://learn.microsoft.com/graph/api/resources/presencestatusmessage>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusMessage {
    /// The text.
    pub content: Option<String>,
    /// `text` or `html`; Teams shows text only.
    pub content_type: Option<String>,
    /// When it ends, without offset; absent for another user's message.
    pub expiry: Option<String>,
    /// The time zone of `expiry`, such as `Pacific Standard Time`.
    pub expiry_time_zone: Option<String>,
    /// When it was published; absent for another user's message.
    pub published: Option<String>,
}

/// <https://learn.microsoft.com/graph/api/resources/userworklocation>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct WorkLocation {
    /// `office`, `remote`, `timeOff` or `unspecified`.
    pub work_location_type: Option<String>,
    /// `manual`, `automatic`, `scheduled` or `none`.
    pub source: Option<String>,
    /// The place in the directory.
    pub place_id: Option<String>,
}

impl Presence {
    /// Reads an object. A property of another type than Graph documents counts as absent: one odd
    /// value must not hide the others.
    pub(crate) fn read(json: Value) -> Self {
        let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str).map(String::from);
        let is_object = |name: &str| json.get(name).is_some_and(Value::is_object);
        Self {
            id: text("/id"),
            availability: json
                .get("availability")
                .and_then(|word| Availability::deserialize(word).ok()),
            activity: json.get("activity").and_then(|word| Activity::deserialize(word).ok()),
            out_of_office: is_object("outOfOfficeSettings").then(|| OutOfOffice {
                is_out_of_office: json
                    .pointer("/outOfOfficeSettings/isOutOfOffice")
                    .and_then(Value::as_bool),
                message: text("/outOfOfficeSettings/message"),
            }),
            status_message: is_object("statusMessage").then(|| StatusMessage {
                content: text("/statusMessage/message/content"),
                content_type: text("/statusMessage/message/contentType"),
                expiry: text("/statusMessage/expiryDateTime/dateTime"),
                expiry_time_zone: text("/statusMessage/expiryDateTime/timeZone"),
                published: text("/statusMessage/publishedDateTime"),
            }),
            work_location: is_object("workLocation").then(|| WorkLocation {
                work_location_type: text("/workLocation/workLocationType"),
                source: text("/workLocation/source"),
                place_id: text("/workLocation/placeId"),
            }),
            sequence_number: text("/sequenceNumber"),
            json,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_words_and_properties_are_kept() {
        let presence = Presence::read(
            json!({"availability": "Focusing", "activity": "InACall + OOF", "mood": 7}),
        );
        assert_eq!(presence.availability, Some(Availability::Other("Focusing".into())));
        assert_eq!(presence.activity.unwrap().as_str(), "InACall + OOF");
        assert_eq!(presence.json["mood"], 7);
    }

    #[test]
    fn one_odd_property_does_not_hide_the_others() {
        let presence =
            Presence::read(json!({"availability": 5, "activity": "Away", "statusMessage": "x"}));
        assert_eq!(presence.availability, None);
        assert_eq!(presence.activity, Some(Activity::Away));
        assert_eq!(presence.status_message, None);
    }
}
