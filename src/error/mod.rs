//! The one error type of the crate: a status to branch on, a message to show, and everything known about the response.

mod cause;
mod local;
mod refusal;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::response::Response;
use crate::status::Status;

pub(crate) use cause::Cause;
pub(crate) use local::LocalFailure;
pub(crate) use refusal::Refusal;

/// Why a call failed. Branch on its [`Status`], and show its message, which says what happened and what to do. An error
/// is cheap to clone and never contains a token.
///
/// # Example
/// ```
/// use mgpresence::{Availability, Activity, Client, Request, SetPresence, Status, Target};
///
/// let client = Client::builder().build()?;
/// let busy = SetPresence::new(Availability::Busy, Activity::Busy);
/// let error = client.send(Request::set_presence(Target::user("adele"), busy)).unwrap_err();
/// assert_eq!(error.status(), Status::InvalidPair);
/// assert!(error.to_string().contains("With Busy use InACall or InAConferenceCall"));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    cause: Arc<dyn Cause>,
    context: Context,
}

/// What was known when the call failed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub(crate) client_request_id: String,
    pub(crate) attempts: u32,
    /// Whether an attempt before the last one may have had its effect.
    pub(crate) may_be_done: bool,
    pub(crate) trace: String,
    /// The response, complete or not.
    pub(crate) response: Option<Response>,
}

impl Error {
    pub(crate) fn with_context(cause: impl Cause, context: Context) -> Self {
        Self(Arc::new(Inner { cause: Arc::new(cause), context }))
    }

    /// The same failure in another context.
    pub(crate) fn in_context(&self, context: Context) -> Self {
        Self(Arc::new(Inner { cause: Arc::clone(&self.0.cause), context }))
    }

    /// Another failure in the same context.
    pub(crate) fn with_cause(&self, cause: impl Cause) -> Self {
        Self::with_context(cause, self.0.context.clone())
    }

    /// The same failure, with what was sent and received before the part that failed.
    pub(crate) fn after(&self, earlier: &[Response]) -> Self {
        let mut context = self.0.context.clone();
        context.trace = earlier.iter().map(Response::trace).collect::<String>() + &context.trace;
        self.in_context(context)
    }

    /// The status, to branch on.
    pub fn status(&self) -> Status {
        self.0.cause.status()
    }

    /// The HTTP status, if a response arrived, even if it was incomplete.
    pub fn http_status(&self) -> Option<u16> {
        self.0.context.response.as_ref().map(Response::http_status)
    }

    /// Graph's error code, such as `InvalidArgument`, or Entra's if a sign-in was refused, such as `AADSTS7000215`.
    /// Branch on the code rather than on messages.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{ClearPresence, Request, Status, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let clear = Request::clear_presence(Target::user("adele"), ClearPresence::default());
    /// let error = client.send(clear).unwrap_err(); // there is no session
    /// assert_eq!((error.status(), error.http_status()), (Status::NotFound, Some(404)));
    /// assert_eq!(error.graph_code(), Some("NotFound"));
    /// ```
    pub fn graph_code(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.code.as_deref())
    }

    /// Graph's own message. Graph may leave it empty and may change it.
    pub fn graph_message(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.message.as_deref())
    }

    /// What to do, if this library knows more than Graph said. The error's message includes this advice.
    pub fn advice(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.advice.as_deref())
    }

    /// The request-id header, which Microsoft support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.response().and_then(Response::request_id)
    }

    /// The client-request-id that this library sent, the same for all attempts; empty if there was no attempt.
    pub fn client_request_id(&self) -> &str {
        &self.0.context.client_request_id
    }

    /// How long Graph asked to wait, at most one day.
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal().and_then(|refusal| refusal.retry_after)
    }

    /// How often the library tried to send the request; 0 if the call ended before.
    pub fn attempts(&self) -> u32 {
        self.0.context.attempts
    }

    /// The response, with its headers and as much of its body as was received.
    pub fn response(&self) -> Option<&Response> {
        self.0.context.response.as_ref()
    }

    /// What was sent and received, without the token; empty unless the request had
    /// [`Request::trace`](crate::Request::trace).
    pub fn trace(&self) -> &str {
        &self.0.context.trace
    }

    /// Whether an attempt before the last one may have had its effect.
    pub(crate) fn may_be_done(&self) -> bool {
        self.0.context.may_be_done
    }

    /// Whether the request was not sent because no slot was free before its deadline.
    pub(crate) fn is_unsent(&self) -> bool {
        self.0.cause.is_unsent()
    }

    /// What Graph said, or who answered in its place, if the failure is a refusal.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        self.0.cause.refusal()
    }
}

impl std::error::Error for Error {}

/// What a program that ends with the error prints: the message, and not the response.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("status", &self.status())
            .field("message", &self.to_string())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.cause.fmt(f)
    }
}

/// A cause becomes an error without a context, because nothing was sent.
impl<C: Cause> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::with_context(cause, Context::default())
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
