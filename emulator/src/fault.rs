//! Faults by rule: which requests, how often, and what goes wrong. The rule decides; the server does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::random::Random;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum FaultKind {
    /// An answer of the rule's own: `status`, `headers`, `body`, or a Graph error from `code` and `message`.
    #[default]
    Answer,
    /// The right answer, late.
    Delay,
    /// The connection is closed before a byte of the answer.
    Close,
    /// Half of the answer's body, or of its head when it has no body, then the end.
    Half,
    /// Bytes that are no HTTP.
    Garbage,
    /// The right answer, a byte at a time.
    Trickle,
    /// The connection is reset (RST) before a byte of the answer.
    Reset,
    /// The TLS handshake fails; without TLS the connection is closed as it opens.
    Tls,
    /// Nobody is there: connections are reset as they open, and kept ones at the next request.
    Outage,
}

/// One rule. Built in Rust with its constructors, or read from the control API and scenario files under the same names.
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
    kind: FaultKind,
    #[serde(rename = "match")]
    matching: Matching,
    /// Only this one of the matching requests, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    /// Every so many matching requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<u64>,
    /// At most so many times.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    /// Emulator time, from and to.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Real time: before the answer, and between the bytes of a trickle.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    /// The request takes effect although its answer is lost.
    applied: bool,
}

/// Which requests; what is absent matches all.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Matching {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// With `*` for any run of characters; without a query it is compared with the path alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Any name of the user whose presence the path names.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
}

impl Fault {
    fn of(kind: FaultKind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Answers with `status`. From 400 on the body is Graph's error for it, unless one is given.
    pub fn answer(status: u16) -> Self {
        Self { status: Some(status), ..Self::of(FaultKind::Answer) }
    }

    /// Answers rightly, but only after `length`.
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

    /// Sends half a body, or half a head where there is no body.
    pub fn half() -> Self {
        Self::of(FaultKind::Half)
    }

    /// Sends bytes that are no HTTP.
    pub fn garbage() -> Self {
        Self::of(FaultKind::Garbage)
    }

    /// Sends a byte every `pause`.
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

    /// Only requests of this method to this path; `*` in the path stands for any run of characters.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.matching.method = Some(method.into());
        self.matching.path = Some(path.into());
        self
    }

    /// Only requests about this user's presence, by any of the user's names.
    pub fn user(mut self, name: &str) -> Self {
        self.matching.user = Some(name.into());
        self
    }

    /// Only the n-th matching request, counted from 1.
    pub fn nth(mut self, n: u64) -> Self {
        self.nth = Some(n);
        self
    }

    /// Every n-th matching request.
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// At most so many times.
    pub fn times(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// By chance, `0.0` to `1.0`; the emulator's seed repeats it.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// From `from` until before `to`, in emulator time.
    pub fn between(mut self, from: Timestamp, to: Timestamp) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    /// Adds a header to an answer of the rule's own.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// The body of an answer of the rule's own: a string goes out as text, anything else as JSON.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Graph's error code and message in an answer of the rule's own.
    pub fn error(mut self, code: &str, message: &str) -> Self {
        (self.code, self.message) = (Some(code.into()), Some(message.into()));
        self
    }

    /// The request takes effect before its answer is lost: what a caller that retries has to live with.
    pub fn after_taking_effect(mut self) -> Self {
        self.applied = true;
        self
    }
}

/// What a rule ordered for one request.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) kind: FaultKind,
    pub(crate) delay_ms: u64,
    pub(crate) applied: bool,
    pub(crate) status: u16,
    pub(crate) headers: Map<String, Value>,
    pub(crate) body: Option<Value>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
}

/// A request as rules see it. `user`: whether it is about the user of that name.
pub(crate) struct Seen<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) is_about: &'a dyn Fn(&str) -> bool,
}

/// The rules in force, with what each has seen and done.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<Armed>,
    next_id: u64,
}

#[derive(Debug)]
struct Armed {
    id: u64,
    fault: Fault,
    seen: u64,
    done: u64,
}

impl Faults {
    /// Adds a rule after the others and returns its number.
    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.next_id += 1;
        self.rules.push(Armed { id: self.next_id, fault, seen: 0, done: 0 });
        self.next_id
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Whether there was a rule of that number.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        self.rules.len() < before
    }

    /// The first rule that wants this request; the others do not count it.
    pub(crate) fn strike(
        &mut self,
        seen: &Seen<'_>,
        now: Timestamp,
        random: &mut Random,
    ) -> Option<Order> {
        let kinds = |kind| kind != FaultKind::Tls;
        self.first(now, random, kinds, |matching| matching.covers(seen))
    }

    /// The first rule that wants a connection as it opens.
    pub(crate) fn strike_connection(
        &mut self,
        now: Timestamp,
        random: &mut Random,
    ) -> Option<FaultKind> {
        let kinds = |kind| matches!(kind, FaultKind::Tls | FaultKind::Outage);
        self.first(now, random, kinds, |_| true).map(|order| order.kind)
    }

    fn first(
        &mut self,
        now: Timestamp,
        random: &mut Random,
        kinds: impl Fn(FaultKind) -> bool,
        covers: impl Fn(&Matching) -> bool,
    ) -> Option<Order> {
        let rules = self
            .rules
            .iter_mut()
            .filter(|rule| kinds(rule.fault.kind) && covers(&rule.fault.matching));
        let mut due = rules.filter_map(|rule| rule.is_due(now, random).then(|| rule.fault.order()));
        due.next()
    }

    pub(crate) fn to_json(&self) -> Value {
        let rules = self.rules.iter().map(|rule| {
            let mut shown = serde_json::to_value(&rule.fault).expect("a fault is plain data");
            for (name, number) in [("id", rule.id), ("seen", rule.seen), ("done", rule.done)] {
                shown[name] = number.into();
            }
            shown
        });
        rules.collect()
    }
}

