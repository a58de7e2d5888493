//! `mgp_status`: the numbers of [`crate::Status`] for C. A test compares them.

use std::ffi::{CString, c_char};

use once_cell::race::OnceBox;

use super::guard::guard;
use crate::status::Status;

/// The status of a call: MGP_OK, or why it failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(i32)]
pub enum mgp_status {
    /// The call succeeded.
    MGP_OK = 0,
    /// A required pointer is NULL.
    MGP_E_NULL_ARGUMENT = 10,
    /// A string is not valid UTF-8.
    MGP_E_UTF8 = 11,
    /// struct_size does not match any version of the struct, or the struct uses fields that this library does not know.
    MGP_E_STRUCT_SIZE = 12,
    /// An option has a value that cannot be used.
    MGP_E_OPTION = 13,
    /// A number of an enumeration is unknown, or the target does not go with the operation.
    MGP_E_OPERATION = 14,
    /// A blocking call inside a callback, which would never return.
    MGP_E_WOULD_DEADLOCK = 15,
    /// The host, or the proxy in front of it, cannot be reached.
    MGP_E_CONNECT = 20,
    /// TLS failed, or the certificate was not accepted.
    MGP_E_TLS = 21,
    /// The call timed out.
    MGP_E_TIMEOUT = 22,
    /// The connection ended before the response was complete.
    MGP_E_CONNECTION_LOST = 23,
    /// The service answered with a redirect, which is not followed.
    MGP_E_REDIRECT = 24,
    /// The response cannot be understood, or it has a 2xx status and contains an error.
    MGP_E_RESPONSE = 25,
    /// A link from the service would take the token to another origin, or is too long.
    MGP_E_ORIGIN = 26,
    /// Neither the client nor the request has a token, or this way to sign in is not set up here.
    MGP_E_NO_CREDENTIAL = 30,
    /// The credential did not provide a usable token, or the file that has it cannot be read.
    MGP_E_TOKEN = 31,
    /// The cloud is unknown, or it has no presence API.
    MGP_E_CLOUD = 32,
    /// Microsoft Entra, or the endpoint of a managed identity, refused the sign-in, or answered without a token.
    MGP_E_SIGN_IN = 33,
    /// The application lacks consent; the message names the page where an administrator gives it.
    MGP_E_CONSENT = 34,
    /// A person must sign in, and this credential cannot ask one, or not now.
    MGP_E_INTERACTION = 35,
    /// The client certificate cannot be read or used; nothing was sent.
    MGP_E_CERTIFICATE = 36,
    /// Graph answered 400.
    MGP_E_BAD_REQUEST = 40,
    /// Graph answered 401.
    MGP_E_UNAUTHORIZED = 41,
    /// Graph answered 403.
    MGP_E_FORBIDDEN = 42,
    /// Graph answered 404.
    MGP_E_NOT_FOUND = 43,
    /// Graph answered 409 or 412.
    MGP_E_CONFLICT = 44,
    /// Graph answered 429, and the retry limits are used up where a retry was allowed.
    MGP_E_THROTTLED = 45,
    /// Graph answered 5xx, and the retry limits are used up where a retry was allowed.
    MGP_E_UNAVAILABLE = 46,
    /// Graph answered with another status that is not a success.
    MGP_E_SERVICE = 47,
    /// Something else shows, or would show, instead of the presence; see mgp_presence_shows.
    MGP_E_OUTRANKED = 48,
    /// The caller cancelled the operation.
    MGP_E_CANCELLED = 50,
    /// The client or the queue is closed.
    MGP_E_CLOSED = 51,
    /// The object belongs to the process that this one was forked from.
    MGP_E_FORKED = 52,
    /// Nothing completed within the given time.
    MGP_E_WAIT_TIMEOUT = 53,
    /// mgp_queue_wake ended the wait.
    MGP_E_WOKEN = 54,
    /// The client has as many batched operations outstanding as it takes. Take completions, then submit again.
    MGP_E_FULL = 55,
    /// Availability and activity are not a pair that the operation accepts.
    MGP_E_INVALID_PAIR = 60,
    /// expirationDuration is not a valid duration, or it is out of range.
    MGP_E_INVALID_DURATION = 61,
    /// sessionId is missing or empty.
    MGP_E_INVALID_SESSION_ID = 62,
    /// The user id is missing or empty, does not go with the target, or would change the request path.
    MGP_E_INVALID_ID = 63,
    /// The body is missing, is not a JSON object, or is too long.
    MGP_E_INVALID_BODY = 64,
    /// A header cannot be sent, or there are too many.
    MGP_E_INVALID_HEADER = 65,
    /// A query option cannot be sent, or it makes the URL too long.
    MGP_E_INVALID_QUERY = 66,
    /// Another property has a value that Graph does not accept.
    MGP_E_INVALID_VALUE = 67,
    /// A bug in this library: it panicked. Its objects can still be freed.
    MGP_E_PANIC = 90,
    /// A bug in this library, or a lack of resources.
    MGP_E_INTERNAL = 91,
}

