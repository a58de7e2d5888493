//! `mgp_error`: all that is known of a failure.

use std::ffi::c_char;

use super::args::{In, take};
use super::entry::guard;
use super::response::{CText, mgp_response};
use super::status::MGP_OK;
use crate::error::Error;

/// Why a call failed: made by the call, owned by the caller, freed with mgp_error_free. Never holds a token.
///
/// Every getter accepts NULL, which reads as "no error", and can be called from any thread. Texts live as long as
/// the error.
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
pub unsafe extern "C" fn mgp_error_status(error: *const mgp_error) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(MGP_OK, || error.optional().map_or(MGP_OK, |error| error.error.status().number()))
}

/// The HTTP status, also of an answer that broke off; 0 where there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_http_status(error: *const mgp_error) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(0, || error.optional().and_then(|error| error.error.http_status()).map_or(0, i32::from))
}

/// How long Graph asked to wait, in ms; -1 where it did not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_retry_after_ms(error: *const mgp_error) -> i64 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(-1, || {
        let wait = error.optional().and_then(|error| error.error.retry_after());
        wait.map_or(-1, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
    })
}

/// How many times the request was sent; 0 where it was refused before, cancelled or closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_attempts(error: *const mgp_error) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(0, || error.optional().map_or(0, |error| error.error.attempts()))
}

/// The answer that was refused, with its headers and as much of its body as came; NULL where there was none.
/// Borrowed from the error: never freed by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_response(error: *const mgp_error) -> *const mgp_response {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    guard(std::ptr::null(), || {
        let response = error.optional().and_then(|error| error.response.as_ref());
        response.map_or(std::ptr::null(), std::ptr::from_ref)
    })
}

/// One sentence for people: the value as it was given, the rule, the way out. "" for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_message(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.message)
}

/// Graph's error code, such as "InvalidArgument"; "" where it gave none. Branch on this and the HTTP status, never on
/// a message: <https://learn.microsoft.com/graph/errors>
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_graph_code(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.graph_code)
}

/// Graph's own words; "" where there were none, which happens with a code too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_graph_message(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.graph_message)
}

/// What would help, where more is known than Graph said; else "". Part of mgp_error_message too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_advice(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.advice)
}

/// The id that Microsoft's support asks for; "" where there was no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_request_id(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.request_id)
}

/// The id that the library sent, one for all attempts of a call; "" where nothing was sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_client_request_id(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.client_request_id)
}

/// What went over the wire, without the token, where the request had MGP_REQUEST_TRACE; else "".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_trace(error: *const mgp_error) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let error = unsafe { In::new(error) };
    text(error, |error| &error.trace)
}

/// Frees an error; NULL is accepted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_error_free(error: *mut mgp_error) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let error = unsafe { take(error) };
    guard((), || drop(error));
}

fn text(error: In<'_, mgp_error>, field: fn(&mgp_error) -> &CText) -> *const c_char {
    guard(c"".as_ptr(), || error.optional().map_or(c"".as_ptr(), |error| field(error).as_ptr()))
}
