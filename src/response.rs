//! An answer of Graph's: status, headers, body, and the presences in it.

use crate::content::{Content, Unreadable};
use crate::presence::Presence;
use crate::transport::Call;

/// What Graph answered. Unknown properties and words are kept.
#[derive(Clone, Debug)]
pub struct Response {
    http_status: u16,
    headers: Vec<(String, String)>,
    body: String,
    client_request_id: String,
    attempts: u32,
    trace: String,
    content: Result<Content, Unreadable>,
}

impl Response {
    pub(crate) fn new(
        call: &Call,
        attempts: u32,
        trace: String,
        answer: crate::transport::HttpAnswer,
    ) -> Self {
        let headers = answer.headers.iter().map(|(name, value)| {
            (name.as_str().to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        Self {
            http_status: answer.http_status,
            headers: headers.collect(),
            content: Content::read(
                call.row,
                selects(&call.message.url),
                answer.http_status,
                &answer.body,
            ),
            body: answer.body,
            client_request_id: call.client_request_id.clone(),
            attempts,
            trace,
        }
    }

    /// The HTTP status, such as 200, 201 or 204.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// Names in lower case, in the order of the answer.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The first header of a name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as it came, but for the token should the service echo it; bytes that are not UTF-8 are replaced.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The presences in the answer: one, several, or none.
    pub fn presences(&self) -> &[Presence] {
        self.content.as_ref().map_or(&[], |content| &content.presences)
    }

    /// The presence of an answer that holds one.
    pub fn presence(&self) -> Option<&Presence> {
        self.presences().first()
    }

    /// Where the next page is, as Graph gave it.
    pub fn next_link(&self) -> Option<&str> {
        self.content.as_ref().ok()?.next_link.as_deref()
    }

    /// How many there are, where the answer says so.
    pub fn count(&self) -> Option<u64> {
        self.content.as_ref().ok()?.count
    }

    /// The id that Microsoft's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.header("request-id")
    }

    /// The id that this library sent, one for all attempts.
    pub fn client_request_id(&self) -> &str {
        &self.client_request_id
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What went over the wire, without the token, where the request asked for it; else empty.
    pub fn trace(&self) -> &str {
        &self.trace
    }

    /// The presences, for those who put them in order.
    pub(crate) fn presences_mut(&mut self) -> &mut [Presence] {
        self.content.as_mut().map_or(&mut [], |content| &mut content.presences)
    }

    /// This answer continued by a later one: its presences before the other's, the rest from the other.
    pub(crate) fn followed_by(self, mut later: Self) -> Self {
        // What came before is moved and not copied: many answers follow each other.
        let mut presences = self.content.map(|content| content.presences).unwrap_or_default();
        let mut content = later.content.unwrap_or_default();
        presences.append(&mut content.presences);
        later.content = Ok(Content { presences, ..content });
        later.attempts += self.attempts;
        later.trace = self.trace + &later.trace;
        later
    }

    /// The same answer with a body that holds its presences, as Graph would have written it.
    pub(crate) fn with_body_of_presences(mut self) -> Self {
        let presences: Vec<_> = self.presences().iter().map(|it| it.json.as_str()).collect();
        self.body = format!(r#"{{"value":[{}]}}"#, presences.join(","));
        self
    }

    /// Why the body is not what the operation promises; `None` where it is.
    pub(crate) fn unreadable(&self) -> Option<&Unreadable> {
        self.content.as_ref().err()
    }
}

/// Whether a URL names the properties that the answer is to have.
fn selects(url: &reqwest::Url) -> bool {
    url.query_pairs().any(|(name, _)| name.trim_start_matches('$').eq_ignore_ascii_case("select"))
}
