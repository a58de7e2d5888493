//! update presence and create presence, which are in Graph's metadata but not in its documentation.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::response::mgp_response;
use super::super::status::mgp_status;
use super::support::{owned, pair, read, target};
use crate::operation::Request;
use crate::operation::WritePresence;

/// Updates a presence object.
///
/// Do not expect this to work against the live service. The operation is in Graph's metadata but not in its
/// documentation, no permission grants it, and the live service answered 404. Use mgp_set_presence,
/// mgp_set_user_preferred_presence or mgp_set_status_message instead. `out`: may be NULL; receives the response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_update_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, availability, activity, out, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(availability),
            Text::new(activity),
            Out::new(out),
            Out::new(error),
        )
    };
    entry(error, || {
        let (availability, activity) = pair(availability, activity)?;
        let body = WritePresence::new(availability, activity);
        out.put(read(client, Request::update_presence(target(user_id)?, body))?);
        Ok(())
    })
}

/// Creates a presence object. As with mgp_update_presence, do not expect this to work against the live service.
///
/// `user_id`: the object id of the user; NULL: the body has no id. `out`: may be NULL; receives the response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_create_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, availability, activity, out, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(availability),
            Text::new(activity),
            Out::new(out),
            Out::new(error),
        )
    };
    entry(error, || {
        let (availability, activity) = pair(availability, activity)?;
        let mut body = WritePresence::new(availability, activity);
        body.id = owned(user_id, "user_id")?;
        out.put(read(client, Request::create_presence(body))?);
        Ok(())
    })
}
