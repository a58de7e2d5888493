//! POST .../presence/clearPresence: ends the calling application's session.
//! <https://learn.microsoft.com/graph/api/presence-clearpresence>

use super::Call;
use crate::http::{Answer, GraphError, Outcome};
use crate::presence::SessionKey;

/// 404 if the application has no such session: it was never opened, it has expired, or it belongs to another
/// application.
pub(super) fn clear_presence(call: &mut Call<'_>) -> Outcome {
    let id = call.body()?.required("sessionId")?;
    let is_own = id.eq_ignore_ascii_case(&call.caller.app) || call.state.settings.any_session_id;
    let (now, user) = (call.now, call.writable_user()?);
    let was_live =
        is_own && user.presence.clear_session(&SessionKey::Application(id.to_lowercase()), now);
    was_live
        .then(|| Answer::empty(200))
        .ok_or_else(|| GraphError::not_found("The presence session was not found."))
}
