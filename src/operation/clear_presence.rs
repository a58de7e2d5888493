//! clearPresence: ends one application's session. <https://learn.microsoft.com/graph/api/presence-clearpresence>

use serde::Serialize;

use super::body::{check_session_id, text};
use crate::body::Body;
use crate::presence::Invalid;

/// Which session ends. Answer: nothing; 404 where there is no such session.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClearPresence {
    /// The client id of the application that set the presence; `None`: taken from the credential or the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
}

pub(super) fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_session_id(body)?;
    match text(body, "sessionId")? {
        Some(_) => Ok(()),
        // Seen of the live service: 400 InvalidArgument "The SessionId field is required".
        None => Err(Invalid::SessionIdMissing { action: "clearPresence" }),
    }
}
