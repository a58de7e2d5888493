//! `mgp_send`: one request, blocking.

use super::args::{In, Out};
use super::client::mgp_client;
use super::entry::entry;
use super::error::mgp_error;
use super::request::{RequestArg, mgp_request};
use super::response::mgp_response;
use super::status::mgp_status;

/// Sends a request and waits for its answer, retries included.
///
/// `out`: may be NULL; owns the answer on success. Callable from any thread; the calling thread does the waiting.
/// Returns MGP_OK for any 2xx, and for the 404 that a repeated clear or delete gets when an attempt before it did the
/// work; what mgp_submit returns; MGP_E_INVALID_... before a byte is sent; MGP_E_NO_CREDENTIAL,
/// MGP_E_TOKEN; a status of the decades 20 (transport) or 40 (Graph); MGP_E_CLOSED; MGP_E_WOULD_DEADLOCK inside a
/// callback.
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
        let response = client.required("client")?.0.send(request.read()?.to_request()?)?;
        out.put(mgp_response::new(response));
        Ok(())
    })
}
