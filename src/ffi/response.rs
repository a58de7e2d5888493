//! `mgp_response`: what Graph answered.

use std::ffi::c_char;
use std::ptr::null;

use super::args::{In, Text, take};
use super::guard::guard;
use super::lazy::Lazy;
use super::presence::mgp_presence;
use super::text::CText;
use crate::response::Response;

/// A response. The caller owns it and frees it with mgp_response_free.
pub struct mgp_response {
    response: Response,
    // Created on first use, since most callers read only the status.
    body: Lazy<CText>,
    headers: Lazy<Vec<(CText, CText)>>,
    presences: Lazy<Vec<mgp_presence>>,
    next_link: Lazy<Option<CText>>,
    ids: Lazy<(CText, CText)>,
    trace: Lazy<CText>,
}

impl mgp_response {
    pub(super) fn new(response: Response) -> Self {
        Self {
            response,
            body: Lazy::new(),
            headers: Lazy::new(),
            presences: Lazy::new(),
            next_link: Lazy::new(),
            ids: Lazy::new(),
            trace: Lazy::new(),
        }
    }

    fn headers(&self) -> &[(CText, CText)] {
        self.headers.get(|| {
            let headers = self.response.headers().iter();
            headers.map(|(name, value)| (CText::new(name), CText::new(value))).collect()
        })
    }

    fn presences(&self) -> &[mgp_presence] {
        self.presences.get(|| self.response.presences().iter().map(mgp_presence::new).collect())
    }

    fn ids(&self) -> &(CText, CText) {
        self.ids.get(|| {
            let request_id = self.response.request_id().unwrap_or_default();
            (CText::new(request_id), CText::new(self.response.client_request_id()))
        })
    }
}

/// The HTTP status, such as 200, 201 or 204; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_http_status(response: *const mgp_response) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| response.response.http_status().into()))
}

/// The body as Graph sent it, in UTF-8, without the token if Graph echoed it; "" if it is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_body(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| {
        response.body.get(|| CText::verbatim(response.response.body())).as_ptr()
    })
}

/// The length of the body in bytes, without the final NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_body_length(response: *const mgp_response) -> u64 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| response.response.body().len() as u64))
}

/// The number of headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_header_count(response: *const mgp_response) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| count(response.response.headers().len())))
}

/// The name of a header, in lower case; NULL past the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_header_name(
    response: *const mgp_response,
    index: u32,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(null(), || {
        let header =
            response.optional().and_then(|response| response.headers().get(index as usize));
        header.map_or(null(), |(name, _)| name.as_ptr())
    })
}

/// The value of a header; NULL past the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_header_value(
    response: *const mgp_response,
    index: u32,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(null(), || {
        let header =
            response.optional().and_then(|response| response.headers().get(index as usize));
        header.map_or(null(), |(_, value)| value.as_ptr())
    })
}

/// The value of the first header with this name, ignoring case; NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_header(
    response: *const mgp_response,
    name: *const c_char,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let (response, name) = unsafe { (In::new(response), Text::new(name)) };
    guard(null(), || {
        let (Some(response), Ok(name)) = (response.optional(), name.required("name")) else {
            return null();
        };
        let mut names = response.response.headers().iter();
        let index = names.position(|(other, _)| other.eq_ignore_ascii_case(name));
        index.map_or(null(), |index| response.headers()[index].1.as_ptr())
    })
}

/// The request-id header, which Microsoft support asks for; "" if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_request_id(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| response.ids().0.as_ptr())
}

/// The client-request-id that the library sent, the same for all attempts of a call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_client_request_id(
    response: *const mgp_response,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| response.ids().1.as_ptr())
}

/// How many times the request was sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_attempts(response: *const mgp_response) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| response.response.attempts()))
}

/// What was sent and received, without the token, if the request had MGP_REQUEST_TRACE; "" otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_trace(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| response.trace.get(|| CText::new(response.response.trace())).as_ptr())
}

/// The number of presences in the response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_presence_count(response: *const mgp_response) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || {
        response.optional().map_or(0, |response| count(response.response.presences().len()))
    })
}

/// One of the presences; NULL past the last one. Borrowed: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_presence(
    response: *const mgp_response,
    index: u32,
) -> *const mgp_presence {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(null(), || {
        let found =
            response.optional().and_then(|response| response.presences().get(index as usize));
        found.map_or(null(), std::ptr::from_ref)
    })
}

/// The link to the next page, for mgp_request.next_link; NULL on the last page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_next_link(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(null(), || {
        let next_link = response.optional().and_then(|response| {
            let link = || response.response.next_link().map(CText::new);
            response.next_link.get(link).as_ref()
        });
        next_link.map_or(null(), CText::as_ptr)
    })
}

/// The count, for MGP_OP_COUNT_PRESENCES and for lists with $count; -1 if the response has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_count(response: *const mgp_response) -> i64 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(-1, || {
        let count = response.optional().and_then(|response| response.response.count());
        count.and_then(|count| i64::try_from(count).ok()).unwrap_or(-1)
    })
}

/// Frees a response and everything borrowed from it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_free(response: *mut mgp_response) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let response = unsafe { take(response) };
    guard((), || drop(response));
}

fn text(
    response: In<'_, mgp_response>,
    field: impl FnOnce(&mgp_response) -> *const c_char,
) -> *const c_char {
    guard(c"".as_ptr(), || response.optional().map_or(c"".as_ptr(), field))
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
