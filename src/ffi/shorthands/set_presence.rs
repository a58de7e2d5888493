//! setPresence: opens or renews the session of an application.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::status::mgp_status;
use super::support::{owned, pair, target, write};
use crate::operation::Request;
use crate::operation::SetPresence;

/// Sets a user's presence as an application, by opening or renewing the application's session.
///
/// `session_id`: the client id of the application; NULL: the credential's client id, or else the one in the token.
/// `availability` and `activity`: Available/Available, Busy/InACall, Busy/InAConferenceCall, Away/Away or
/// DoNotDisturb/Presenting. `expiration`: PT5M to PT4H; NULL: Graph's default of 5 minutes.
///
/// Success does not mean that the user is seen this way: another session or the user's preferred presence may outrank
/// the session (mgp_presence_shows tells). Available fades to AvailableInactive after 5 minutes and to Away after 10,
/// whatever the expiration.
/// <https://learn.microsoft.com/graph/api/presence-setpresence>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    session_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    expiration: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
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
