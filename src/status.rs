//! The status of an error, for callers to branch on. The tens digit groups the numbers by kind. A number is never
//! reused.

/// Why a call failed. Each error has one. The numbers are those of the C ABI and never change.
/// ```
/// use mgpresence::Status;
///
/// assert_eq!((Status::Timeout.number(), Status::Timeout.name().as_str()), (22, "Timeout"));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(i32)]
pub enum Status {
    /// A required pointer is NULL.
    NullArgument = 10,
    /// A string is not valid UTF-8.
    Utf8 = 11,
    /// struct_size does not match any version of the struct, or the struct uses fields that this library does not know.
    StructSize = 12,
    /// An option has a value that cannot be used.
    Option = 13,
    /// A number of an enumeration is unknown, or the target does not go with the operation.
    Operation = 14,
    /// A blocking call inside a callback, which would never return.
    WouldDeadlock = 15,
    /// The host, or the proxy in front of it, cannot be reached.
    Connect = 20,
    /// TLS failed, or the certificate was not accepted.
    Tls = 21,
    /// The call timed out.
    Timeout = 22,
    /// The connection ended before the response was complete.
    ConnectionLost = 23,
    /// The service answered with a redirect, which is not followed.
    Redirect = 24,
    /// The response cannot be understood, or it has a 2xx status and contains an error.
    Response = 25,
    /// A link that the service gave would take the token elsewhere, or is too long.
    Origin = 26,
    /// Neither the client nor the request has a token, or this way to sign in is not set up here.
    NoCredential = 30,
    /// The credential did not provide a usable token.
    Token = 31,
    /// The cloud is unknown, or it has no presence API.
    Cloud = 32,
    /// Microsoft Entra, or the endpoint of a managed identity, refused the sign-in.
    SignIn = 33,
    /// The application lacks consent; the message names the page where an administrator gives it.
    Consent = 34,
    /// A person must sign in, and this credential cannot ask one, or not now.
    Interaction = 35,
    /// The client certificate cannot be read or used; nothing was sent.
    Certificate = 36,
    /// Graph answered 400.
    BadRequest = 40,
    /// Graph answered 401.
    Unauthorized = 41,
    /// Graph answered 403.
    Forbidden = 42,
    /// Graph answered 404.
    NotFound = 43,
    /// Graph answered 409 or 412.
    Conflict = 44,
    /// Graph answered 429, and the retry limits are used up where a retry was allowed.
    Throttled = 45,
    /// Graph answered 5xx, and the retry limits are used up where a retry was allowed.
    Unavailable = 46,
    /// Graph answered with another status that is not a success.
    Service = 47,
    /// Something else shows, or would show, instead of the presence.
    Outranked = 48,
    /// The caller cancelled the operation.
    Cancelled = 50,
    /// The client or the queue is closed.
    Closed = 51,
    /// The object belongs to the process that this one was forked from.
    Forked = 52,
    /// Nothing completed within the given time.
    WaitTimeout = 53,
    /// A wake ended the wait.
    Woken = 54,
    /// The client has as many batched operations outstanding as it takes. Take completions, then submit again.
    Full = 55,
    /// Availability and activity are not a pair that the operation accepts.
    InvalidPair = 60,
    /// expirationDuration is not a valid duration, or it is out of range.
    InvalidDuration = 61,
    /// sessionId is missing or empty.
    InvalidSessionId = 62,
    /// The user id is missing or empty, does not go with the target, or would change the request path.
    InvalidId = 63,
    /// The body is missing, is not a JSON object, or is too long.
    InvalidBody = 64,
    /// A header cannot be sent, or there are too many.
    InvalidHeader = 65,
    /// A query option cannot be sent, or it makes the URL too long.
    InvalidQuery = 66,
    /// Another property has a value that Graph does not accept.
    InvalidValue = 67,
    /// A bug in this library: it panicked. Its objects can still be freed.
    Panic = 90,
    /// A bug in this library, or a lack of resources.
    Internal = 91,
}

impl Status {
    /// Every status, by number.
    pub const ALL: &[Self] = &[
        Self::NullArgument,
        Self::Utf8,
        Self::StructSize,
        Self::Option,
        Self::Operation,
        Self::WouldDeadlock,
        Self::Connect,
        Self::Tls,
        Self::Timeout,
        Self::ConnectionLost,
        Self::Redirect,
        Self::Response,
        Self::Origin,
        Self::NoCredential,
        Self::Token,
        Self::Cloud,
        Self::SignIn,
        Self::Consent,
        Self::Interaction,
        Self::Certificate,
        Self::BadRequest,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Throttled,
        Self::Unavailable,
        Self::Service,
        Self::Outranked,
        Self::Cancelled,
        Self::Closed,
        Self::Forked,
        Self::WaitTimeout,
        Self::Woken,
        Self::Full,
        Self::InvalidPair,
        Self::InvalidDuration,
        Self::InvalidSessionId,
        Self::InvalidId,
        Self::InvalidBody,
        Self::InvalidHeader,
        Self::InvalidQuery,
        Self::InvalidValue,
        Self::Panic,
        Self::Internal,
    ];

    /// The number that crosses the C ABI.
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// The name in one word: `InvalidPair`.
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}
