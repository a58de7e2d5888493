//! `mgp_request`: one struct for every operation.

use std::ffi::c_char;
use std::time::Duration;

use super::args::{InStruct, Out, Text, Versioned, array};
use super::argument::ArgumentFailure;
use super::entry::entry;
use super::error::mgp_error;
use super::status::mgp_status;
use crate::error::Error;
use crate::operation::Request;
use crate::operation::{ApiVersion, On, Operation, Target};

/// mgp_request.api_version: /v1.0, the supported one.
pub const MGP_API_V1_0: i32 = 0;
/// mgp_request.api_version: /beta, which Microsoft does not support in production.
pub const MGP_API_BETA: i32 = 1;

/// mgp_request.target: the signed-in user of a delegated token, /me/presence. Also for operations on the collection.
pub const MGP_TARGET_ME: i32 = 0;
/// mgp_request.target: /users/{id}/presence; target_id is an object id or a user principal name.
pub const MGP_TARGET_USER: i32 = 1;
/// mgp_request.target: /communications/presences/{id}; target_id is an object id.
pub const MGP_TARGET_COMMUNICATIONS: i32 = 2;

/// mgp_request.flags: skip the checks of presence values (pairs, durations, session ids), so that the service decides:
/// it may accept values that are newer than this library. A value that would change where the request goes is still
/// refused.
pub const MGP_REQUEST_SKIP_VALIDATION: u32 = 1;
/// mgp_request.flags: set a missing sessionId in the body to the credential's client id, or else to the one in the
/// token.
pub const MGP_REQUEST_DEFAULT_SESSION_ID: u32 = 2;
/// mgp_request.flags: record what is sent and received in each attempt, without the token and without the values of
/// other secret headers, such as Cookie; see mgp_response_trace and mgp_error_trace.
pub const MGP_REQUEST_TRACE: u32 = 4;

/// mgp_request.flags: let mgp_submit send the request in a $batch with others, within the limit of requests that Graph
/// has for an application; see the chapter "Queue". mgp_send ignores this flag.
pub const MGP_REQUEST_BATCH: u32 = 8;

/// A name and a value: a header or a query option. The call that takes it copies both.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_field {
    /// Such as "ConsistencyLevel" or "$select".
    pub name: *const c_char,
    /// The value, not encoded.
    pub value: *const c_char,
}

/// A request: the operation, the user and the body. Start with MGP_REQUEST_INIT; zero and NULL are the defaults. The
/// call that takes it copies everything.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_request {
    /// sizeof(mgp_request), set by MGP_REQUEST_INIT.
    pub struct_size: u32,
    /// MGP_OP_...
    pub operation: i32,
    /// MGP_API_...
    pub api_version: i32,
    /// MGP_TARGET_...
    pub target: i32,
    /// The id of the user; NULL with MGP_TARGET_ME.
    pub target_id: *const c_char,
    /// The body, a JSON object of at most 64 MiB; NULL for an operation that takes none.
    pub body_json: *const c_char,
    /// An array of query_count options, such as $select; or NULL. The URL may have at most 64,000 bytes after
    /// the host.
    pub query: *const mgp_field,
    /// An array of at most 64 headers with 32 KiB in all; or NULL. Authorization and headers about the connection are
    /// refused. A request with If-Match is not sent again.
    pub headers: *const mgp_field,
    /// The number of items in `query`.
    pub query_count: u32,
    /// The number of items in `headers`.
    pub header_count: u32,
    /// An access token for this request only; NULL: the client's credential provides one.
    pub access_token: *const c_char,
    /// The longest time to wait for the response, retries included, in ms; 0: the client's timeout_ms.
    pub timeout_ms: u32,
    /// MGP_REQUEST_... or 0.
    pub flags: u32,
    /// For MGP_OP_LIST_PRESENCES: mgp_response_next_link of the previous page, which contains the version and the
    /// query; NULL for the first page.
    pub next_link: *const c_char,
}

// SAFETY: repr(C), struct_size first, integers and pointers only.
unsafe impl Versioned for mgp_request {
    const NAME: &'static str = "mgp_request";
}

/// The request with its texts read.
pub(super) struct RequestArgs<'a> {
    raw: mgp_request,
    target_id: Option<&'a str>,
    next_link: Option<&'a str>,
    body: Option<&'a str>,
    query: Vec<(&'a str, &'a str)>,
    headers: Vec<(&'a str, &'a str)>,
    access_token: Option<&'a str>,
}

/// The request as the caller passed it.
pub(super) struct RequestArg<'a>(InStruct<'a, mgp_request>);

impl<'a> RequestArg<'a> {
    /// # Safety
    /// `request` is as the header's chapter "Arguments" says, and so is all that it points to, for `'a`.
    pub(super) unsafe fn new(request: *const mgp_request) -> Self {
        // SAFETY: by the function's own condition.
        Self(unsafe { InStruct::new(request) })
    }

