//! The number of an error: what callers branch on. The decade is the kind; a number is never used again.

/// Why a call failed. Each error has one; the numbers are those of the C ABI and never change.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(i32)]
pub enum Status {
    /// A pointer that the call needs is NULL.
    NullArgument = 10,
    /// A text is not UTF-8.
    Utf8 = 11,
    /// A struct's size is none, or the struct is from a newer header and uses what this library does not know.
    StructSize = 12,
    /// An option of the client cannot be used.
    Option = 13,
    /// The number of an operation, a version or a target is unknown.
    Operation = 14,
    /// A blocking call from inside a callback, which could never return.
    WouldDeadlock = 15,
    /// The host, or the proxy before it, cannot be reached.
    Connect = 20,
    /// The certificate was not accepted, or TLS failed.
    Tls = 21,
    /// The call's time is over.
    Timeout = 22,
    /// The connection ended before the whole answer was there.
    ConnectionLost = 23,
    /// The service sent elsewhere; redirects are not followed.
    Redirect = 24,
    /// The answer cannot be understood, or says 200 and holds an error.
    Response = 25,
    /// A link that the service gave would take the token elsewhere, or is too long.
    Origin = 26,
    /// Neither the client nor the request has a token.
    NoCredential = 30,
    /// The credential gave no usable token.
    Token = 31,
    /// The cloud is unknown, or has no presence.
    Cloud = 32,
    /// Graph: 400.
    BadRequest = 40,
    /// Graph: 401.
    Unauthorized = 41,
    /// Graph: 403.
    Forbidden = 42,
    /// Graph: 404.
    NotFound = 43,
    /// Graph: 409 or 412.
    Conflict = 44,
    /// Graph: 429, and the retry budget is spent.
    Throttled = 45,
    /// Graph: 5xx, and the retry budget is spent where a retry was allowed.
    Unavailable = 46,
    /// Graph: any other status that is no success.
    Service = 47,
    /// Graph accepted it and something else shows.
    Outranked = 48,
    /// The caller cancelled the operation.
    Cancelled = 50,
    /// The client or the queue is closed.
    Closed = 51,
    /// The process is a fork of the one that made the client.
    Forked = 52,
    /// The queue had nothing to deliver in the time given.
    WaitTimeout = 53,
    /// The wait on the queue was ended by a wake.
    Woken = 54,
    /// Availability and activity are not a pair that the operation accepts.
    InvalidPair = 60,
    /// expirationDuration is no duration, or out of range.
    InvalidDuration = 61,
    /// sessionId is missing or empty.
    InvalidSessionId = 62,
    /// The id of a user is none, or would change the path.
    InvalidId = 63,
    /// The body is no JSON object, is missing, or is too long.
    InvalidBody = 64,
    /// A header of the request cannot be sent, or there are too many.
    InvalidHeader = 65,
    /// A query option of the request cannot be sent, or makes the URL too long.
    InvalidQuery = 66,
    /// Another property has a value that Graph does not take.
    InvalidValue = 67,
    /// A bug in this library: it panicked. The object is still safe to free.
    Panic = 90,
    /// A bug or a lack of resources in this library.
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
