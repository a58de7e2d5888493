//! setPresence and clearPresence: the session of an application.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::{owned, pair, target, write};
use crate::operation::{ClearPresence, SetPresence};
use crate::request::Request;

/// Sets the presence of a user as an application: opens or renews its session.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `session_id`: the client id of the
/// application; NULL: the credential's, else the token's. `availability` and `activity`: Available/Available,
/// Busy/InACall, Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting. `expiration`: PT5M to PT4H; NULL: Graph's
/// 5 minutes. A success need not show: another session or the user's preferred presence may outrank it, and Available
/// fades after 5 minutes whatever the expiration.
/// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setpresence>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    session_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    expiration: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, session_id, availability, activity, expiration, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(session_id),
            Text::new(availability),
            Text::new(activity),
            Text::new(expiration),
            Out::new(error),
        )
    };
    entry(error, || {
        let (availability, activity) = pair(availability, activity)?;
        let body = SetPresence {
            session_id: owned(session_id, "session_id")?,
            availability,
            activity,
            expiration_duration: owned(expiration, "expiration")?,
        };
        write(client, Request::set_presence(target(user_id)?, body))
    })
}

/// Ends the session of an application with a user.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `session_id`: the client id of the
/// application that set the presence; NULL: the credential's, else the token's.
/// Blocks; returns what mgp_send returns; MGP_E_NOT_FOUND where there is no session, which a caller may take for done.
/// <https://learn.microsoft.com/graph/api/presence-clearpresence>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_clear_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    session_id: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, session_id, error) =
        unsafe { (In::new(client), Text::new(user_id), Text::new(session_id), Out::new(error)) };
    entry(error, || {
        let body = ClearPresence { session_id: owned(session_id, "session_id")? };
        write(client, Request::clear_presence(target(user_id)?, body))
    })
}
