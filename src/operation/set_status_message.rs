//! setStatusMessage: sets the text under a user's name. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::json;

use super::body::Body;
use super::property::given;
use super::row::{BodyRule, Effect, On, Row};
use super::{Invalid, Operation, Request, Target};
use crate::json::{Json, Object};

pub(super) const ROW: Row = Row {
    body: BodyRule::Required { properties: "statusMessage", rules },
    ..Row::new(
        Operation::SetStatusMessage,
        "setStatusMessage",
        "set the status message of",
        Effect::Write,
        On::Presence("/setStatusMessage"),
    )
};

/// The body of setStatusMessage: a message in plain text, the only kind that Teams shows. The response has no body.
#[derive(Clone, Debug, Default)]
pub struct SetStatusMessage {
    /// The text. An empty one removes the message.
    pub content: String,
    /// When the message ends: a local time without an offset, such as `2026-10-18T17:05:33`, and the name of its time
    /// zone. `None` keeps it until it is replaced.
    pub expiry: Option<(String, String)>,
}

impl Serialize for SetStatusMessage {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut message = json!({"message": {"content": self.content, "contentType": "text"}});
        if let Some((date_time, time_zone)) = &self.expiry {
            message["expiryDateTime"] = json!({"dateTime": date_time, "timeZone": time_zone});
        }
        let mut body = to.serialize_struct("SetStatusMessage", 1)?;
        body.serialize_field("statusMessage", &message)?;
        body.end()
    }
}

fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_message(given(body, "statusMessage"))
}

/// Refuses a message without content. Graph would accept it and remove the user's current message, which a caller asks
/// for with an empty text.
pub(super) fn check_message(message: Option<Json<'_>>) -> Result<(), Invalid> {
    let missing = |property| Invalid::Missing {
        property,
        action: "A status message",
        advice: format!("Write {EXAMPLE}, with \"\" as content to remove the message"),
    };
    let is_given = |json: &Json<'_>| !json.is_null() && json.raw() != "\"\"";
    let message = message.filter(is_given).ok_or_else(|| missing("statusMessage"))?;
    let text = properties("statusMessage", message)?.get("message");
    let text = text.filter(is_given).ok_or_else(|| missing("message"))?;
    let content = properties("statusMessage.message", text)?.get("content");
    match content.filter(|json| !json.is_null()) {
        Some(content) if content.is_string() => Ok(()),
        Some(other) => {
            let given = other.kind();
            Err(Invalid::Kind { property: "content", given, wanted: "a string" })
        }
        None => Err(missing("message.content")),
    }
}

const EXAMPLE: &str = r#"{"message": {"content": "Back at 3", "contentType": "text"}}"#;

fn properties<'a>(property: &'static str, given: Json<'a>) -> Result<Object<'a>, Invalid> {
    let wanted = match property {
        "statusMessage" => {
            r#"an object such as {"message": {"content": "Back at 3", "contentType": "text"}}"#
        }
        _ => r#"an object such as {"content": "Back at 3", "contentType": "text"}"#,
    };
    given.object().ok_or(Invalid::Kind { property, given: given.kind(), wanted })
}

impl Request {
    /// Sets the text under a user's name. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, SetStatusMessage, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let back = SetStatusMessage { content: "Back at 3".into(), expiry: None };
    /// client.send(Request::set_status_message(Target::user("adele"), back))?;
    ///
    /// let response = client.send(Request::get_presence(Target::user("adele")))?;
    /// let message = response.presence().unwrap().status_message.as_ref().unwrap();
    /// assert_eq!(message.content.as_deref(), Some("Back at 3"));
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn set_status_message(target: Target, body: SetStatusMessage) -> Self {
        Self::new(Operation::SetStatusMessage, target).with(&body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn checked(body: Value) -> Result<(), String> {
        Body::checked(&body, rules).map(drop)
    }

    #[test]
    fn a_message_without_content_is_refused() {
        for body in [
            json!({}),
            json!({"statusMessage": null}),
            json!({"statusMessage": ""}),
            json!({"statusMessage": {}}),
            json!({"statusMessage": {"message": null}}),
            json!({"statusMessage": {"message": {}}}),
            json!({"statusMessage": {"message": {"content": null, "contentType": "text"}}}),
            json!({"statusMessage": {"expiryDateTime": {"dateTime": "2030-01-01T00:00:00", "timeZone": "UTC"}}}),
        ] {
            let text = checked(body.clone()).unwrap_err();
            assert!(text.contains(r#"with "" as content to remove the message"#), "{body}: {text}");
        }
    }

    #[test]
    fn an_empty_text_removes_the_message() {
        assert_eq!(checked(json!({"statusMessage": {"message": {"content": ""}}})), Ok(()));
    }

    #[test]
    fn a_message_that_is_not_an_object_is_named() {
        assert_eq!(
            checked(json!({"statusMessage": "Back at 3"})),
            Err(r#"statusMessage is a JSON string. Give an object such as {"message": {"content": "Back at 3", "contentType": "text"}}."#.into())
        );
        assert_eq!(
            checked(json!({"statusMessage": {"message": 5}})),
            Err(r#"statusMessage.message is a JSON number. Give an object such as {"content": "Back at 3", "contentType": "text"}."#.into())
        );
    }
}
