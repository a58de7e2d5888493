//! POST .../presence/clearUserPreferredPresence: ends the user's own choice.
//! <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>

use super::Call;
use crate::http::{Answer, Outcome};

/// Succeeds even if no preference was set. Any body is accepted and ignored; the documentation sends `{}`.
pub(super) fn clear_user_preferred_presence(call: &mut Call<'_>) -> Outcome {
    call.writable_user()?.presence.clear_preferred();
    Ok(Answer::empty(200))
}
