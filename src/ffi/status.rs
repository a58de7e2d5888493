//! Statuses as C has them: the numbers of [`crate::Status`], which a test compares.

use std::ffi::{CString, c_char};

use once_cell::race::OnceBox;

use super::entry::guard;
use crate::status::Status;

/// The call did what it says.
pub const MGP_OK: i32 = 0;
/// A pointer that the call needs is NULL.
pub const MGP_E_NULL_ARGUMENT: i32 = 10;
/// A text is not UTF-8.
pub const MGP_E_UTF8: i32 = 11;
/// struct_size is no size of the struct, or the struct is from a newer header and uses what this library does not know.
pub const MGP_E_STRUCT_SIZE: i32 = 12;
/// An option of the client cannot be used.
pub const MGP_E_OPTION: i32 = 13;
/// The number of an operation, a version or a target is unknown.
pub const MGP_E_OPERATION: i32 = 14;
/// A blocking call from inside a callback, which could never return.
pub const MGP_E_WOULD_DEADLOCK: i32 = 15;
/// The host, or the proxy before it, cannot be reached.
pub const MGP_E_CONNECT: i32 = 20;
/// The certificate was not accepted, or TLS failed.
pub const MGP_E_TLS: i32 = 21;
/// The call's time is over.
pub const MGP_E_TIMEOUT: i32 = 22;
/// The connection ended before the whole answer was there.
pub const MGP_E_CONNECTION_LOST: i32 = 23;
/// The service sent elsewhere; redirects are not followed.
pub const MGP_E_REDIRECT: i32 = 24;
/// The answer cannot be understood, or says 200 and holds an error.
pub const MGP_E_RESPONSE: i32 = 25;
/// A link that the service gave would take the token elsewhere, or is too long.
pub const MGP_E_ORIGIN: i32 = 26;
/// Neither the client nor the request has a token.
pub const MGP_E_NO_CREDENTIAL: i32 = 30;
/// The credential gave no usable token.
pub const MGP_E_TOKEN: i32 = 31;
/// The cloud is unknown, or has no presence.
pub const MGP_E_CLOUD: i32 = 32;
/// Graph: 400.
pub const MGP_E_BAD_REQUEST: i32 = 40;
/// Graph: 401.
pub const MGP_E_UNAUTHORIZED: i32 = 41;
/// Graph: 403.
pub const MGP_E_FORBIDDEN: i32 = 42;
/// Graph: 404.
pub const MGP_E_NOT_FOUND: i32 = 43;
/// Graph: 409 or 412.
pub const MGP_E_CONFLICT: i32 = 44;
/// Graph: 429, and the retry budget is spent.
pub const MGP_E_THROTTLED: i32 = 45;
/// Graph: 5xx, and the retry budget is spent where a retry was allowed.
pub const MGP_E_UNAVAILABLE: i32 = 46;
/// Graph: any other status that is no success.
pub const MGP_E_SERVICE: i32 = 47;
/// Graph accepted it and something else shows; see mgp_presence_check_shows.
pub const MGP_E_OUTRANKED: i32 = 48;
/// The caller cancelled the operation.
pub const MGP_E_CANCELLED: i32 = 50;
/// The client or the queue is closed.
pub const MGP_E_CLOSED: i32 = 51;
/// The process is a fork of the one that made the client.
pub const MGP_E_FORKED: i32 = 52;
/// The queue had nothing to deliver in the time given.
pub const MGP_E_WAIT_TIMEOUT: i32 = 53;
/// The wait on the queue was ended by a wake.
pub const MGP_E_WOKEN: i32 = 54;
/// Availability and activity are not a pair that the operation accepts.
pub const MGP_E_INVALID_PAIR: i32 = 60;
/// expirationDuration is no duration, or out of range.
pub const MGP_E_INVALID_DURATION: i32 = 61;
/// sessionId is missing or empty.
pub const MGP_E_INVALID_SESSION_ID: i32 = 62;
/// The id of a user is none, or would change the path.
pub const MGP_E_INVALID_ID: i32 = 63;
/// The body is no JSON object, is missing, or is too long.
pub const MGP_E_INVALID_BODY: i32 = 64;
/// A header of the request cannot be sent, or there are too many.
pub const MGP_E_INVALID_HEADER: i32 = 65;
/// A query option of the request cannot be sent, or makes the URL too long.
pub const MGP_E_INVALID_QUERY: i32 = 66;
/// Another property has a value that Graph does not take.
pub const MGP_E_INVALID_VALUE: i32 = 67;
/// A bug in this library: it panicked. The object is still safe to free.
pub const MGP_E_PANIC: i32 = 90;
/// A bug or a lack of resources in this library.
pub const MGP_E_INTERNAL: i32 = 91;

