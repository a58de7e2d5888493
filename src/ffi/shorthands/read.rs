//! Reading presences: one, a page, how many, those of many users.

use std::ffi::c_char;

use super::super::args::{In, Out, Text, Texts};
use super::super::client::mgp_client;
use super::super::entry::entry;
use super::super::error::mgp_error;
use super::super::response::mgp_response;
use super::{read, target};
use crate::operation::GetPresencesByUserId;
use crate::request::Request;

/// Reads the presence of a user.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `out`: owns the answer, whose first
/// presence it is. Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-get>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_get_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, out, error) =
        unsafe { (In::new(client), Text::new(user_id), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        out.put(read(client, Request::get_presence(target(user_id)?))?);
        Ok(())
    })
}

/// Reads a page of the tenant's presences.
///
/// `next_link`: mgp_response_next_link of the page before, refused if it points elsewhere; NULL: the first page. `out`:
/// owns the answer. Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-get>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_list_presences(
    client: *const mgp_client,
    next_link: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, next_link, out, error) =
        unsafe { (In::new(client), Text::new(next_link), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        let page = next_link.optional("next_link")?;
        out.put(read(client, page.map_or_else(Request::list_presences, Request::next_page))?);
        Ok(())
    })
}

/// Counts the tenant's presences.
///
/// `out`: owns the answer, whose mgp_response_count it is. Blocks; returns what mgp_send returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_count_presences(
    client: *const mgp_client,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, out, error) = unsafe { (In::new(client), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        out.put(read(client, Request::count_presences())?);
        Ok(())
    })
}

/// Reads the presences of many users, in the order of their ids.
///
/// `ids`: `count` object ids. Graph takes 650 in a request; more are sent in several, one after the other. `out`: owns
/// the answer. Blocks; returns what mgp_send returns.
/// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_get_presences_by_user_id(
    client: *const mgp_client,
    ids: *const *const c_char,
    count: u32,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, ids, out, error) =
        unsafe { (In::new(client), Texts::new(ids, count), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        let ids = ids.read("ids")?.into_iter().map(String::from).collect();
        out.put(read(client, Request::get_presences_by_user_id(&GetPresencesByUserId { ids }))?);
        Ok(())
    })
}
