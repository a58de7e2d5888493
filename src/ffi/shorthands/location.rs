//! Work locations: what the user says, and what a device found.

use std::ffi::c_char;

use super::super::args::{In, Out, Text};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::{owned, target, write};
use crate::error::Error;
use crate::operation::SetLocation;
use crate::request::Request;

/// Sets where a user works today; outranks what devices and the calendar say.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `work_location_type`: office, remote,
/// timeOff or unspecified. `place_id`: of the place in the directory, or NULL. Graph takes it with a delegated token only.
/// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_manual_location(
    client: *const mgp_client,
    user_id: *const c_char,
    work_location_type: *const c_char,
    place_id: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, work_location_type, place_id, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(work_location_type),
            Text::new(place_id),
            Out::new(error),
        )
    };
    entry(error, || {
        let body = location(work_location_type, place_id)?;
        write(client, Request::set_manual_location(target(user_id)?, body))
    })
}

/// Says where a device found a user to be; outranks the calendar.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `work_location_type`: office, remote,
/// timeOff or unspecified. `place_id`: of the place in the directory, or NULL. Graph takes it with a delegated token only.
/// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_automatic_location(
    client: *const mgp_client,
    user_id: *const c_char,
    work_location_type: *const c_char,
    place_id: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, work_location_type, place_id, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(work_location_type),
            Text::new(place_id),
            Out::new(error),
        )
    };
    entry(error, || {
        let body = location(work_location_type, place_id)?;
        write(client, Request::set_automatic_location(target(user_id)?, body))
    })
}

/// Clears every location of today, manual and automatic.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. Graph takes it with a delegated token only.
/// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-clearlocation>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_clear_location(
    client: *const mgp_client,
    user_id: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, error) =
        unsafe { (In::new(client), Text::new(user_id), Out::new(error)) };
    entry(error, || write(client, Request::clear_location(target(user_id)?)))
}

/// Clears what devices said.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. Graph takes it with a delegated token only.
/// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_clear_automatic_location(
    client: *const mgp_client,
    user_id: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, error) =
        unsafe { (In::new(client), Text::new(user_id), Out::new(error)) };
    entry(error, || write(client, Request::clear_automatic_location(target(user_id)?)))
}

fn location(work_location_type: Text<'_>, place_id: Text<'_>) -> Result<SetLocation, Error> {
    let work_location_type = work_location_type.required("work_location_type")?.into();
    Ok(SetLocation { work_location_type, place_id: owned(place_id, "place_id")? })
}