impl Armed {
    /// Counts a matching request and says whether it is this one's turn.
    fn is_due(&mut self, now: Timestamp, random: &mut Random) -> bool {
        let fault = &self.fault;
        if fault.from.is_some_and(|from| now < from) || fault.to.is_some_and(|to| now >= to) {
            return false;
        }
        self.seen += 1;
        let is_due = fault.nth.is_none_or(|nth| self.seen == nth)
            && fault.every.is_none_or(|every| self.seen.is_multiple_of(every))
            && fault.count.is_none_or(|count| self.done < count)
            && fault.probability.is_none_or(|probability| random.fraction() < probability);
        self.done += u64::from(is_due);
        is_due
    }
}

impl Matching {
    fn covers(&self, seen: &Seen<'_>) -> bool {
        self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(seen.method))
            && self.path.as_deref().is_none_or(|pattern| path_matches(pattern, seen.path))
            && self.user.as_deref().is_none_or(|name| (seen.is_about)(name))
    }
}

impl Fault {
    fn order(&self) -> Order {
        Order {
            kind: self.kind,
            delay_ms: self.delay_ms.unwrap_or(0),
            applied: self.applied,
            status: self.status.unwrap_or(500),
            headers: self.headers.clone(),
            body: self.body.clone(),
            code: self.code.clone(),
            message: self.message.clone(),
        }
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let path = if pattern.contains('?') { path } else { path.split('?').next().unwrap_or(path) };
    glob(pattern.as_bytes(), path.as_bytes())
}

/// `*` stands for any run of characters; letters in any case. Greedy with one step back, so never slower than the product
/// of both lengths.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|byte| byte.eq_ignore_ascii_case(&text[t])) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((star_p, star_t)) = star {
            star = Some((star_p, star_t + 1));
            (p, t) = (star_p + 1, star_t + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultKind, Faults, Random, Seen, Timestamp, glob};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn run(fault: Fault, requests: usize) -> String {
        let mut faults = Faults::default();
        faults.add(fault);
        let mut random = Random::new(3);
        let seen = Seen {
            method: "POST",
            path: "/v1.0/me/presence/setPresence",
            is_about: &|name| name == "adele",
        };
        (0..requests)
            .map(|_| if faults.strike(&seen, NOW, &mut random).is_some() { 'x' } else { '.' })
            .collect()
    }

    #[test]
    fn a_rule_picks_its_requests() {
        for (fault, picked) in [
            (Fault::close(), "xxxxxx"),
            (Fault::close().nth(2), ".x...."),
            (Fault::close().every(3), "..x..x"),
            (Fault::close().times(2), "xx...."),
            (Fault::close().every(2).times(1), ".x...."),
            (Fault::close().probability(0.0), "......"),
            (Fault::close().probability(1.0), "xxxxxx"),
            (Fault::close().user("adele"), "xxxxxx"),
            (Fault::close().user("alex"), "......"),
            (Fault::close().on("post", "*/setpresence"), "xxxxxx"),
            (Fault::close().on("GET", "*"), "......"),
            (Fault::close().on("POST", "/beta/*"), "......"),
            (Fault::close().between(Timestamp::MIN, NOW), "......"),
            (Fault::close().between(NOW, Timestamp::MAX), "xxxxxx"),
            (Fault::tls(), "......"),
        ] {
            assert_eq!(run(fault.clone(), 6), picked, "{fault:?}");
        }
    }

    #[test]
    fn chance_repeats_under_a_seed() {
        let picked = run(Fault::close().probability(0.5), 40);
        assert_eq!(picked, run(Fault::close().probability(0.5), 40));
        assert!(picked.contains('x') && picked.contains('.'), "{picked}");
    }

    #[test]
    fn rules_are_read_as_json_and_unknown_words_are_refused() {
        let text =
            r#"{"kind":"reset","match":{"method":"POST","path":"*"},"nth":2,"applied":true}"#;
        assert_eq!(serde_json::from_str::<Fault>(text).unwrap().kind, FaultKind::Reset);
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"explode"}"#).is_err());
        assert!(serde_json::from_str::<Fault>(r#"{"staus":500}"#).is_err());
    }

    #[test]
    fn a_star_stands_for_any_run() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*c", "abbc", true),
            ("a*c*", "abcd", true),
            ("a*b", "aab", true),
            ("a*b", "aabc", false),
            ("**", "x", true),
        ] {
            assert_eq!(glob(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}
