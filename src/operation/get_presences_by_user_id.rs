//! getPresencesByUserId: many presences in one answer.
//! <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>

use serde::Serialize;

use crate::body::Body;
use crate::presence::Invalid;

/// Whose presences. Answer: a collection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GetPresencesByUserId {
    /// Object ids; Graph takes at most 650 in one request.
    pub ids: Vec<String>,
}

pub(super) fn rules(body: &mut Body) -> Result<(), Invalid> {
    let wanted = "an array of object ids";
    let given = match body.property("ids").map(|ids| (ids, ids.items())) {
        Some((_, Some(ids))) => match ids.iter().find(|id| !id.is_string()) {
            None => return Ok(()),
            Some(other) => other.kind(),
        },
        Some((other, None)) => other.kind(),
        None => "missing",
    };
    Err(Invalid::Kind { property: "ids", given, wanted })
}
