//! `mgp_response`: an answer of Graph's, read at leisure.

use std::ffi::c_char;
use std::ptr::null;
use std::sync::OnceLock;

use super::args::{In, Text, take};
use super::entry::guard;
use super::presence::mgp_presence;
use crate::response::Response;

/// An answer: made by a call, owned by the caller, freed with mgp_response_free.
///
/// Every getter accepts NULL, which reads as an empty answer, and can be called from any thread. Texts and presences
/// are borrowed from the answer and live as long as it does.
pub struct mgp_response {
    response: Response,
    // Made when first asked for: most callers look at nothing but the status.
    body: OnceLock<CText>,
    headers: OnceLock<Vec<(CText, CText)>>,
    presences: OnceLock<Vec<mgp_presence>>,
    next_link: OnceLock<Option<CText>>,
    ids: OnceLock<(CText, CText)>,
    trace: OnceLock<CText>,
}

impl mgp_response {
    pub(super) fn new(response: Response) -> Self {
        Self {
            response,
            body: OnceLock::new(),
            headers: OnceLock::new(),
            presences: OnceLock::new(),
            next_link: OnceLock::new(),
            ids: OnceLock::new(),
            trace: OnceLock::new(),
        }
    }

    fn headers(&self) -> &[(CText, CText)] {
        self.headers.get_or_init(|| {
            let headers = self.response.headers().iter();
            headers.map(|(name, value)| (CText::new(name), CText::new(value))).collect()
        })
    }

    fn presences(&self) -> &[mgp_presence] {
        self.presences
            .get_or_init(|| self.response.presences().iter().map(mgp_presence::new).collect())
    }

    fn ids(&self) -> &(CText, CText) {
        self.ids.get_or_init(|| {
            let request_id = self.response.request_id().unwrap_or_default();
            (CText::new(request_id), CText::new(self.response.client_request_id()))
        })
    }
}

/// A text with the NUL that C wants behind it.
pub(super) struct CText(Box<[u8]>);

impl CText {
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        Self(bytes.into_boxed_slice())
    }

    pub(super) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}

/// The HTTP status, such as 200, 201 or 204; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_http_status(response: *const mgp_response) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| response.response.http_status().into()))
}

/// The body as it came, in UTF-8; "" where it is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_body(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| {
        response.body.get_or_init(|| CText::new(response.response.body())).as_ptr()
    })
}

/// The length of the body in bytes, without the NUL behind it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_body_length(response: *const mgp_response) -> u64 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| response.response.body().len() as u64))
}

/// How many headers the answer has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_header_count(response: *const mgp_response) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || response.optional().map_or(0, |response| count(response.response.headers().len())))
}

/// The name of a header, in lower case; NULL past the last.
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

/// The value of a header; NULL past the last.
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

/// The value of the first header of a name, whatever its case; NULL where there is none.
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

/// The id that Microsoft's support asks for; "" where the answer has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_request_id(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| response.ids().0.as_ptr())
}

/// The id that the library sent, one for all attempts of a call.
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

/// What went over the wire, without the token, where the request had MGP_REQUEST_TRACE; else "".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_trace(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    text(response, |response| {
        response.trace.get_or_init(|| CText::new(response.response.trace())).as_ptr()
    })
}

/// How many presences the answer holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_presence_count(response: *const mgp_response) -> u32 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(0, || {
        response.optional().map_or(0, |response| count(response.response.presences().len()))
    })
}

/// One of the presences; NULL past the last. Borrowed from the answer: never freed by itself.
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

/// Where the next page is: the next_link of the next MGP_OP_LIST_PRESENCES; NULL after the last page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_next_link(response: *const mgp_response) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(null(), || {
        let next_link = response.optional().and_then(|response| {
            let link = || response.response.next_link().map(CText::new);
            response.next_link.get_or_init(link).as_ref()
        });
        next_link.map_or(null(), CText::as_ptr)
    })
}

/// How many there are, for MGP_OP_COUNT_PRESENCES and lists with $count; -1 where the answer does not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_response_count(response: *const mgp_response) -> i64 {
    // SAFETY: by the header's chapter "Arguments".
    let response = unsafe { In::new(response) };
    guard(-1, || {
        let count = response.optional().and_then(|response| response.response.count());
        count.and_then(|count| i64::try_from(count).ok()).unwrap_or(-1)
    })
}

/// Frees an answer and all that was borrowed from it; NULL is accepted.
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
