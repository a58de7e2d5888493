//! A request as plain data: what every way to run an operation takes.

use std::time::Duration;

use serde::Serialize;

use super::body::Body;
use super::name::Operation;
use super::target::{ApiVersion, Target};
use crate::error::Error;
use crate::token::Token;

/// An operation, whose presence it is about, and what it sends, as plain data. Each operation has a constructor here.
/// Nothing is checked until a client sends it.
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
#[derive(Clone, Debug)]
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
    /// Goes before all other batched requests, and is sent once.
    pub(crate) urgent: bool,
    pub(crate) next_link: Option<String>,
}

impl Request {
    /// A request for any operation, without a body. The other constructors also make the body.
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
            next_link: None,
        }
    }

    /// Uses a version of Graph other than `/v1.0`.
    #[must_use]
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.api_version = version;
        self
    }

    /// A body as JSON text, for properties that the typed bodies do not have. What no rule is about is sent as it is.
    ///
    /// # Errors
    /// [`Status::InvalidBody`](crate::Status::InvalidBody) if it is not a JSON object.
    pub fn body_json(mut self, json: &str) -> Result<Self, Error> {
        self.body = Some(Body::parse(json)?);
        Ok(self)
    }

    /// An OData option such as `$select`. Write the value without URL encoding.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// An additional header. The token and what belongs to the connection cannot be set.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A token for this request only.
    ///
    /// # Errors
    /// [`Status::Token`](crate::Status::Token) if a header cannot carry it.
    pub fn access_token(mut self, token: &str) -> Result<Self, Error> {
        self.access_token = Some(Token::new(token)?);
        Ok(self)
    }

    /// The longest time to wait for the response, retries included. The default is the timeout of the client.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Leaves the rules about presence to the service, which may have new ones. Whatever would change where the request
    /// goes is refused all the same.
    #[must_use]
    pub fn skip_validation(mut self) -> Self {
        self.skip_validation = true;
        self
    }

    /// Fills in a missing `sessionId` with the client id of the credential, or else of the token.
    #[must_use]
    pub fn default_session_id(mut self) -> Self {
        self.default_session_id = true;
        self
    }

    /// Records what goes over the wire, without the token and the values of other secret headers, such as Cookie; see
    /// [`Response::trace`](crate::Response::trace).
    #[must_use]
    pub fn trace(mut self) -> Self {
        self.trace = true;
        self
    }

    /// Lets a submitted request travel in a `$batch` with others of the same API version and token, under the limit of
    /// requests that Graph has for an application. See [`Client::submit`](crate::Client::submit). The other ways to send a
    /// request ignore it.
    #[must_use]
    pub fn batched(mut self) -> Self {
        self.batched = true;
        self
    }

    pub(super) fn with(mut self, body: &impl Serialize) -> Self {
        self.body = Some(Body::of(body));
        self
    }

    /// How much there is to check, in bytes.
    pub(crate) fn size(&self) -> usize {
        let fields = self.query.iter().chain(&self.headers);
        let fields: usize = fields.map(|(name, value)| name.len() + value.len()).sum();
        self.body.as_ref().map_or(0, Body::size) + fields
    }
}
