//! setUserPreferredPresence and clearUserPreferredPresence.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::status::mgp_status;
use super::support::{owned, pair, target, write};
use crate::operation::Request;
use crate::operation::SetUserPreferredPresence;

/// Sets a user's preferred presence. It outranks every session, but shows only while the user has one.
///
/// `availability` and `activity`: Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack,
/// Away/Away or Offline/OffWork. `expiration`: such as PT8H; NULL: Graph's default, one day for Busy and DoNotDisturb
/// and seven days for the others. <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_user_preferred_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    expiration: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, availability, activity, expiration, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(availability),
            Text::new(activity),
            Text::new(expiration),
            Out::new(error),
        )
    };
    entry(error, || {
        let (availability, activity) = pair(availability, activity)?;
        let expiration_duration = owned(expiration, "expiration")?;
        let body = SetUserPreferredPresence { availability, activity, expiration_duration };
        write(client, Request::set_user_preferred_presence(target(user_id)?, body))
    })
}

/// Clears a user's preferred presence.
/// <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_clear_user_preferred_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, error) =
        unsafe { (In::new(client), Text::new(user_id), Out::new(error)) };
    entry(error, || write(client, Request::clear_user_preferred_presence(target(user_id)?)))
}
