//! One fault rule: which requests fail, how often, and how.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::glob;

/// The kind of fault. The constructors of [`Fault`] choose it.
///
/// ```
/// use mgpresence_emulator::FaultKind;
///
/// assert_eq!(serde_json::from_str::<FaultKind>("\"reset\"").unwrap(), FaultKind::Reset);
/// assert_eq!(FaultKind::default(), FaultKind::Answer);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum FaultKind {
    /// The answer that the rule describes with `status`, `headers` and `body`, or a Graph error with `code` and
    /// `message`.
    #[default]
    Answer,
    /// The correct answer, late.
    Delay,
    /// The connection is closed without an answer.
    Close,
    /// Half of the body is sent, or half of the head if the answer has no body; then the connection is closed.
    Half,
    /// Bytes that are not HTTP are sent.
    Garbage,
    /// The correct answer, one byte at a time.
    Trickle,
    /// The connection is reset (RST) without an answer.
    Reset,
    /// The TLS handshake fails. Without TLS, the connection is closed as soon as it opens.
    Tls,
    /// The service is unreachable: new connections are reset as soon as they open, and existing ones at the next
    /// request.
    Outage,
}

/// One fault rule. Rust builds it with the constructors; the control API and scenario files use the same names.
///
/// ```
/// use std::time::Duration;
/// use mgpresence_emulator::Fault;
///
/// let second_call_is_throttled = Fault::answer(429).header("Retry-After", "2.128").on("POST", "*/setPresence").nth(2);
/// let flaky_network = Fault::reset().probability(0.1).after_taking_effect();
/// let slow = Fault::delay(Duration::from_secs(1)).times(3);
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    pub(super) kind: FaultKind,
    #[serde(rename = "match")]
    pub(super) matching: Matching,
    /// Applies only to the matching request with this number, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nth: Option<u64>,
    /// Applies to every n-th matching request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) every: Option<u64>,
    /// Applies at most this many times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    /// Applies from the first time until before the second, in emulator time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The delay before the answer, or between two bytes of a trickle, in real time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay_ms: Option<u64>,
    /// Whether the request takes effect although its answer is lost.
    pub(super) applied: bool,
}

/// A request as rules see it. `is_about` returns whether it concerns the presence of the user with that name.
pub(crate) struct Candidate<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) is_about: &'a dyn Fn(&str) -> bool,
}

/// The requests that a rule matches. An absent property matches all requests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Matching {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// `*` stands for any run of characters. A pattern without a query is compared with the path alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Any name of the user whose presence the request concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
}

impl Fault {
    fn of(kind: FaultKind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// The first rule that a value breaks.
    pub(crate) fn check(&self) -> Result<(), String> {
        let counted = [("nth", self.nth), ("every", self.every), ("count", self.count)];
        if let Some((name, _)) = counted.iter().find(|(_, number)| *number == Some(0)) {
            return Err(format!("{name} 0 means no request; use 1 or more"));
        }
        if let Some(chance) = self.probability.filter(|chance| !(0.0..=1.0).contains(chance)) {
            return Err(format!("probability {chance} is outside 0 to 1"));
        }
        if self.from.zip(self.to).is_some_and(|(from, to)| from >= to) {
            return Err("to must be later than from".into());
        }
        self.status.map_or(Ok(()), |status| check_status("status", status))
    }

    pub(crate) fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The delay; zero if the rule has none.
    pub(crate) fn pause(&self) -> std::time::Duration {
        std::time::Duration::from_millis(self.delay_ms.unwrap_or(0))
    }

    pub(crate) fn takes_effect(&self) -> bool {
        self.applied
    }

    /// Answers with `status`. With a status of 400 or higher the body is Graph's error for it, unless the rule sets a
    /// body.
    pub fn answer(status: u16) -> Self {
        Self { status: Some(status), ..Self::of(FaultKind::Answer) }
    }

    /// Sends the correct answer after a delay of `length`.
    pub fn delay(length: std::time::Duration) -> Self {
        Self {
            delay_ms: Some(u64::try_from(length.as_millis()).unwrap_or(u64::MAX)),
            ..Self::of(FaultKind::Delay)
        }
    }

    /// Closes the connection without an answer.
    pub fn close() -> Self {
        Self::of(FaultKind::Close)
    }

    /// Sends half of the body, or half of the head if the answer has no body; then closes the connection.
    pub fn half() -> Self {
        Self::of(FaultKind::Half)
    }

    /// Sends bytes that are not HTTP.
    pub fn garbage() -> Self {
        Self::of(FaultKind::Garbage)
    }

    /// Sends the correct answer with a pause between two bytes.
    pub fn trickle(pause: std::time::Duration) -> Self {
        Self { kind: FaultKind::Trickle, ..Self::delay(pause) }
    }

    /// Resets the connection without an answer.
    pub fn reset() -> Self {
        Self::of(FaultKind::Reset)
    }

    /// Fails the TLS handshake of new connections.
    pub fn tls() -> Self {
        Self::of(FaultKind::Tls)
    }

    /// Resets every connection from `from` until before `to`, in emulator time.
    pub fn outage(from: Timestamp, to: Timestamp) -> Self {
        Self::of(FaultKind::Outage).between(from, to)
    }

    /// Restricts the rule to requests with this method and path; `*` in the path stands for any run of characters.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.matching.method = Some(method.into());
        self.matching.path = Some(path.into());
        self
    }

    /// Restricts the rule to requests that concern the presence of this user; `name` is any name of the user.
    pub fn user(mut self, name: &str) -> Self {
        self.matching.user = Some(name.into());
        self
    }

    /// Restricts the rule to the n-th matching request, counted from 1.
    pub fn nth(mut self, n: u64) -> Self {
        self.nth = Some(n);
        self
    }

    /// Restricts the rule to every n-th matching request.
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// Limits the rule to this many requests.
    pub fn times(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Applies the rule with this probability, `0.0` to `1.0`. The same seed gives the same choices.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Restricts the rule to the time from `from` until before `to`, in emulator time.
    pub fn between(mut self, from: Timestamp, to: Timestamp) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    /// Adds a header to the answer of a rule made by [`Fault::answer`].
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Sets the body of the answer: a string is sent as text, anything else as JSON.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the code and message of the Graph error in the answer.
    pub fn error(mut self, code: &str, message: &str) -> Self {
        (self.code, self.message) = (Some(code.into()), Some(message.into()));
        self
    }

    /// Lets the request take effect before its answer is lost. A caller that retries must cope with this case.
    pub fn after_taking_effect(mut self) -> Self {
        self.applied = true;
        self
    }
}

/// Checks that `status` can be the status of an answer. `name` is the name of the value.
pub(crate) fn check_status(name: &str, status: u16) -> Result<(), String> {
    let rule = || format!("{name} {status} is not the status of an answer; use 200 to 599");
    (200..=599).contains(&status).then_some(()).ok_or_else(rule)
}

impl Matching {
    pub(super) fn covers(&self, candidate: &Candidate<'_>) -> bool {
        self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(candidate.method))
            && self.path.as_deref().is_none_or(|pattern| path_matches(pattern, candidate.path))
            && self.user.as_deref().is_none_or(|name| (candidate.is_about)(name))
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let path = if pattern.contains('?') { path } else { path.split('?').next().unwrap_or(path) };
    glob::matches(pattern.as_bytes(), path.as_bytes())
}
