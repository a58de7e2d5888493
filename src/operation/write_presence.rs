//! Create and update of a presence object, as Graph's metadata has them.
//!
//! No page documents these operations, no permission grants them, and the live service was seen to answer the
//! update with 404. What has an effect: setPresence, setUserPreferredPresence and setStatusMessage.

use serde::Serialize;

use crate::presence::{Activity, Availability};

/// The presence object that is sent. Answer: the presence.
#[derive(Clone, Debug, Serialize)]
pub struct WritePresence {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    /// The user's object id; only a create needs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The colour of the dot.
    pub availability: Availability,
    /// What stands beside it.
    pub activity: Activity,
}

impl WritePresence {
    /// A presence with Graph's type name and without an id.
    pub fn new(availability: Availability, activity: Activity) -> Self {
        Self { odata_type: "#microsoft.graph.presence", id: None, availability, activity }
    }
}
