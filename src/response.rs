//! An answer of Graph's: status, headers, body, and the presences in it.

use serde_json::{Value, json};

use crate::operation::{Answer, Row, kind};
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
    content: Option<Content>,
}

/// What was read from a body of the kind that the operation promises.
#[derive(Clone, Debug, Default)]
struct Content {
    presences: Vec<Presence>,
    next_link: Option<String>,
    count: Option<u64>,
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
            content: Content::read(call.row, answer.http_status, &answer.body),
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
        self.content.as_ref()?.next_link.as_deref()
    }

    /// How many there are, where the answer says so.
    pub fn count(&self) -> Option<u64> {
        self.content.as_ref()?.count
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
        let content = later.content.get_or_insert_default();
        presences.append(&mut content.presences);
        content.presences = presences;
        later.attempts += self.attempts;
        later.trace = self.trace + &later.trace;
        later
    }

    /// The same answer with a body that holds its presences, as Graph would have written it.
    pub(crate) fn with_body_of_presences(mut self) -> Self {
        let presences: Vec<_> = self.presences().iter().map(|it| &it.json).collect();
        self.body = json!({ "value": presences }).to_string();
        self
    }

    /// What kind of JSON the body is, where it is not what the operation promises; `None` where it is no JSON.
    pub(crate) fn unexpected(&self) -> Option<&'static str> {
        match self.body.trim() {
            "" => Some("nothing"),
            body => json(body).as_ref().map(kind),
        }
    }

    /// Whether the body is of the kind that the operation promises.
    pub(crate) fn is_readable(&self) -> bool {
        self.content.is_some()
    }
}

/// The JSON of a body, behind a byte order mark too.
pub(crate) fn json(body: &str) -> Option<Value> {
    serde_json::from_str(body.trim_start_matches('\u{feff}')).ok()
}

impl Content {
    /// Reads a body; `None` where it is not what the operation promises. Writes may be answered by nothing.
    fn read(row: &Row, http_status: u16, body: &str) -> Option<Self> {
        if body.trim_start_matches('\u{feff}').trim().is_empty() {
            return (!row.is_read() || http_status == 204).then(Self::default);
        }
        let json = json(body)?;
        let count = json.get("@odata.count").and_then(Value::as_u64);
        let next_link = json.get("@odata.nextLink").and_then(Value::as_str).map(String::from);
        let content = Self { count, next_link, presences: Vec::new() };
        match (row.answer, json) {
            (Answer::Nothing, _) => Some(content),
            (Answer::Count, Value::Number(number)) => {
                Some(Self { count: number.as_u64(), ..content })
            }
            (Answer::Presence | Answer::Presences, Value::Object(mut object)) => {
                // A page of Graph's shows a single presence within `value`, its metadata shows it bare.
                let presences = match object.remove("value") {
                    Some(Value::Array(items)) => items.into_iter().map(Presence::read).collect(),
                    Some(Value::Object(item)) => vec![Presence::read(Value::Object(item))],
                    Some(_) => return None,
                    None => vec![Presence::read(Value::Object(object))],
                };
                Some(Self { presences, ..content })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::operation::Operation;

    fn read(operation: Operation, body: &str) -> Option<Content> {
        Content::read(operation.row(), 200, body)
    }

    #[test]
    fn a_presence_is_read_bare_or_within_value() {
        for body in [r#"{"id": "a"}"#, r#"{"value": [{"id": "a"}]}"#, r#"{"value": {"id": "a"}}"#] {
            let presences = read(Operation::GetPresence, body).unwrap().presences;
            assert_eq!(presences[0].id.as_deref(), Some("a"), "{body}");
        }
    }

    #[test]
    fn what_graph_does_not_send_is_not_readable() {
        for body in ["", "<html>", "{\"id\": ", "[]", "7", "null", r#"{"value": null}"#] {
            assert!(read(Operation::GetPresence, body).is_none(), "{body}");
        }
        assert!(read(Operation::SetPresence, "<html>").is_none());
    }

    #[test]
    fn a_write_may_be_answered_by_nothing_and_a_count_stands_behind_a_byte_order_mark() {
        assert!(read(Operation::SetPresence, "").is_some());
        assert!(read(Operation::UpdatePresence, " ").is_some());
        assert_eq!(read(Operation::CountPresences, "\u{feff}12").unwrap().count, Some(12));
    }
}
