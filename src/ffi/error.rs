//! `mgp_error`: everything that is known about a failure.

use std::ffi::c_char;

use super::args::{In, take};
use super::guard::guard;
use super::response::mgp_response;
use super::status::mgp_status;
use super::text::CText;
use crate::error::Error;

/// Why a call failed. The caller owns it and frees it with mgp_error_free. It never contains a token.
pub struct mgp_error {
    error: Error,
    message: CText,
    graph_code: CText,
    graph_message: CText,
    advice: CText,
    request_id: CText,
    client_request_id: CText,
    trace: CText,
    response: Option<mgp_response>,
}

impl mgp_error {
    pub(super) fn new(error: Error) -> Self {
        let optional = |text: Option<&str>| CText::new(text.unwrap_or_default());
        Self {
            message: CText::new(&error.to_string()),
            graph_code: optional(error.graph_code()),
            graph_message: optional(error.graph_message()),
            advice: optional(error.advice()),
            request_id: optional(error.request_id()),
            client_request_id: CText::new(error.client_request_id()),
            trace: CText::new(error.trace()),
            response: error.response().cloned().map(mgp_response::new),
            error,
        }
    }
}

/// The status that the call returned; MGP_OK for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_status(error: *const mgp_error) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(mgp_status::MGP_OK, || {
        error.optional().map_or(mgp_status::MGP_OK, |error| error.error.status().into())
    })
}

/// The HTTP status, even of an incomplete response; 0 if there was no response, or one of the login host that neither
/// grants nor refuses the sign-in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_http_status(error: *const mgp_error) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(0, || error.optional().and_then(|error| error.error.http_status()).map_or(0, i32::from))
}

/// How long Graph asked to wait (Retry-After), in milliseconds, at most one day; -1 if Graph did not ask.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_retry_after_ms(error: *const mgp_error) -> i64 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(-1, || {
        let wait = error.optional().and_then(|error| error.error.retry_after());
        wait.map_or(-1, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
    })
}

/// How often the library tried to send the request; 0 if the call ended before. An attempt that made no connection
/// counts, too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_attempts(error: *const mgp_error) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(0, || error.optional().map_or(0, |error| error.error.attempts()))
}

/// The response that was an error, with its headers and as much of its body as was received; NULL if there was none.
/// Borrowed: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_response(error: *const mgp_error) -> *const mgp_response {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(std::ptr::null(), || {
        let response = error.optional().and_then(|error| error.response.as_ref());
        response.map_or(std::ptr::null(), std::ptr::from_ref)
    })
}

/// A message to show: the value that was given, the rule, and what to do instead. "" for NULL. The name of an option
/// stands in backquotes and without its unit ("raise `timeout`" for `timeout_ms`), so that a binding can put its own
/// name in its place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_message(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.message)
}

/// Graph's error code, such as "InvalidArgument", or Microsoft Entra's if a sign-in was refused, such as
/// "AADSTS7000215"; "" if there is none. Branch on the code and the HTTP status, never on a message.
/// <https://learn.microsoft.com/graph/errors>,
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_graph_code(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.graph_code)
}

/// The message of Graph, unchanged, or that of Microsoft Entra without its code and IDs; "" if there is none. It may be
/// empty even if there is a code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_graph_message(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.graph_message)
}

/// What to do, if the library knows more than Graph said; "" otherwise. mgp_error_message includes this advice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_advice(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.advice)
}

/// The request-id header, which Microsoft support asks for, or x-ms-request-id for a refused sign-in; "" if the response
/// has none, or there was no response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_request_id(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.request_id)
}

/// The client-request-id that the library sent, the same for all attempts; "" if there was no attempt. For a refused sign-in,
/// Entra's correlation ID; "" if the response has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_client_request_id(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.client_request_id)
}

/// What was sent and received, without the token, if the request had MGP_REQUEST_TRACE; "" otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_trace(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.trace)
}

/// Frees an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_free(error: *mut mgp_error) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let error = unsafe { take(error) };
    guard((), || drop(error));
}

fn text(error: In<'_, mgp_error>, field: fn(&mgp_error) -> &CText) -> *const c_char {
    guard(c"".as_ptr(), || error.optional().map_or(c"".as_ptr(), |error| field(error).as_ptr()))
}
