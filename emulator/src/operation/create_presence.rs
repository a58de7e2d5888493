//! POST of a presence to the collection. It is in Graph's metadata and cmdlets but undocumented. See `update_presence`.

use super::Call;
use super::update_presence::Changes;
use crate::http::{GraphError, Outcome};

/// 201 and the object. The body's `id` names the user; without it, the presence is that of the signed-in user.
pub(super) fn create_presence(call: &mut Call<'_>) -> Outcome {
    call.check_lenient()?;
    let body = call.body()?;
    let name = body.string("id")?.or_else(|| call.caller.user.clone());
    let name = name.filter(|name| !name.is_empty()).ok_or_else(GraphError::id_required)?;
    let changes = Changes::of(&body, call.now)?;
    call.caller.check_write_scope()?;
    let id = call.existing_id(&name)?;
    call.caller.may_write(&id)?;
    let presence = &mut call.user(&id)?.presence;
    presence.delete();
    changes.apply(presence);
    call.written(201, &id)
}
