//! clearPresence: ends the session of an application.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::status::mgp_status;
use super::support::{owned, target, write};
use crate::operation::ClearPresence;
use crate::operation::Request;

/// Ends an application's session for a user.
///
/// `session_id`: the client id of the application that set the presence; NULL: the credential's client id, or else the
/// one in the token. Also returns MGP_E_NOT_FOUND if there is no session, which you can treat as success.
/// <https://learn.microsoft.com/graph/api/presence-clearpresence>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_clear_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    session_id: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, session_id, error) =
        unsafe { (In::new(client), Text::new(user_id), Text::new(session_id), Out::new(error)) };
    entry(error, || {
        let body = ClearPresence { session_id: owned(session_id, "session_id")? };
        write(client, Request::clear_presence(target(user_id)?, body))
    })
}
