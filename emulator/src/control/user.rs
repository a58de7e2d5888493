//! The parts of a user's presence that Graph takes from elsewhere: out of office from the mailbox, and the scheduled
//! location from the calendar.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{no_content, read};
use crate::http::{GraphError, Outcome};
use crate::presence::{Layer, Location, OutOfOffice};
use crate::state::State;

/// An absent property is left unchanged; null clears it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    #[serde(default, deserialize_with = "given")]
    out_of_office_settings: Option<Option<OutOfOffice>>,
    #[serde(default, deserialize_with = "given")]
    scheduled_location: Option<Option<Location>>,
}

/// Distinguishes null from absent.
fn given<'de, D, T>(value: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(value).map(Some)
}

pub(super) fn change(state: &mut State, name: &str, body: &Value) -> Outcome {
    let Change { out_of_office_settings, scheduled_location } = read(body.clone())?;
    let user = state.directory.find_mut(name);
    let presence = &mut user
        .ok_or_else(|| GraphError::not_found(format!("The directory has no user {name}.")))?
        .presence;
    if let Some(settings) = out_of_office_settings {
        presence.set_out_of_office(settings.unwrap_or_default());
    }
    match scheduled_location {
        None => {}
        Some(None) => presence.clear_location(Layer::Scheduled),
        Some(Some(location)) => presence.set_location(Layer::Scheduled, "", location),
    }
    no_content(|| ())
}
