//! What Graph answered: status, headers, body, and the presences in it.

use std::fmt;
use std::sync::Arc;

use crate::presence::Presence;
use crate::secret_headers::Headers;

/// What Graph answered. Unknown properties and words are kept.
///
/// # Example
/// ```
/// use mgpresence::Request;
/// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
/// # let (_emulator, client) = doctest::emulated();
///
/// let response = client.send(Request::list_presences())?;
/// for presence in response.presences() {
///     println!("{:?} is {:?}", presence.id, presence.availability);
/// }
/// assert_eq!(response.header("Content-Type").map(|it| it.starts_with("application/json")), Some(true));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone)]
pub struct Response {
    pub(crate) http_status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Arc<String>,
    pub(crate) client_request_id: String,
    pub(crate) attempts: u32,
    pub(crate) trace: String,
    pub(crate) content: Result<Content, Unreadable>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("http_status", &self.http_status)
            .field("headers", &Headers(&self.headers))
            .field("body", &self.body)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// What was read from a body of the kind that the operation returns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pub(crate) presences: Vec<Presence>,
    pub(crate) next_link: Option<String>,
    pub(crate) count: Option<u64>,
}

/// Why a body is not of the kind that the operation returns.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable {
    NotJson {
        line: usize,
        column: usize,
    },
    /// An error object, whatever the status says.
    Error {
        code: Box<str>,
        message: Box<str>,
    },
    /// What the body is instead, for messages.
    Unexpected(String),
}

impl Response {
    /// The HTTP status, such as 200, 201 or 204.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The headers, with names in lower case, in the order of the response.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The first header with a name, ignoring case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers_of(name).next()
    }

    /// All headers with a name, ignoring case.
    pub(crate) fn headers_of(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as it was received, except that a token in it, and bytes that are not UTF-8, are replaced.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The presences in the response; empty if there are none.
    pub fn presences(&self) -> &[Presence] {
        self.content.as_ref().map_or(&[], |content| &content.presences)
    }

    /// The first presence in the response.
    pub fn presence(&self) -> Option<&Presence> {
        self.presences().first()
    }

    /// The link to the next page, for [`Request::next_page`](crate::Request::next_page); `None` on the last page.
    pub fn next_link(&self) -> Option<&str> {
        self.content.as_ref().ok()?.next_link.as_deref()
    }

    /// The total number of presences, if the response contains it.
    pub fn count(&self) -> Option<u64> {
        self.content.as_ref().ok()?.count
    }

    /// The request-id header, which Microsoft support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.header("request-id").or_else(|| self.header("x-ms-request-id"))
    }

    /// The client-request-id that this library sent, the same for all attempts.
    pub fn client_request_id(&self) -> &str {
        &self.client_request_id
    }

    /// How many times the request was sent, at least 1. For a request that was split it is the sum over its parts.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What was sent and received, without the token; empty unless the request had
    /// [`Request::trace`](crate::Request::trace).
    pub fn trace(&self) -> &str {
        &self.trace
    }

    /// The presences, for sorting.
    pub(crate) fn presences_mut(&mut self) -> &mut [Presence] {
        self.content.as_mut().map_or(&mut [], |content| &mut content.presences)
    }

    /// Appends a later response: the result has the presences of both, and everything else from the later one.
    pub(crate) fn followed_by(self, mut later: Self) -> Self {
        let earlier_count = self.count();
        // The earlier presences are moved and not copied, since many responses may follow each other.
        let mut presences = self.content.map(|content| content.presences).unwrap_or_default();
        let mut content = later.content.unwrap_or_default();
        presences.append(&mut content.presences);
        let count = earlier_count.zip(content.count).map(|(earlier, later)| earlier + later);
        later.content = Ok(Content { presences, count, ..content });
        later.attempts += self.attempts;
        later.trace = self.trace + &later.trace;
        later
    }

    /// The same response with a new body that lists its presences, in the form in which Graph lists them.
    pub(crate) fn with_body_of_presences(mut self) -> Self {
        let presences: Vec<_> = self.presences().iter().map(|it| it.json.as_str()).collect();
        self.body = Arc::new(format!(r#"{{"value":[{}]}}"#, presences.join(",")));
        self
    }

    /// Why the body is not of the kind that the operation returns; `None` if it is.
    pub(crate) fn unreadable(&self) -> Option<&Unreadable> {
        self.content.as_ref().err()
    }
}