/// The name of a status in one word, such as "InvalidPair"; "Ok" for MGP_OK, "Unknown" for a number that this
/// library does not know.
///
/// The text lives as long as the library. Callable from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn mgp_status_name(status: i32) -> *const c_char {
    guard(c"Unknown".as_ptr(), || {
        // Without a lock, which a fork could leave locked for ever.
        static NAMES: OnceBox<Vec<(i32, CString)>> = OnceBox::new();
        let names = NAMES.get_or_init(|| {
            let name = |status: &Status| CString::new(status.name()).expect("names are words");
            Box::new(Status::ALL.iter().map(|status| (status.number(), name(status))).collect())
        });
        match names.iter().find(|(number, _)| *number == status) {
            _ if status == MGP_OK => c"Ok".as_ptr(),
            Some((_, name)) => name.as_ptr(),
            None => c"Unknown".as_ptr(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_of_c_are_the_statuses_of_rust() {
        let constants = [
            (MGP_E_NULL_ARGUMENT, Status::NullArgument),
            (MGP_E_UTF8, Status::Utf8),
            (MGP_E_STRUCT_SIZE, Status::StructSize),
            (MGP_E_OPTION, Status::Option),
            (MGP_E_OPERATION, Status::Operation),
            (MGP_E_WOULD_DEADLOCK, Status::WouldDeadlock),
            (MGP_E_CONNECT, Status::Connect),
            (MGP_E_TLS, Status::Tls),
            (MGP_E_TIMEOUT, Status::Timeout),
            (MGP_E_CONNECTION_LOST, Status::ConnectionLost),
            (MGP_E_REDIRECT, Status::Redirect),
            (MGP_E_RESPONSE, Status::Response),
            (MGP_E_ORIGIN, Status::Origin),
            (MGP_E_NO_CREDENTIAL, Status::NoCredential),
            (MGP_E_TOKEN, Status::Token),
            (MGP_E_CLOUD, Status::Cloud),
            (MGP_E_BAD_REQUEST, Status::BadRequest),
            (MGP_E_UNAUTHORIZED, Status::Unauthorized),
            (MGP_E_FORBIDDEN, Status::Forbidden),
            (MGP_E_NOT_FOUND, Status::NotFound),
            (MGP_E_CONFLICT, Status::Conflict),
            (MGP_E_THROTTLED, Status::Throttled),
            (MGP_E_UNAVAILABLE, Status::Unavailable),
            (MGP_E_SERVICE, Status::Service),
            (MGP_E_OUTRANKED, Status::Outranked),
            (MGP_E_CANCELLED, Status::Cancelled),
            (MGP_E_CLOSED, Status::Closed),
            (MGP_E_FORKED, Status::Forked),
            (MGP_E_WAIT_TIMEOUT, Status::WaitTimeout),
            (MGP_E_WOKEN, Status::Woken),
            (MGP_E_INVALID_PAIR, Status::InvalidPair),
            (MGP_E_INVALID_DURATION, Status::InvalidDuration),
            (MGP_E_INVALID_SESSION_ID, Status::InvalidSessionId),
            (MGP_E_INVALID_ID, Status::InvalidId),
            (MGP_E_INVALID_BODY, Status::InvalidBody),
            (MGP_E_INVALID_HEADER, Status::InvalidHeader),
            (MGP_E_INVALID_QUERY, Status::InvalidQuery),
            (MGP_E_INVALID_VALUE, Status::InvalidValue),
            (MGP_E_PANIC, Status::Panic),
            (MGP_E_INTERNAL, Status::Internal),
        ];
        assert_eq!(constants.len(), Status::ALL.len());
        for (number, status) in constants {
            assert_eq!(number, status.number(), "{status:?}");
            assert!(Status::ALL.contains(&status), "{status:?}");
        }
    }

    #[test]
    fn statuses_stand_in_the_order_of_their_numbers_and_none_twice() {
        assert!(Status::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }
}