impl From<Status> for mgp_status {
    fn from(status: Status) -> Self {
        match status {
            Status::NullArgument => Self::MGP_E_NULL_ARGUMENT,
            Status::Utf8 => Self::MGP_E_UTF8,
            Status::StructSize => Self::MGP_E_STRUCT_SIZE,
            Status::Option => Self::MGP_E_OPTION,
            Status::Operation => Self::MGP_E_OPERATION,
            Status::WouldDeadlock => Self::MGP_E_WOULD_DEADLOCK,
            Status::Connect => Self::MGP_E_CONNECT,
            Status::Tls => Self::MGP_E_TLS,
            Status::Timeout => Self::MGP_E_TIMEOUT,
            Status::ConnectionLost => Self::MGP_E_CONNECTION_LOST,
            Status::Redirect => Self::MGP_E_REDIRECT,
            Status::Response => Self::MGP_E_RESPONSE,
            Status::Origin => Self::MGP_E_ORIGIN,
            Status::NoCredential => Self::MGP_E_NO_CREDENTIAL,
            Status::Token => Self::MGP_E_TOKEN,
            Status::Cloud => Self::MGP_E_CLOUD,
            Status::SignIn => Self::MGP_E_SIGN_IN,
            Status::Consent => Self::MGP_E_CONSENT,
            Status::Interaction => Self::MGP_E_INTERACTION,
            Status::Certificate => Self::MGP_E_CERTIFICATE,
            Status::BadRequest => Self::MGP_E_BAD_REQUEST,
            Status::Unauthorized => Self::MGP_E_UNAUTHORIZED,
            Status::Forbidden => Self::MGP_E_FORBIDDEN,
            Status::NotFound => Self::MGP_E_NOT_FOUND,
            Status::Conflict => Self::MGP_E_CONFLICT,
            Status::Throttled => Self::MGP_E_THROTTLED,
            Status::Unavailable => Self::MGP_E_UNAVAILABLE,
            Status::Service => Self::MGP_E_SERVICE,
            Status::Outranked => Self::MGP_E_OUTRANKED,
            Status::Cancelled => Self::MGP_E_CANCELLED,
            Status::Closed => Self::MGP_E_CLOSED,
            Status::Forked => Self::MGP_E_FORKED,
            Status::WaitTimeout => Self::MGP_E_WAIT_TIMEOUT,
            Status::Woken => Self::MGP_E_WOKEN,
            Status::Full => Self::MGP_E_FULL,
            Status::InvalidPair => Self::MGP_E_INVALID_PAIR,
            Status::InvalidDuration => Self::MGP_E_INVALID_DURATION,
            Status::InvalidSessionId => Self::MGP_E_INVALID_SESSION_ID,
            Status::InvalidId => Self::MGP_E_INVALID_ID,
            Status::InvalidBody => Self::MGP_E_INVALID_BODY,
            Status::InvalidHeader => Self::MGP_E_INVALID_HEADER,
            Status::InvalidQuery => Self::MGP_E_INVALID_QUERY,
            Status::InvalidValue => Self::MGP_E_INVALID_VALUE,
            Status::Panic => Self::MGP_E_PANIC,
            Status::Internal => Self::MGP_E_INTERNAL,
        }
    }
}

/// The name of a status in one word, such as "InvalidPair"; "Ok" for MGP_OK, "Unknown" for an unknown number.
///
/// Valid as long as the library is loaded. May be called from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_status_name(status: i32) -> *const c_char {
    // OnceBox has no lock, which a fork could leave locked forever.
    static NAMES: OnceBox<Vec<(i32, CString)>> = OnceBox::new();
    guard(c"Unknown".as_ptr(), || {
        let names = NAMES.get_or_init(|| {
            let name = |status: &Status| CString::new(status.name()).expect("names are words");
            Box::new(Status::ALL.iter().map(|status| (status.number(), name(status))).collect())
        });
        match names.iter().find(|(number, _)| *number == status) {
            _ if status == mgp_status::MGP_OK as i32 => c"Ok".as_ptr(),
            Some((_, name)) => name.as_ptr(),
            None => c"Unknown".as_ptr(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_the_same_number_in_c_and_rust() {
        for status in Status::ALL {
            assert_eq!(mgp_status::from(*status) as i32, status.number(), "{status:?}");
        }
    }

    #[test]
    fn statuses_are_in_the_order_of_their_numbers_and_none_appears_twice() {
        assert!(Status::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }
}
