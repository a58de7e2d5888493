//! The one error of the crate: a status to branch on, a sentence to read, and all that is known of the answer.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::AuthFailure;
use crate::operation::{Operation, Target};
use crate::presence::Invalid;
use crate::presence::effect::Outranked;
use crate::response::Response;
use crate::status::Status;
use crate::text::{Said, Short};
use crate::transport::{Refusal, TransportFailure};

/// Why a call failed. Cheap to clone; never holds a token.
///
/// # Example
/// ```
/// use mgpresence::{Availability, Activity, Client, Request, SetPresence, Status, Target};
///
/// let client = Client::builder().build()?;
/// let busy = SetPresence::new(Availability::Busy, Activity::Busy);
/// let error = client.send(Request::set_presence(Target::user("adele"), busy)).unwrap_err();
/// assert_eq!(error.status(), Status::InvalidPair);
/// assert!(error.to_string().contains("with Busy use InACall or InAConferenceCall"));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Error(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cause: Cause,
    context: Context,
}

/// What was known when the call failed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub(crate) client_request_id: String,
    pub(crate) attempts: u32,
    pub(crate) trace: String,
    /// The answer, where there was one, even half of one.
    pub(crate) response: Option<Response>,
}

/// The subjects that errors are about; each has its texts in its own file.
#[derive(Clone, Debug)]
pub(crate) enum Cause {
    Invalid(Invalid),
    Outranked(Outranked),
    Auth(AuthFailure),
    Transport(TransportFailure),
    Refused(Refusal),
    Call(CallFailure),
}

/// How a call was used, or ended, apart from what it was about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum CallFailure {
    NullArgument(&'static str),
    Utf8(&'static str),
    StructSize(&'static str),
    Option {
        name: &'static str,
        reason: String,
    },
    Number {
        what: &'static str,
        given: i32,
    },
    TargetWithoutId,
    IdWithoutTarget,
    TargetOfCollection,
    ExpiryInHalf,
    WouldDeadlock,
    Cancelled,
    ClientClosed,
    QueueClosed,
    /// A close had to end this many requests.
    Ended {
        count: usize,
        after: Duration,
    },
    Forked,
    WaitTimeout,
    Woken,
    Panic(String),
    Internal(String),
}

impl Error {
    pub(crate) fn with_context(cause: impl Into<Cause>, context: Context) -> Self {
        Self(Arc::new(Inner { cause: cause.into(), context }))
    }

    /// The same failure with what was known when it came.
    pub(crate) fn in_context(&self, context: Context) -> Self {
        Self::with_context(self.0.cause.clone(), context)
    }

    /// What to branch on.
    pub fn status(&self) -> Status {
        match &self.0.cause {
            Cause::Invalid(invalid) => invalid_status(invalid),
            Cause::Outranked(_) => Status::Outranked,
            Cause::Auth(failure) => failure.status(),
            Cause::Transport(failure) => failure.status(),
            Cause::Refused(refusal) => refusal.status(),
            Cause::Call(failure) => failure.status(),
        }
    }

    /// The HTTP status, where there was an answer, even one that could not be read to its end.
    pub fn http_status(&self) -> Option<u16> {
        self.0.context.response.as_ref().map(Response::http_status)
    }

    /// Graph's error code, such as `InvalidArgument`; branch on it rather than on texts.
    pub fn graph_code(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.code.as_deref())
    }

    /// Graph's own words; Graph may leave them empty and may change them.
    pub fn graph_message(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.message.as_deref())
    }

    /// What would help, where more is known than Graph said.
    pub fn advice(&self) -> Option<&'static str> {
        self.refusal().and_then(|refusal| refusal.advice)
    }

    /// The id that Microsoft's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.response().and_then(Response::request_id)
    }

    /// The id that this library sent, one for all attempts of a call; empty where nothing was sent.
    pub fn client_request_id(&self) -> &str {
        &self.0.context.client_request_id
    }

    /// How long Graph asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal().and_then(|refusal| refusal.retry_after)
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.context.attempts
    }

    /// The answer that was refused, with its headers and what was read of its body.
    pub fn response(&self) -> Option<&Response> {
        self.0.context.response.as_ref()
    }

    /// What went over the wire, without the token, where the request asked for it.
    pub fn trace(&self) -> &str {
        &self.0.context.trace
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.0.cause {
            Cause::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Invalid(invalid) => invalid.fmt(f),
            Cause::Outranked(outranked) => outranked.fmt(f),
            Cause::Auth(failure) => failure.fmt(f),
            Cause::Transport(failure) => failure.fmt(f),
            Cause::Refused(refusal) => refusal.fmt(f),
            Cause::Call(failure) => failure.fmt(f),
        }
    }
}

/// Anything that is an error's cause becomes an error without a context: nothing was sent.
impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::with_context(cause, Context::default())
    }
}

macro_rules! causes {
    ($($variant:ident($type:ty)),+) => {$(
        impl From<$type> for Cause {
            fn from(cause: $type) -> Self {
                Self::$variant(cause)
            }
        }
    )+};
}