    pub(super) fn read(&self) -> Result<RequestArgs<'a>, ArgumentFailure> {
        let raw = self.0.read()?.ok_or(ArgumentFailure::Null("request"))?;
        // SAFETY: by the condition of `new`.
        let text = |pointer, name| unsafe { Text::new(pointer) }.optional(name);
        Ok(RequestArgs {
            raw,
            target_id: text(raw.target_id, "target_id")?,
            next_link: text(raw.next_link, "next_link")?,
            body: text(raw.body_json, "body_json")?,
            // SAFETY: as above.
            query: unsafe { fields(raw.query, raw.query_count, "query") }?,
            // SAFETY: as above.
            headers: unsafe { fields(raw.headers, raw.header_count, "headers") }?,
            access_token: text(raw.access_token, "access_token")?,
        })
    }
}

impl RequestArgs<'_> {
    pub(super) fn to_request(&self) -> Result<Request, Error> {
        let raw = &self.raw;
        let number = |what, given| ArgumentFailure::Number { what, given };
        let operation =
            Operation::from_number(raw.operation).ok_or(number("operation", raw.operation))?;
        let target = target(raw.target, self.target_id)?;
        if matches!(operation.row().on, On::Communications(_)) && target != Target::Me {
            return Err(ArgumentFailure::TargetOfCollection.into());
        }
        let mut request = match (operation, self.next_link) {
            (Operation::ListPresences, Some(next_link)) => Request::next_page(next_link),
            (_, None) => Request::new(operation, target),
            (_, Some(_)) => {
                let reason = "belongs to MGP_OP_LIST_PRESENCES. Leave it out".into();
                return Err(ArgumentFailure::Option { name: "next_link", reason }.into());
            }
        };
        request = request.api_version(match raw.api_version {
            MGP_API_V1_0 => ApiVersion::V1_0,
            MGP_API_BETA => ApiVersion::Beta,
            other => return Err(number("api_version", other).into()),
        });
        const FLAGS: u32 = MGP_REQUEST_SKIP_VALIDATION
            | MGP_REQUEST_DEFAULT_SESSION_ID
            | MGP_REQUEST_TRACE
            | MGP_REQUEST_BATCH;
        if raw.flags & !FLAGS != 0 {
            let reason = format!("is {:#x}. Use the MGP_REQUEST_ constants", raw.flags);
            return Err(ArgumentFailure::Option { name: "flags", reason }.into());
        }
        if raw.flags & MGP_REQUEST_SKIP_VALIDATION != 0 {
            request = request.skip_validation();
        }
        if raw.flags & MGP_REQUEST_DEFAULT_SESSION_ID != 0 {
            request = request.default_session_id();
        }
        if raw.flags & MGP_REQUEST_TRACE != 0 {
            request = request.trace();
        }
        if raw.flags & MGP_REQUEST_BATCH != 0 {
            request = request.batched();
        }
        if raw.timeout_ms != 0 {
            request = request.timeout(Duration::from_millis(raw.timeout_ms.into()));
        }
        if let Some(token) = self.access_token {
            request = request.access_token(token)?;
        }
        if let Some(json) = self.body {
            request = request.body_json(json)?;
        }
        let request =
            self.query.iter().fold(request, |request, (name, value)| request.query(*name, *value));
        Ok(self
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value)))
    }
}

/// Checks a request by the rules that mgp_send applies before it sends anything, and sends nothing: for a program that
/// makes one request of many inputs, and wants to know which input is refused.
///
/// May be called from any thread. Returns MGP_OK; MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION,
/// MGP_E_OPTION, MGP_E_TOKEN or MGP_E_INVALID_...
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_request_check(
    request: *const mgp_request,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (request, error) = unsafe { (RequestArg::new(request), Out::new(error)) };
    entry(error, || request.read()?.to_request()?.check().map(drop))
}

/// The target of a request.
pub(super) fn target(kind: i32, id: Option<&str>) -> Result<Target, ArgumentFailure> {
    match (kind, id) {
        (MGP_TARGET_ME, None) => Ok(Target::Me),
        (MGP_TARGET_ME, Some(_)) => Err(ArgumentFailure::IdWithoutTarget),
        (MGP_TARGET_USER, Some(id)) => Ok(Target::User(id.into())),
        (MGP_TARGET_COMMUNICATIONS, Some(id)) => Ok(Target::Communications(id.into())),
        (MGP_TARGET_USER | MGP_TARGET_COMMUNICATIONS, None) => {
            Err(ArgumentFailure::TargetWithoutId)
        }
        (other, _) => Err(ArgumentFailure::Number { what: "target", given: other }),
    }
}

/// # Safety
/// `pointer` is NULL or points to `count` fields whose texts are NULL or end in NUL, all valid for `'a`.
unsafe fn fields<'a>(
    pointer: *const mgp_field,
    count: u32,
    name: &'static str,
) -> Result<Vec<(&'a str, &'a str)>, ArgumentFailure> {
    // SAFETY: by the function's own condition.
    let fields = unsafe { array(pointer, count, name) }?;
    let texts = fields.iter().map(|field| {
        // SAFETY: as above.
        let (key, value) = unsafe { (Text::new(field.name), Text::new(field.value)) };
        Ok((key.required(name)?, value.required(name)?))
    });
    texts.collect()
}
