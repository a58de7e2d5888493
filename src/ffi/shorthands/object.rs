//! Create, update and delete of a presence object, which Graph's metadata has and no page documents.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::response::mgp_response;
use super::{owned, pair, read, target, write};
use crate::operation::WritePresence;
use crate::request::Request;

/// Updates a presence object. In Graph's metadata, on no page: no permission grants it and the live service was seen to
/// answer 404. What has an effect: mgp_set_presence.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `out`: may be NULL; owns the answer.
/// Blocks; returns what mgp_send returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_update_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
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

/// Creates a presence object. As with mgp_update_presence, do not expect the live service to offer it.
///
/// `user_id`: the object id that the presence is of; NULL: left out of the body. `out`: may be NULL; owns the answer.
/// Blocks; returns what mgp_send returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_create_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
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

/// Deletes a presence object. As with mgp_update_presence, do not expect the live service to offer it.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `if_match`: the ETag that the object
/// must still have; such a request is never sent twice. NULL: whatever it has.
/// Blocks; returns what mgp_send returns; MGP_E_CONFLICT where the ETag is another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_delete_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    if_match: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, if_match, error) =
        unsafe { (In::new(client), Text::new(user_id), Text::new(if_match), Out::new(error)) };
    entry(error, || {
        let request = Request::delete_presence(target(user_id)?);
        let if_match = if_match.optional("if_match")?;
        let request =
            if_match.into_iter().fold(request, |request, tag| request.header("If-Match", tag));
        write(client, request)
    })
}
