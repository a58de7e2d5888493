//! The presence object as Graph returns it, read tolerantly.
//! <https://learn.microsoft.com/graph/api/resources/presence>

use super::{Activity, Availability};
use crate::json::{Json, Object};

/// What Graph knows about the presence of a user. Any property may be absent. Unknown ones stay in [`Presence::json`].
///
/// # Example
/// ```
/// use mgpresence::{Activity, Availability, Request, SetPresence, Target};
/// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
/// # let (emulator, client) = doctest::emulated();
///
/// let away = SetPresence::new(Availability::Away, Activity::Away);
/// client.send(Request::set_presence(Target::user("adele"), away))?;
/// let response = client.send(Request::get_presence(Target::user("adele")))?;
/// let presence = response.presence().unwrap();
/// assert_eq!(presence.availability, Some(Availability::Away));
/// assert_eq!(presence.id, Some(emulator.user_id("adele")));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Presence {
    /// The user's object id.
    pub id: Option<String>,
    /// The colour of the dot.
    pub availability: Option<Availability>,
    /// What the user is doing.
    pub activity: Option<Activity>,
    /// Whether the user is out of office, and the automatic reply of their mailbox.
    pub out_of_office: Option<OutOfOffice>,
    /// The text under the user's name.
    pub status_message: Option<StatusMessage>,
    /// Where the user works now.
    pub work_location: Option<WorkLocation>,
    /// A stamp that orders the versions of a presence. Compare it as text: a later one is greater.
    pub sequence_number: Option<String>,
    /// The whole object as JSON, exactly as Graph wrote it.
    pub json: String,
}

/// The automatic reply of a user. <https://learn.microsoft.com/graph/api/resources/outofofficesettings>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct OutOfOffice {
    /// Whether the user is out of office.
    pub is_out_of_office: Option<bool>,
    /// The automatic reply.
    pub message: Option<String>,
}

/// The text under a user's name. <https://learn.microsoft.com/graph/api/resources/presencestatusmessage>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusMessage {
    /// The text.
    pub content: Option<String>,
    /// `text` or `html`; Teams shows text only.
    pub content_type: Option<String>,
    /// When it ends: a local time without an offset. Absent for the message of another user.
    pub expiry: Option<String>,
    /// The time zone of `expiry`, such as `Pacific Standard Time`.
    pub expiry_time_zone: Option<String>,
    /// When it was published. Absent for the message of another user.
    pub published: Option<String>,
}

/// Where a user works. <https://learn.microsoft.com/graph/api/resources/userworklocation>
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
    /// The properties that a presence has, by Graph's names.
    pub(crate) const PROPERTIES: [&str; 7] = [
        "id",
        "availability",
        "activity",
        "outOfOfficeSettings",
        "statusMessage",
        "workLocation",
        "sequenceNumber",
    ];

    /// Reads an object. A property whose type is not the documented one is treated as absent, so that one odd value
    /// does not hide the others.
    pub(crate) fn read(json: Json<'_>) -> Self {
        let object = json.object().unwrap_or_default();
        Self {
            id: object.text("id"),
            availability: object.text("availability").map(|word| word.as_str().into()),
            activity: object.text("activity").map(|word| word.as_str().into()),
            out_of_office: object.object("outOfOfficeSettings").map(|it| OutOfOffice::read(&it)),
            status_message: object.object("statusMessage").map(|it| StatusMessage::read(&it)),
            work_location: object.object("workLocation").map(|it| WorkLocation::read(&it)),
            sequence_number: object.text("sequenceNumber"),
            json: json.raw().into(),
        }
    }
}

impl OutOfOffice {
    fn read(object: &Object<'_>) -> Self {
        let is_out_of_office = object.get("isOutOfOffice").and_then(Json::boolean);
        Self { is_out_of_office, message: object.text("message") }
    }
}

impl StatusMessage {
    fn read(object: &Object<'_>) -> Self {
        let message = object.object("message").unwrap_or_default();
        let expiry = object.object("expiryDateTime").unwrap_or_default();
        Self {
            content: message.text("content"),
            content_type: message.text("contentType"),
            expiry: expiry.text("dateTime"),
            expiry_time_zone: expiry.text("timeZone"),
            published: object.text("publishedDateTime"),
        }
    }
}

impl WorkLocation {
    fn read(object: &Object<'_>) -> Self {
        Self {
            work_location_type: object.text("workLocationType"),
            source: object.text("source"),
            place_id: object.text("placeId"),
        }
    }
}

#[cfg(test)]
impl From<serde_json::Value> for Presence {
    fn from(json: serde_json::Value) -> Self {
        Self::read(Json::parse(&json.to_string()).expect("a Value is JSON"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_words_and_properties_are_kept() {
        let presence = Presence::from(
            json!({"availability": "Focusing", "activity": "InACall + OOF", "mood": 7}),
        );
        assert_eq!(presence.availability, Some(Availability::Other("Focusing".into())));
        assert_eq!(presence.activity.unwrap().as_str(), "InACall + OOF");
        assert!(presence.json.contains(r#""mood":7"#));
    }

    #[test]
    fn one_odd_property_does_not_hide_the_others() {
        let presence =
            Presence::from(json!({"availability": 5, "activity": "Away", "statusMessage": "x"}));
        assert_eq!(presence.availability, None);
        assert_eq!(presence.activity, Some(Activity::Away));
        assert_eq!(presence.status_message, None);
    }

    #[test]
    fn a_value_that_cannot_be_represented_hides_no_other_property_and_stays_in_the_json() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        for odd in ["1e400", r#""\ud800""#, &deep] {
            let text = format!(
                r#"{{"mood":{odd}, "activity":"Away", "statusMessage":{{"x":{odd},"publishedDateTime":"p"}}}}"#
            );
            let presence = Presence::read(Json::parse(&text).unwrap());
            assert_eq!(presence.activity, Some(Activity::Away));
            assert_eq!(presence.status_message.unwrap().published.as_deref(), Some("p"));
            assert_eq!(presence.json, text);
        }
    }
}
