//! get presence: reads a user's presence.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::response::mgp_response;
use super::super::status::mgp_status;
use super::support::{read, target};
use crate::operation::Request;

/// Reads a user's presence.
///
/// `out`: receives the response; mgp_response_presence(response, 0) is the presence.
/// <https://learn.microsoft.com/graph/api/presence-get>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_get_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, out, error) =
        unsafe { (In::new(client), Text::new(user_id), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        out.put(read(client, Request::get_presence(target(user_id)?))?);
        Ok(())
    })
}
