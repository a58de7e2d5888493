//! POST .../presence/clearUserPreferredPresence: ends the user's own choice.
//! <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>

use super::Call;
use crate::http::{Answer, Outcome};

/// Succeeds when there was none, too. Whatever body comes is not looked at: the page sends `{}`.
pub(super) fn clear_user_preferred_presence(call: &mut Call<'_>) -> Outcome {
    call.writable_user()?.presence.clear_preferred();
    Ok(Answer::empty(200))
}
