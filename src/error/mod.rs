//! The one error of the crate: a status to branch on, a message to read, and all that is known about the response.

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

/// Why a call failed. Branch on its [`Status`], and show its text, which says what happened and what to do. It is cheap to
/// clone and never contains a token.
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
#[derive(Clone, Debug)]
pub struct Error(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cause: Arc<dyn Cause>,
    context: Context,
}

/// What was known when the call failed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub(crate) client_request_id: String,
    pub(crate) attempts: u32,
    pub(crate) trace: String,
    /// The response, if there was one, even an incomplete one.
    pub(crate) response: Option<Response>,
}

impl Error {
    pub(crate) fn with_context(cause: impl Cause, context: Context) -> Self {
        Self(Arc::new(Inner { cause: Arc::new(cause), context }))
    }

    /// The same failure with what was known when it came.
    pub(crate) fn in_context(&self, context: Context) -> Self {
        Self(Arc::new(Inner { cause: Arc::clone(&self.0.cause), context }))
    }

    /// What to branch on.
    pub fn status(&self) -> Status {
        self.0.cause.status()
    }

    /// The HTTP status, if there was a response, even an incomplete one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.context.response.as_ref().map(Response::http_status)
    }

    /// Graph's error code, such as `InvalidArgument`; where a sign-in was refused, Entra's, such as `AADSTS7000215`. Branch on
    /// it rather than on texts.
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

    /// What to do, if this library knows more than Graph said. The text of the error includes it.
    pub fn advice(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.advice.as_deref())
    }

    /// The request-id header, which Microsoft support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.response().and_then(Response::request_id)
    }

    /// The client-request-id that this library sent, the same for all attempts; empty if nothing was sent.
    pub fn client_request_id(&self) -> &str {
        &self.0.context.client_request_id
    }

    /// How long Graph asked to wait; a longer time than a day counts as one.
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal().and_then(|refusal| refusal.retry_after)
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.context.attempts
    }

    /// The response, with its headers and as much of its body as arrived.
    pub fn response(&self) -> Option<&Response> {
        self.0.context.response.as_ref()
    }

    /// What went over the wire, without the token, if the request had [`Request::trace`](crate::Request::trace).
    pub fn trace(&self) -> &str {
        &self.0.context.trace
    }

    /// Whether the request was not sent because there was no room for it within its time.
    pub(crate) fn is_unsent(&self) -> bool {
        self.0.cause.is_unsent()
    }

    fn refusal(&self) -> Option<&Refusal> {
        self.0.cause.refusal()
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.cause.fmt(f)
    }
}

/// Anything that is an error's cause becomes an error without a context: nothing was sent.
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
