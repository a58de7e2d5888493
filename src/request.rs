//! A request as plain data: the one form that every way to run an operation takes.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::Error;
use crate::auth::Token;
use crate::body::Body as Object;
use crate::operation::{
    ApiVersion, Body, ClearPresence, GetPresencesByUserId, Operation, SetLocation, SetPresence,
    SetStatusMessage, SetUserPreferredPresence, Target, WritePresence, check_headers,
    path_and_query,
};
use crate::presence::Invalid;

/// An operation, whom it is about, and what it sends. Nothing is checked before it is sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) operation: Operation,
    pub(crate) api_version: ApiVersion,
    pub(crate) target: Target,
    pub(crate) body: Option<Object>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) access_token: Option<Token>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) skip_validation: bool,
    pub(crate) default_session_id: bool,
    pub(crate) trace: bool,
    pub(crate) next_link: Option<String>,
}

/// A request that broke no rule, ready but for its token and origin.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) path_and_query: String,
    pub(crate) body: Option<Object>,
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

    /// Reads a presence. <https://learn.microsoft.com/graph/api/presence-get>
    pub fn get_presence(target: Target) -> Self {
        Self::new(Operation::GetPresence, target)
    }

    /// Sets the session of the calling application. <https://learn.microsoft.com/graph/api/presence-setpresence>
    pub fn set_presence(target: Target, body: SetPresence) -> Self {
        Self::new(Operation::SetPresence, target).with(&body).default_session_id()
    }

    /// Updates a presence object; see [`WritePresence`] for what to expect.
    pub fn update_presence(target: Target, body: WritePresence) -> Self {
        Self::new(Operation::UpdatePresence, target).with(&body)
    }

    /// Creates a presence object; see [`WritePresence`] for what to expect.
    pub fn create_presence(body: WritePresence) -> Self {
        Self::new(Operation::CreatePresence, Target::Me).with(&body)
    }

    /// Deletes a presence object; see [`WritePresence`] for what to expect.
    pub fn delete_presence(target: Target) -> Self {
        Self::new(Operation::DeletePresence, target)
    }

    /// Ends the session of an application. <https://learn.microsoft.com/graph/api/presence-clearpresence>
    pub fn clear_presence(target: Target, body: ClearPresence) -> Self {
        Self::new(Operation::ClearPresence, target).with(&body).default_session_id()
    }

    /// Sets what a user wants to be seen as.
    /// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
    pub fn set_user_preferred_presence(target: Target, body: SetUserPreferredPresence) -> Self {
        Self::new(Operation::SetUserPreferredPresence, target).with(&body)
    }

    /// Takes that wish back. <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
    pub fn clear_user_preferred_presence(target: Target) -> Self {
        Self::new(Operation::ClearUserPreferredPresence, target)
    }

    /// Sets the text under a user's name. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
    pub fn set_status_message(target: Target, body: SetStatusMessage) -> Self {
        Self::new(Operation::SetStatusMessage, target).with(&body)
    }

    /// Sets where a user works today. <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
    pub fn set_manual_location(target: Target, body: SetLocation) -> Self {
        Self::new(Operation::SetManualLocation, target).with(&body)
    }

    /// Says where a device found a user to be.
    /// <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
    pub fn set_automatic_location(target: Target, body: SetLocation) -> Self {
        Self::new(Operation::SetAutomaticLocation, target).with(&body)
    }

    /// Clears every location of today. <https://learn.microsoft.com/graph/api/presence-clearlocation>
    pub fn clear_location(target: Target) -> Self {
        Self::new(Operation::ClearLocation, target)
    }

    /// Clears what a device said. <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
    pub fn clear_automatic_location(target: Target) -> Self {
        Self::new(Operation::ClearAutomaticLocation, target)
    }

    /// Lists presences, a page at a time. <https://learn.microsoft.com/graph/api/presence-get>
    pub fn list_presences() -> Self {
        Self::new(Operation::ListPresences, Target::Me)
    }

    /// Counts presences.
    pub fn count_presences() -> Self {
        Self::new(Operation::CountPresences, Target::Me)
    }

    /// Reads the presences of many users.
    /// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
    pub fn get_presences_by_user_id(body: &GetPresencesByUserId) -> Self {
        Self::new(Operation::GetPresencesByUserId, Target::Me).with(body)
    }

    /// The page that an answer's nextLink points to; refused if that is not on the client's origin.
    pub fn next_page(next_link: &str) -> Self {
        Self { next_link: Some(next_link.into()), ..Self::list_presences() }
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
        self.body = Some(Object::parse(json, self.operation.row().name)?);
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

    fn with(mut self, body: &impl Serialize) -> Self {
        self.body = Some(Object::of(body));
        self
    }

    /// How much there is to check, in bytes.
    pub(crate) fn size(&self) -> usize {
        let fields = self.query.iter().chain(&self.headers);
        let fields: usize = fields.map(|(name, value)| name.len() + value.len()).sum();
        self.body.as_ref().map_or(0, Object::size) + fields
    }

    /// Whether the body lacks the sessionId that it is to be given.
    pub(crate) fn needs_session_id(&self) -> bool {
        let session_id = self.body.as_ref().and_then(|body| body.property("sessionId"));
        let lacks = session_id.is_none_or(|id| id.is_null());
        self.operation.row().has_session && self.default_session_id && lacks
    }

    /// Checks everything that can be checked without a token.
    pub(crate) fn check(&self) -> Result<Checked, Error> {
        let row = self.operation.row();
        let path_and_query = path_and_query(row, self.api_version, &self.target, &self.query)?;
        check_headers(&self.headers)?;
        self.body.as_ref().map_or(Ok(()), Object::check)?;
        let mut body = match (row.body, &self.body) {
            (Body::Never, Some(_)) => return Err(Invalid::BodyNotTaken { action: row.name }.into()),
            (Body::Required { properties, .. }, None) => {
                return Err(Invalid::BodyMissing { action: row.name, properties }.into());
            }
            (Body::Never, None) => None,
            (Body::Empty, None) => Some(Object::default()),
            (_, Some(body)) => Some(body.clone()),
        };
        if let (Body::Required { rules, .. }, Some(body), false) =
            (row.body, &mut body, self.skip_validation)
        {
            if self.needs_session_id() {
                // Held for the check only: the real one takes its place when the token is there.
                body.set("sessionId", &Value::from("default"));
            }
            rules(body)?;
        }
        Ok(Checked { path_and_query, body })
    }
}
