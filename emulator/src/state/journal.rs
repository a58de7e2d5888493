//! What the emulator received, kept for the test that asks and, on request, written to a file.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use crate::http::{Request, body_value};

/// Bounds of what is kept: beyond them the oldest request goes.
const MAX_REQUESTS: usize = 100_000;
const MAX_BYTES: usize = 64 << 20;

/// One request that the emulator received; see [`Emulator::sent`](crate::Emulator::sent).
///
/// ```
/// use mgpresence_emulator::Emulator;
///
/// let emulator = Emulator::start();
/// let refused = ureq::get(format!("{}/v1.0/me/presence?a=b", emulator.url())).header("X-Test", "1").call();
/// assert!(refused.is_err(), "there is no token");
/// let received = &emulator.sent()[0];
/// assert_eq!((received.method.as_str(), received.path.as_str()), ("GET", "/v1.0/me/presence?a=b"));
/// assert_eq!((received.status, received.header("x-test")), (401, Some("1")));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Received {
    /// The method, in upper case.
    pub method: String,
    /// The path with its query, as in the request line: percent-encoded.
    pub path: String,
    /// The status of the answer; 0 until there is one, and when the connection was closed without an answer.
    pub status: u16,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body as JSON if it is JSON, else as a string; null for an empty body.
    pub body: Value,
}

impl Received {
    pub(crate) fn of(request: &Request, status: u16) -> Self {
        Self {
            method: request.method.clone(),
            path: request.target(),
            status,
            headers: request.headers.clone(),
            body: body_value(&request.body),
        }
    }

    /// The value of a header; `name` in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// With the headers as an object; values of a repeated header are joined by a comma.
    pub(crate) fn to_json(&self) -> Value {
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            match headers.get_mut(name) {
                Some(Value::String(known)) => *known = format!("{known}, {value}"),
                _ => drop(headers.insert(name.clone(), value.clone().into())),
            }
        }
        json!({"method": self.method, "path": self.path, "status": self.status, "headers": headers, "body": self.body})
    }
}

/// The requests that are kept, as they came: JSON takes many times the room of its text, so it is read only when asked for.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    kept: VecDeque<(Request, u16)>,
    bytes: usize,
    /// The number of the first that is kept: numbers are never reused, so a late answer finds its request or nothing.
    first: u64,
}

impl Journal {
    /// Notes a request before it is answered and returns its number.
    pub(crate) fn note(&mut self, request: &Request) -> u64 {
        self.bytes += size(request);
        self.kept.push_back((request.clone(), 0));
        let number = self.first + self.kept.len() as u64 - 1;
        while self.kept.len() > MAX_REQUESTS || self.bytes > MAX_BYTES {
            self.drop_oldest();
        }
        number
    }

    fn drop_oldest(&mut self) {
        if let Some((request, _)) = self.kept.pop_front() {
            self.bytes -= size(&request);
            self.first += 1;
        }
    }

    /// Fills in the status; false when the request is no longer kept.
    pub(crate) fn answered(&mut self, number: u64, status: u16) -> bool {
        let at = number.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        let found = at.and_then(|at| self.kept.get_mut(at));
        found.map(|(_, known)| *known = status).is_some()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Received> {
        self.kept.iter().map(|(request, status)| Received::of(request, *status))
    }

    pub(crate) fn clear(&mut self) {
        self.first += self.kept.len() as u64;
        self.kept.clear();
        self.bytes = 0;
    }
}

fn size(request: &Request) -> usize {
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    headers
        + request.body.len()
        + request.path.len()
        + request.query.as_ref().map_or(0, String::len)
}

#[cfg(test)]
mod tests {
    use super::{Journal, MAX_BYTES, Request};

    #[test]
    fn an_answer_after_a_clear_finds_nothing() {
        let mut journal = Journal::default();
        let early = journal.note(&Request::default());
        journal.clear();
        let late = journal.note(&Request::default());
        assert!(!journal.answered(early, 200));
        assert!(journal.answered(late, 204));
        assert_eq!(journal.all().map(|received| received.status).collect::<Vec<_>>(), [204]);
    }

    #[test]
    fn the_oldest_goes_when_there_is_too_much() {
        let mut journal = Journal::default();
        for _ in 0..3 {
            journal.note(&Request { body: vec![b' '; MAX_BYTES / 2], ..Request::default() });
        }
        assert_eq!(journal.all().count(), 2);
    }
}
