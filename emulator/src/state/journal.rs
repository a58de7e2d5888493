//! The journal of received requests. A test can read it, and it can also be written to a file.

use std::collections::VecDeque;
use std::vec;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::http::{Request, body_value};

/// The limits of the journal. Beyond them, the oldest request is removed.
const MAX_REQUESTS: usize = 50_000;
const MAX_BYTES: usize = 32 << 20;

/// The approximate size of one piece of the answer with all requests. Only one piece is in memory at a time.
const PIECE: usize = 64 << 10;

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
    /// The status of the answer; 0 if there is no answer yet, or if the connection was closed without one.
    pub status: u16,
    /// The headers in the order of arrival, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as JSON if it is JSON, otherwise as a string; null if it is empty.
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

    /// The value of a header. The letter case of `name` does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Serializes the headers as an object. The values of a repeated header are joined with commas.
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

/// The stored requests. Each is stored as text and parsed only when a test asks for it, because the parsed form takes
/// many times the memory.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    kept: VecDeque<Entry>,
    bytes: usize,
    /// The number of the first stored request. Numbers are never reused, so a late answer finds its request or none.
    first: u64,
}

impl Journal {
    /// Adds a request before it is answered and returns its number.
    pub(crate) fn note(&mut self, request: &Request) -> u64 {
        let entry = Entry::of(request);
        self.bytes += entry.text.len();
        self.kept.push_back(entry);
        let number = self.first + self.kept.len() as u64 - 1;
        while self.kept.len() > MAX_REQUESTS || self.bytes > MAX_BYTES {
            self.drop_oldest();
        }
        number
    }

    fn drop_oldest(&mut self) {
        if let Some(entry) = self.kept.pop_front() {
            self.bytes -= entry.text.len();
            self.first += 1;
        }
    }

    /// Sets the status of a request. Returns false if the request is no longer stored.
    pub(crate) fn answered(&mut self, number: u64, status: u16) -> bool {
        let at = number.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        let found = at.and_then(|at| self.kept.get_mut(at));
        found.map(|entry| entry.status = status).is_some()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Received> {
        self.kept.iter().map(Entry::read)
    }

    /// The stored requests as JSON. Their text is shared and not copied, so a slow reader needs little memory.
    pub(crate) fn to_json(&self) -> Pieces {
        let left = self.kept.iter().cloned().collect::<Vec<_>>().into_iter();
        Pieces { left, before: b'[', is_over: false }
    }

    pub(crate) fn clear(&mut self) {
        self.first += self.kept.len() as u64;
        self.kept = VecDeque::new();
        self.bytes = 0;
    }
}

/// The stored requests as a JSON array in pieces.
#[derive(Debug)]
pub(crate) struct Pieces {
    left: vec::IntoIter<Entry>,
    /// The separator before the next request: first a bracket, later a comma.
    before: u8,
    is_over: bool,
}

impl Iterator for Pieces {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        let mut piece = Vec::with_capacity(PIECE + PIECE / 4);
        while piece.len() < PIECE && !self.is_over {
            if let Some(entry) = self.left.next() {
                piece.push(std::mem::replace(&mut self.before, b','));
                let json = entry.read().to_json();
                serde_json::to_writer(&mut piece, &json).expect("memory can be written");
            } else {
                piece.extend_from_slice(if self.before == b'[' { b"[]" } else { b"]" });
                self.is_over = true;
            }
        }
        Some(piece.into())
    }
}

/// One request as `METHOD path`, a line for each header, an empty line and the body. The path and the headers cannot
/// contain a line break, because an HTTP parser has read them.
#[derive(Clone, Debug)]
struct Entry {
    text: Bytes,
    status: u16,
}

impl Entry {
    fn of(request: &Request) -> Self {
        let headers: usize =
            request.headers.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        let query = request.query.as_ref().map_or(0, |query| query.len() + 1);
        let line = request.method.len() + request.path.len() + query + 2;
        let mut text = Vec::with_capacity(line + headers + 1 + request.body.len());
        text.extend_from_slice(request.method.as_bytes());
        text.push(b' ');
        text.extend_from_slice(request.path.as_bytes());
        if let Some(query) = &request.query {
            text.push(b'?');
            text.extend_from_slice(query.as_bytes());
        }
        text.push(b'\n');
        for (name, value) in &request.headers {
            for part in [name.as_bytes(), b":", value.as_bytes(), b"\n"] {
                text.extend_from_slice(part);
            }
        }
        text.push(b'\n');
        text.extend_from_slice(&request.body);
        Self { text: text.into(), status: 0 }
    }

    fn read(&self) -> Received {
        let mut rest = &*self.text;
        let mut line = || {
            let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            String::from_utf8_lossy(line).into_owned()
        };
        let first = line();
        let (method, path) = first.split_once(' ').unwrap_or((&first, ""));
        let mut headers = Vec::new();
        loop {
            let header = line();
            let Some((name, value)) = header.split_once(':') else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        Received {
            method: method.to_owned(),
            path: path.to_owned(),
            status: self.status,
            headers,
            body: body_value(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Journal, MAX_BYTES, PIECE, Received, Request, Value};

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
    fn a_request_is_read_back_as_it_came() {
        let mut journal = Journal::default();
        let request = Request {
            method: "POST".into(),
            path: "/v1.0/a%20b".into(),
            query: Some("c=d:e".into()),
            headers: vec![("x-one".into(), "a: b".into()), ("x-two".into(), String::new())],
            body: b"{\"text\":\"x\\n\\ny:z\"}".to_vec(),
        };
        for request in [request, Request::default()] {
            let number = journal.note(&request);
            journal.answered(number, 200);
            assert_eq!(journal.all().last(), Some(Received::of(&request, 200)));
        }
    }

    /// The JSON array, and the length of its longest piece.
    fn pieced(journal: &Journal) -> (Vec<Value>, usize) {
        let pieces: Vec<_> = journal.to_json().collect();
        let longest = pieces.iter().map(|piece| piece.len()).max().unwrap();
        (serde_json::from_slice(&pieces.concat()).unwrap(), longest)
    }

    #[test]
    fn the_pieces_make_up_one_array() {
        let mut journal = Journal::default();
        for count in [0, 1, 1000] {
            journal.clear();
            for number in 0..count {
                journal.note(&Request { path: format!("/{number:0500}"), ..Request::default() });
            }
            let expected: Vec<_> = journal.all().map(|received| received.to_json()).collect();
            let (all, longest) = pieced(&journal);
            assert_eq!(all, expected);
            assert!(longest < 2 * PIECE, "{longest}");
        }
    }

    #[test]
    fn an_answer_under_way_does_not_change_with_the_journal() {
        let mut journal = Journal::default();
        let early = journal.note(&Request::default());
        let pieces = journal.to_json();
        journal.answered(early, 200);
        journal.clear();
        let all: Vec<Value> = serde_json::from_slice(&pieces.collect::<Vec<_>>().concat()).unwrap();
        assert_eq!(all[0]["status"], 0);
    }

    #[test]
    fn the_oldest_goes_when_there_is_too_much() {
        let mut journal = Journal::default();
        for _ in 0..3 {
            journal.note(&Request { body: vec![b' '; MAX_BYTES / 2 - 100], ..Request::default() });
        }
        assert_eq!(journal.all().count(), 2);
    }
}
