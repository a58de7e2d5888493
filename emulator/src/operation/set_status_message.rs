//! POST .../presence/setStatusMessage: sets or clears the text below a user's name.
//! <https://learn.microsoft.com/graph/api/presence-setstatusmessage>

use jiff::Timestamp;
use serde::Deserialize;

use super::{Call, body::Body};
use crate::http::{Answer, GraphError, Outcome};
use crate::presence::{Expiry, StatusMessage};

/// A null or absent statusMessage clears the message.
pub(super) fn set_status_message(call: &mut Call<'_>) -> Outcome {
    let message = status_message(&call.body()?, call.now)?;
    call.writable_user()?.presence.set_status_message(message);
    Ok(Answer::empty(200))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    message: Option<ItemBody>,
    expiry_date_time: Option<Expiry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemBody {
    content: Option<String>,
    content_type: Option<String>,
}

/// Reads the body's `statusMessage`. PATCH and POST of a presence use it too.
pub(super) fn status_message(
    body: &Body,
    now: Timestamp,
) -> Result<Option<StatusMessage>, GraphError> {
    let Some(given) =
        body.typed::<Given>("statusMessage", "microsoft.graph.presenceStatusMessage")?
    else {
        return Ok(None);
    };
    let message = given.message.unwrap_or(ItemBody { content: None, content_type: None });
    if message.content_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("text")) {
        return Err(GraphError::invalid_argument(
            "The provided [ContentType] is not supported; only text is.",
        ));
    }
    let expiry = given.expiry_date_time;
    if expiry.as_ref().is_some_and(|expiry| expiry.instant().is_none()) {
        return Err(GraphError::invalid_argument(
            "The provided [ExpiryDateTime] is not a time in a known time zone.",
        ));
    }
    Ok(Some(StatusMessage { content: message.content.unwrap_or_default(), expiry, published: now }))
}
