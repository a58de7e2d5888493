//! setStatusMessage: the text under a user's name. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::json;

use super::body::given;
use crate::body::Body;
use crate::presence::Invalid;

/// A status message in plain text, the only kind that Teams shows. Answer: nothing.
#[derive(Clone, Debug, Default)]
pub struct SetStatusMessage {
    /// The text; empty removes the message.
    pub content: String,
    /// When it ends: a local time without offset, such as `2026-10-18T17:05:33`, and the name of its time zone; `None`: never.
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

pub(super) fn rules(body: &mut Body) -> Result<(), Invalid> {
    match given(body, "statusMessage").filter(|json| !json.is_object()) {
        None => Ok(()),
        Some(other) => Err(Invalid::Kind {
            property: "statusMessage",
            given: other.kind(),
            wanted: r#"an object such as {"message": {"content": "Back at 3", "contentType": "text"}}"#,
        }),
    }
}
