//! DELETE of a presence. It is in Graph's metadata and cmdlets but undocumented. See `update_presence`.

use super::Call;
use crate::http::{Answer, Outcome};

/// 204, or 412 if If-Match does not match. Deletes the user's sessions, preference, status message and locations.
pub(super) fn delete_presence(call: &mut Call<'_>) -> Outcome {
    call.check_lenient()?;
    call.writable_user()?;
    call.check_if_match()?;
    call.writable_user()?.presence.delete();
    Ok(Answer::empty(204))
}
