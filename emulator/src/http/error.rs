//! Graph's errors: status, code, message. <https://learn.microsoft.com/graph/errors>
//! One constructor per refusal, so that each text stands in one place.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Answer, Headers};

/// The result of a handler.
pub(crate) type Outcome = Result<Answer, GraphError>;

/// A Graph error, to which the request's ids are added later.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct GraphError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) headers: Headers,
}

impl GraphError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), headers: Headers::new() }
    }

    /// The body could not be read at all.
    pub(crate) fn unreadable_body() -> Self {
        let message = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.";
        Self::new(400, "BadRequest", message)
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// A value that can be parsed but is not allowed.
    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    pub(crate) fn field_required(field: &str) -> Self {
        Self::invalid_argument(format!("[{field}]: The {field} field is required."))
    }

    /// A new presence without an id, sent with an application token, which names no user.
    pub(crate) fn id_required() -> Self {
        Self::invalid_argument("[Id]: The Id field is required when the token belongs to no user.")
    }

    pub(crate) fn unsupported_pair() -> Self {
        Self::invalid_argument(
            "The provided combination of [Availability] and [Activity] is not supported.",
        )
    }

    /// <https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/1186>
    pub(crate) fn expiration_out_of_range() -> Self {
        Self::invalid_argument("The provided [ExpirationDuration] is out of range.")
    }

    /// OData's message for a value of the wrong type.
    pub(crate) fn unconvertible(literal: &str, name: &str) -> Self {
        let literal: String = literal.chars().take(100).collect();
        Self::bad_request(format!(
            "Cannot convert the literal '{literal}' to the expected type '{name}'."
        ))
    }

    pub(crate) fn invalid_token(message: &str) -> Self {
        Self::new(401, "InvalidAuthenticationToken", message)
    }

    pub(crate) fn another_user() -> Self {
        Self::new(401, "Unauthorized", "Cannot set the presence of another user")
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", message)
    }

    /// The message is empty on purpose: <https://github.com/osodevops/ms-teams-cli/issues/70>.
    pub(crate) fn missing_scope() -> Self {
        Self::forbidden("")
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NotFound", message)
    }

    pub(crate) fn precondition_failed() -> Self {
        Self::new(
            412,
            "PreconditionFailed",
            "The presence has changed: If-Match names another version of it.",
        )
    }

    /// A batch within a batch.
    pub(crate) fn nested_batch() -> Self {
        Self::bad_request("A batch cannot contain a batch.")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        )
    }

    /// `wait` is rounded up, since a client that waits less is throttled again.
    pub(crate) fn throttled(wait: SignedDuration) -> Self {
        let milliseconds = (wait.as_secs_f64() * 1000.0).ceil().max(1.0);
        let error = Self::new(429, "TooManyRequests", "Please retry again later.");
        error.with("retry-after", format!("{:.3}", milliseconds / 1000.0))
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The answer for this error. `ids` are request-id and client-request-id.
    pub(crate) fn into_answer(self, now: Timestamp, ids: (&str, &str)) -> Answer {
        let mut answer = Answer::json(self.status, &self.body(now, ids));
        answer.headers.extend(self.headers);
        answer
    }

    fn body(&self, now: Timestamp, (request_id, client_request_id): (&str, &str)) -> Value {
        let date = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        json!({"error": {
            "code": self.code,
            "message": self.message,
            "innerError": {"date": date, "request-id": request_id, "client-request-id": client_request_id},
        }})
    }
}
