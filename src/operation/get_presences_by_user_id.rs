//! getPresencesByUserId: many presences in one answer.
//! <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>

use serde::Serialize;
use serde_json::{Map, Value};

use super::body::kind;
use crate::presence::Invalid;

/// Whose presences. Answer: a collection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GetPresencesByUserId {
    /// Object ids; Graph takes at most 650 in one request.
    pub ids: Vec<String>,
}

pub(super) fn rules(body: &mut Map<String, Value>) -> Result<(), Invalid> {
    let wanted = "an array of object ids";
    let given = match body.get("ids") {
        Some(Value::Array(ids)) => match ids.iter().find(|id| !id.is_string()) {
            None => return Ok(()),
            Some(other) => kind(other),
        },
        Some(other) => kind(other),
        None => "missing",
    };
    Err(Invalid::Kind { property: "ids", given, wanted })
}
