//! The operations by number, and what is known of each.

use std::ffi::{CString, c_char};
use std::ptr::null;

use once_cell::race::OnceBox;

use super::entry::guard;
use crate::operation::Operation;

/// Reads a presence. <https://learn.microsoft.com/graph/api/presence-get>
pub const MGP_OP_GET_PRESENCE: i32 = 1;
/// Sets the session of an application. <https://learn.microsoft.com/graph/api/presence-setpresence>
pub const MGP_OP_SET_PRESENCE: i32 = 2;
/// Updates a presence object. In Graph's metadata, on no page: no permission grants it and the live service was seen to
/// answer 404. Use MGP_OP_SET_PRESENCE, MGP_OP_SET_USER_PREFERRED_PRESENCE or MGP_OP_SET_STATUS_MESSAGE.
pub const MGP_OP_UPDATE_PRESENCE: i32 = 3;
/// Creates a presence object. As with MGP_OP_UPDATE_PRESENCE, do not expect the live service to offer it.
pub const MGP_OP_CREATE_PRESENCE: i32 = 4;
/// Deletes a presence object. As with MGP_OP_UPDATE_PRESENCE, do not expect the live service to offer it.
pub const MGP_OP_DELETE_PRESENCE: i32 = 5;
/// Ends the session of an application; 404 where there is none.
/// <https://learn.microsoft.com/graph/api/presence-clearpresence>
pub const MGP_OP_CLEAR_PRESENCE: i32 = 6;
/// Sets what a user wants to be seen as; shows only while the user has a session.
/// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
pub const MGP_OP_SET_USER_PREFERRED_PRESENCE: i32 = 7;
/// Takes that wish back. <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
pub const MGP_OP_CLEAR_USER_PREFERRED_PRESENCE: i32 = 8;
/// Sets the text under a user's name. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
pub const MGP_OP_SET_STATUS_MESSAGE: i32 = 9;
/// Sets where a user works today; delegated tokens only.
/// <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
pub const MGP_OP_SET_MANUAL_LOCATION: i32 = 10;
/// Says where a device found a user to be; delegated tokens only.
/// <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
pub const MGP_OP_SET_AUTOMATIC_LOCATION: i32 = 11;
/// Clears every location of today. <https://learn.microsoft.com/graph/api/presence-clearlocation>
pub const MGP_OP_CLEAR_LOCATION: i32 = 12;
/// Clears what a device said. <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
pub const MGP_OP_CLEAR_AUTOMATIC_LOCATION: i32 = 13;
/// Lists presences, a page at a time. <https://learn.microsoft.com/graph/api/presence-get>
pub const MGP_OP_LIST_PRESENCES: i32 = 14;
/// Counts presences.
pub const MGP_OP_COUNT_PRESENCES: i32 = 15;
/// Reads the presences of many users; more than Graph's 650 are sent in parts.
/// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
pub const MGP_OP_GET_PRESENCES_BY_USER_ID: i32 = 16;

/// How many operations there are; their numbers begin with 1.
const COUNT: usize = 16;

/// The pairs of availability and activity that an operation accepts, as JSON:
/// [["Available","Available"],["Busy","InACall"]]; NULL for an operation without such a rule.
///
/// The text lives as long as the library. Callable from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_operation_pairs(operation: i32) -> *const c_char {
    // Without a lock, which a fork could leave locked for ever.
    static TEXTS: OnceBox<Vec<Option<CString>>> = OnceBox::new();
    guard(null(), || {
        let texts = TEXTS.get_or_init(|| {
            let text = |number| {
                let pairs = Operation::from_number(number)?.pairs();
                let json = serde_json::to_string(pairs).ok()?;
                (!pairs.is_empty()).then(|| CString::new(json).unwrap_or_default())
            };
            Box::new((1..=COUNT as i32).map(text).collect())
        });
        let index = usize::try_from(operation).ok().and_then(|number| number.checked_sub(1));
        let text = index.and_then(|index| texts.get(index)?.as_ref());
        text.map_or(null(), |text| text.as_ptr())
    })
}

/// How Graph's metadata writes an operation's route, such as
/// "POST /users/{user-id}/presence/microsoft.graph.setPresence"; NULL where operation or target is unknown.
///
/// For messages to people: the library sends the short form of the documentation pages, which Graph accepts as well.
/// The text lives as long as the library. Callable from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_operation_route(operation: i32, target: i32) -> *const c_char {
    static TEXTS: OnceBox<Vec<CString>> = OnceBox::new();
    const TARGETS: usize = 3;
    guard(null(), || {
        let texts = TEXTS.get_or_init(|| {
            let routes = (1..=COUNT as i32)
                .filter_map(Operation::from_number)
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
