//! A request as plain data: the one form that every way to run an operation takes.

use std::time::Duration;

use serde::Serialize;

use super::body::Body;
use super::name::Operation;
use super::target::{ApiVersion, Target};
use crate::auth::Token;
use crate::error::Error;

/// An operation, whom it is about, and what it sends. Nothing is checked before it is sent.
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
    pub(crate) next_link: Option<String>,
}

impl Request {
    /// Any operation. The shorthands below make the body of each.
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
            next_link: None,
        }
    }

    /// Takes `/beta` instead of `/v1.0`.
    #[must_use]
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.api_version = version;
        self
    }

    /// A body as JSON text, for what the typed bodies do not have.
    ///
    /// # Errors
    /// [`Status::InvalidBody`](crate::Status::InvalidBody) where it is not a JSON object.
    pub fn body_json(mut self, json: &str) -> Result<Self, Error> {
        self.body = Some(Body::parse(json)?);
        Ok(self)
    }

    /// An OData option such as `$select`, not encoded.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// A header of the caller's own.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A token for this request alone.
    ///
    /// # Errors
    /// [`Status::Token`](crate::Status::Token) where it cannot stand in a header.
    pub fn access_token(mut self, token: &str) -> Result<Self, Error> {
        self.access_token = Some(Token::new(token)?);
        Ok(self)
    }

    /// Longest wait for the answer, retries included, instead of the client's.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Leaves the rules about presence to the service, which may have learned new ones. What would change where
    /// the request goes is refused all the same.
    #[must_use]
    pub fn skip_validation(mut self) -> Self {
        self.skip_validation = true;
        self
    }

    /// A body without `sessionId` gets the credential's client id, else that of the token.
    #[must_use]
    pub fn default_session_id(mut self) -> Self {
        self.default_session_id = true;
        self
    }

    /// Keeps a text of what goes over the wire, without the token.
    #[must_use]
    pub fn trace(mut self) -> Self {
        self.trace = true;
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
