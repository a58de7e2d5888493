//! DELETE of a presence: in Graph's metadata and cmdlets, on no page. See `update_presence`.

use super::Call;
use crate::http::{Answer, Outcome};

/// 204, or 412 by If-Match. Every session, preference and text of the user is gone.
pub(super) fn delete_presence(call: &mut Call<'_>) -> Outcome {
    call.check_lenient()?;
    call.writable_user()?;
    call.check_if_match()?;
    call.writable_user()?.presence.delete();
    Ok(Answer::empty(204))
}