causes!(
    Invalid(Invalid),
    Outranked(Outranked),
    Auth(AuthFailure),
    Transport(TransportFailure),
    Refused(Refusal),
    Call(CallFailure)
);

fn invalid_status(invalid: &Invalid) -> Status {
    match invalid {
        Invalid::Pair { .. } => Status::InvalidPair,
        Invalid::Duration { .. } => Status::InvalidDuration,
        Invalid::SessionIdMissing { .. } | Invalid::SessionIdEmpty => Status::InvalidSessionId,
        Invalid::Id { .. } => Status::InvalidId,
        Invalid::BodyTooLong { .. }
        | Invalid::BodySyntax { .. }
        | Invalid::BodyKind { .. }
        | Invalid::BodyMissing { .. }
        | Invalid::BodyNotTaken { .. } => Status::InvalidBody,
        Invalid::Header { .. }
        | Invalid::TooManyHeaders { .. }
        | Invalid::HeadersTooLong { .. } => Status::InvalidHeader,
        Invalid::Query { .. } => Status::InvalidQuery,
        Invalid::Missing { property, .. }
        | Invalid::Kind { property, .. }
        | Invalid::Value { property, .. } => match *property {
            "availability" | "activity" => Status::InvalidPair,
            "sessionId" => Status::InvalidSessionId,
            "expirationDuration" => Status::InvalidDuration,
            _ => Status::InvalidValue,
        },
    }
}

impl CallFailure {
    /// What a panic left behind.
    pub(crate) fn panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::Panic(text.unwrap_or_else(|| "panic".into()))
    }

    fn status(&self) -> Status {
        match self {
            Self::NullArgument(_) => Status::NullArgument,
            Self::Utf8(_) => Status::Utf8,
            Self::StructSize(_) => Status::StructSize,
            Self::Option { .. } => Status::Option,
            Self::Number { .. } => Status::Operation,
            Self::TargetWithoutId | Self::IdWithoutTarget => Status::InvalidId,
            Self::TargetOfCollection => Status::Operation,
            Self::ExpiryInHalf => Status::InvalidValue,
            Self::Ended { .. } => Status::Timeout,
            Self::WouldDeadlock => Status::WouldDeadlock,
            Self::Cancelled => Status::Cancelled,
            Self::ClientClosed | Self::QueueClosed => Status::Closed,
            Self::Forked => Status::Forked,
            Self::WaitTimeout => Status::WaitTimeout,
            Self::Woken => Status::Woken,
            Self::Panic(_) => Status::Panic,
            Self::Internal(_) => Status::Internal,
        }
    }
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NullArgument(name) => write!(f, "{name} is NULL; the call needs it"),
            Self::Utf8(name) => write!(f, "{name} is not UTF-8; convert it before the call"),
            Self::StructSize(name) => write!(
                f,
                "struct_size of {name} is not one that this library knows; set it with the \
                 header's INIT macro and use a library as new as the header"
            ),
            Self::Option { name, reason } => write!(f, "option {name} {}", Said(reason)),
            Self::Number { what, given } => {
                write!(f, "{what} {given} is unknown; use one of the header's constants")
            }
            Self::TargetWithoutId => {
                f.write_str("target_id is NULL; give a user's id, or use the target for /me")
            }
            Self::IdWithoutTarget => f.write_str(
                "target_id is given and target is MGP_TARGET_ME; set target to MGP_TARGET_USER, or leave the id out",
            ),
            Self::TargetOfCollection => f.write_str(
                "the operation is on the whole collection; leave target and target_id out",
            ),
            Self::ExpiryInHalf => f.write_str(
                "an expiry needs a time and its time zone; give both, or neither for a message that stays",
            ),
            Self::Ended { count, after } => write!(
                f,
                "{count} request{} had not ended within {} s and {} ended; give the close more time",
                if *count == 1 { "" } else { "s" },
                after.as_secs_f64(),
                if *count == 1 { "was" } else { "were" }
            ),
            Self::WouldDeadlock => f.write_str(
                "a blocking call inside a callback, or on a thread of an async runtime, would wait for itself; \
                 submit it to a queue",
            ),
            Self::Cancelled => f.write_str("the operation was cancelled"),
            Self::ClientClosed => f.write_str("the client is closed; make a new one"),
            Self::QueueClosed => f.write_str("the queue is closed; make a new one"),
            Self::Forked => f.write_str(
                "this process is a fork of the one that made the object; make a new client and a new queue \
                 after the fork",
            ),
            Self::WaitTimeout => f.write_str("nothing completed in the time given; wait again"),
            Self::Woken => f.write_str("the wait was ended by a wake"),
            Self::Panic(what) => write!(f, "a bug in mgpresence: {}", Said(what)),
            Self::Internal(what) => write!(f, "mgpresence cannot go on: {}", Said(what)),
        }
    }
}

/// A refusal's subject for its text: what was to be done to whom.
pub(crate) fn subject(operation: Operation, target: &Target) -> String {
    let row = operation.row();
    match row.on {
        crate::operation::On::Presence(_) => format!("{} {}", row.does, Short(target.subject())),
        crate::operation::On::Communications(_) => format!("{} the tenant", row.does),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_fits_in_a_register() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
