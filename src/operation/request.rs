//! A request as plain data. Every way to send an operation takes one.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::body::Body;
use super::name::Operation;
use super::target::{ApiVersion, Target};
use crate::error::Error;
use crate::secret_headers::Headers;
use crate::token::Token;

/// A request as plain data: an operation, the target whose presence it concerns, and the body. Each operation has a
/// constructor here. A request is not checked until a client sends it.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use mgpresence::{ApiVersion, Request, Target};
/// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
/// # let (_emulator, client) = doctest::emulated();
///
/// let request = Request::get_presence(Target::user("adele"))
///     .api_version(ApiVersion::Beta)
///     .query("$select", "availability")
///     .timeout(Duration::from_secs(10));
/// assert!(client.send(request)?.presence().is_some());
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone)]
pub struct Request {
    pub(crate) operation: Operation,
    pub(crate) api_version: ApiVersion,
    pub(crate) target: Target,
    pub(crate) body: Option<Body>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) access_token: Option<Token>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) skip_validation: bool,
    pub(crate) default_session_id: bool,
    pub(crate) trace: bool,
    pub(crate) batched: bool,
    /// Sent before all other batched requests, and never repeated.
    pub(crate) urgent: bool,
    /// Sent alone when its turn comes, though batched.
    pub(crate) alone: bool,
    pub(crate) next_link: Option<String>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("api_version", &self.api_version)
            .field("target", &self.target)
            .field("body", &self.body)
            .field("query", &self.query)
            .field("headers", &Headers(&self.headers))
            .field("access_token", &self.access_token)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// A request for any operation, without a body. The other constructors also set the body.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Operation, Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let request = Request::new(Operation::SetStatusMessage, Target::user("adele"))
    ///     .body_json(r#"{"statusMessage": {"message": {"content": "Back at 3"}}}"#)?;
    /// client.send(request)?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn new(operation: Operation, target: Target) -> Self {
        Self {
            operation,
            api_version: ApiVersion::V1_0,
            target,
            body: None,
            query: Vec::new(),
            headers: Vec::new(),
            access_token: None,
            timeout: None,
            skip_validation: false,
            default_session_id: false,
            trace: false,
            batched: false,
            urgent: false,
            alone: false,
            next_link: None,
        }
    }

    /// Uses another version of Graph than the default, `/v1.0`.
    #[must_use]
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.api_version = version;
        self
    }

    /// Sets the body as JSON text, for properties that the typed bodies do not have. Properties that this library has
    /// no rule for are sent unchanged.
    ///
    /// # Errors
    /// [`Status::InvalidBody`](crate::Status::InvalidBody) if the text is not a JSON object, or is longer than 64 MiB.
    pub fn body_json(mut self, json: &str) -> Result<Self, Error> {
        self.body = Some(Body::parse(json)?);
        Ok(self)
    }

    /// Adds an OData query option such as `$select`. Write the value without URL encoding.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header. `Authorization`, and headers of the connection such as `Host`, are refused.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Uses an access token for this request only, in place of the client's credential.
    ///
    /// # Errors
    /// [`Status::Token`](crate::Status::Token) if the token cannot be sent in a header.
    pub fn access_token(mut self, token: &str) -> Result<Self, Error> {
        self.access_token = Some(Token::new(token)?);
        Ok(self)
    }

    /// The longest time to wait for the response, including retries. The default is the client's timeout.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Skips the checks of presence values, so that the service decides: it may accept values that are newer than this
    /// library. An id, a header or a query option that would change where the request goes is still refused.
    #[must_use]
    pub fn skip_validation(mut self) -> Self {
        self.skip_validation = true;
        self
    }

    /// Sets a missing `sessionId` to the client id of the credential, or else to that of the token.
    #[must_use]
    pub fn default_session_id(mut self) -> Self {
        self.default_session_id = true;
        self
    }

    /// Records what is sent and received, without the token and without the values of other secret headers, such as
    /// Cookie; see [`Response::trace`](crate::Response::trace).
    #[must_use]
    pub fn trace(mut self) -> Self {
        self.trace = true;
        self
    }

    /// Lets a submitted request be sent in a `$batch` with others of the same API version and token, within the limit
    /// of requests that Graph has for an application. See [`Client::submit`](crate::Client::submit). [`Client::send`]
    /// and [`Client::send_async`] ignore this option.
    ///
    /// [`Client::send`]: crate::Client::send
    /// [`Client::send_async`]: crate::Client::send_async
    #[must_use]
    pub fn batched(mut self) -> Self {
        self.batched = true;
        self
    }

    pub(super) fn with(mut self, body: &impl Serialize) -> Self {
        self.body = Some(Body::of(body));
        self
    }

    /// The length of everything that has to be checked, in bytes.
    pub(crate) fn size(&self) -> usize {
        let fields = self.query.iter().chain(&self.headers);
        let fields: usize = fields.map(|(name, value)| name.len() + value.len()).sum();
        self.body.as_ref().map_or(0, Body::size) + fields
    }
}
