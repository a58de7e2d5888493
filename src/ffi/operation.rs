//! The numbers of the operations, and the pairs and route of each.

use std::ffi::{CString, c_char};
use std::ptr::null;

use once_cell::race::OnceBox;

use super::guard::guard;
use crate::operation::Operation;

/// Reads a presence. <https://learn.microsoft.com/graph/api/presence-get>
pub const MGP_OP_GET_PRESENCE: i32 = 1;
/// Sets the session of an application. <https://learn.microsoft.com/graph/api/presence-setpresence>
pub const MGP_OP_SET_PRESENCE: i32 = 2;
/// Updates a presence object. Do not expect the live service to offer it; see mgp_update_presence.
pub const MGP_OP_UPDATE_PRESENCE: i32 = 3;
/// Creates a presence object. Do not expect the live service to offer it; see mgp_update_presence.
pub const MGP_OP_CREATE_PRESENCE: i32 = 4;
/// Deletes a presence object. Do not expect the live service to offer it; see mgp_update_presence.
pub const MGP_OP_DELETE_PRESENCE: i32 = 5;
/// Ends the session of an application; 404 if there is none.
/// <https://learn.microsoft.com/graph/api/presence-clearpresence>
pub const MGP_OP_CLEAR_PRESENCE: i32 = 6;
/// Sets the preferred presence, which shows only while the user has a session.
/// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
pub const MGP_OP_SET_USER_PREFERRED_PRESENCE: i32 = 7;
/// Clears the preferred presence.
/// <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
pub const MGP_OP_CLEAR_USER_PREFERRED_PRESENCE: i32 = 8;
/// Sets the status message. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
pub const MGP_OP_SET_STATUS_MESSAGE: i32 = 9;
/// Sets today's work location. Delegated tokens only.
/// <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
pub const MGP_OP_SET_MANUAL_LOCATION: i32 = 10;
/// Reports the work location that a device detected. Delegated tokens only.
/// <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
pub const MGP_OP_SET_AUTOMATIC_LOCATION: i32 = 11;
/// Clears all of today's work locations. <https://learn.microsoft.com/graph/api/presence-clearlocation>
pub const MGP_OP_CLEAR_LOCATION: i32 = 12;
/// Clears the work location that a device reported.
/// <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
pub const MGP_OP_CLEAR_AUTOMATIC_LOCATION: i32 = 13;
/// Lists presences, one page at a time. <https://learn.microsoft.com/graph/api/presence-get>
pub const MGP_OP_LIST_PRESENCES: i32 = 14;
/// Counts presences; see mgp_response_count.
pub const MGP_OP_COUNT_PRESENCES: i32 = 15;
/// Reads the presences of many users, in the order of their ids: body_json is {"ids": [...]}, with object ids. Graph
/// takes 650 ids in a request; the library splits a longer list. The response then has the presences of all parts, and
/// its status, headers and client-request-id are those of the last part. max_attempts and retry_budget_ms apply to each
/// part.
/// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
pub const MGP_OP_GET_PRESENCES_BY_USER_ID: i32 = 16;

/// The pairs of availability and activity that an operation accepts, as JSON:
/// [["Available","Available"],["Busy","InACall"]]. NULL for an operation without such a rule.
///
/// Valid as long as the library is loaded. May be called from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_operation_pairs_json(operation: i32) -> *const c_char {
    // OnceBox has no lock, which a fork could leave locked forever.
    static TEXTS: OnceBox<Vec<Option<CString>>> = OnceBox::new();
    guard(null(), || {
        let texts = TEXTS.get_or_init(|| {
            let text = |operation: Operation| {
                let pairs = operation.pairs();
                let json = serde_json::to_string(pairs).ok()?;
                (!pairs.is_empty()).then(|| CString::new(json).unwrap_or_default())
            };
            Box::new(Operation::all().map(text).collect())
        });
        let index = usize::try_from(operation).ok().and_then(|number| number.checked_sub(1));
        let text = index.and_then(|index| texts.get(index)?.as_ref());
        text.map_or(null(), |text| text.as_ptr())
    })
}

/// The route of an operation in the notation of Graph's metadata, such as
/// "POST /users/{user-id}/presence/microsoft.graph.setPresence". NULL if the operation or the target is unknown.
///
/// The route is for messages to users. The library sends the short form from Graph's documentation.
/// Valid as long as the library is loaded. May be called from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_operation_route(operation: i32, target: i32) -> *const c_char {
    static TEXTS: OnceBox<Vec<CString>> = OnceBox::new();
    const TARGETS: usize = 3;
    guard(null(), || {
        let texts = TEXTS.get_or_init(|| {
            let routes = Operation::all()
                .flat_map(|operation| (0..TARGETS).map(move |target| operation.row().route(target)))
                .map(|route| CString::new(route).unwrap_or_default());
            Box::new(routes.collect())
        });
        let index = usize::try_from(operation).ok().and_then(|number| number.checked_sub(1));
        let target = usize::try_from(target).ok().filter(|target| *target < TARGETS);
        let text =
            index.zip(target).and_then(|(index, target)| texts.get(index * TARGETS + target));
        text.map_or(null(), |text| text.as_ptr())
    })
}
