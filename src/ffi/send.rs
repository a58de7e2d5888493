//! `mgp_send`: one request, blocking.

use super::args::{In, Out};
use super::client::mgp_client;
use super::entry::entry;
use super::error::mgp_error;
use super::request::{RequestArg, mgp_request};
use super::response::mgp_response;
use super::status::mgp_status;

/// Sends a request, with retries, and blocks until the response arrives.
///
/// `out`: may be NULL; receives the response. May be called from any thread.
/// Returns MGP_OK for a 2xx status with a body that can be understood, and for a 404 to a repeated clearPresence or
/// delete whose earlier attempt succeeded; every status that mgp_submit returns; MGP_E_INVALID_... if nothing was sent;
/// a status from 20 to 29 (transport), 30 to 39 (sign-in) or 40 to 49 (Graph); MGP_E_CANCELLED after
/// mgp_credential_cancel; MGP_E_CLOSED; MGP_E_WOULD_DEADLOCK inside a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_send(
    client: *const mgp_client,
    request: *const mgp_request,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, request, out, error) =
        unsafe { (In::new(client), RequestArg::new(request), Out::new(out), Out::new(error)) };
    entry(error, || {
        let response = client.required("client")?.held().send(request.read()?.to_request()?)?;
        out.put(mgp_response::new(response));
        Ok(())
    })
}
