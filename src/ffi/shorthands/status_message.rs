//! setStatusMessage: sets the text below a user's name.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::argument::ArgumentFailure;
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::status::mgp_status;
use super::support::{owned, target, write};
use crate::operation::Request;
use crate::operation::SetStatusMessage;

/// Sets a user's status message, the text below the user's name.
///
/// `content`: plain text; "" removes the message. `expiry`: when the message ends, a local time without an offset such
/// as 2026-10-18T17:05:33; NULL: never. `time_zone`: the time zone of `expiry`, such as "Pacific Standard Time". Give
/// both or neither; one alone returns MGP_E_INVALID_VALUE.
/// <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_status_message(
    client: *const mgp_client,
    user_id: *const c_char,
    content: *const c_char,
    expiry: *const c_char,
    time_zone: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, content, expiry, time_zone, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(content),
            Text::new(expiry),
            Text::new(time_zone),
            Out::new(error),
        )
    };
    entry(error, || {
        let zone = owned(time_zone, "time_zone")?;
        let expiry = match (owned(expiry, "expiry")?, zone) {
            (Some(time), Some(zone)) => Some((time, zone)),
            (None, None) => None,
            _ => return Err(ArgumentFailure::ExpiryInHalf.into()),
        };
        let body = SetStatusMessage { content: content.required("content")?.into(), expiry };
        write(client, Request::set_status_message(target(user_id)?, body))
    })
}
