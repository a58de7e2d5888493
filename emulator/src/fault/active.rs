//! The active fault rules, and the choice of the rule that applies to a request.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rule::{Candidate, Fault, FaultKind, Matching};
use crate::random::Random;

/// The active rules, each with its counts of matching requests and of faults.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Faults {
    rules: Vec<ActiveRule>,
    next_id: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ActiveRule {
    id: u64,
    #[serde(rename = "rule")]
    fault: Fault,
    seen: u64,
    done: u64,
}

impl Faults {
    /// Appends a rule and returns its number.
    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.next_id += 1;
        self.rules.push(ActiveRule { id: self.next_id, fault, seen: 0, done: 0 });
        self.next_id
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Removes a rule. Returns whether a rule with that number existed.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        self.rules.len() < before
    }

    /// The first rule that applies to this request. The counts of later rules stay unchanged.
    pub(crate) fn due(
        &mut self,
        candidate: &Candidate<'_>,
        now: Timestamp,
        random: &mut Random,
    ) -> Option<Fault> {
        let kinds = |kind| kind != FaultKind::Tls;
        self.first(now, random, kinds, |matching| matching.covers(candidate))
    }

    /// The first rule that applies to this item of a `$batch`. Only rules with an answer apply: an item has no
    /// connection of its own to lose.
    pub(crate) fn due_for_item(
        &mut self,
        candidate: &Candidate<'_>,
        now: Timestamp,
        random: &mut Random,
    ) -> Option<Fault> {
        self.first(
            now,
            random,
            |kind| kind == FaultKind::Answer,
            |matching| matching.covers(candidate),
        )
    }

    /// The first rule that applies to a new connection.
    pub(crate) fn due_for_connection(
        &mut self,
        now: Timestamp,
        random: &mut Random,
    ) -> Option<FaultKind> {
        let kinds = |kind| matches!(kind, FaultKind::Tls | FaultKind::Outage);
        self.first(now, random, kinds, |_| true).map(|fault| fault.kind)
    }

    fn first(
        &mut self,
        now: Timestamp,
        random: &mut Random,
        kinds: impl Fn(FaultKind) -> bool,
        covers: impl Fn(&Matching) -> bool,
    ) -> Option<Fault> {
        let rules = self
            .rules
            .iter_mut()
            .filter(|rule| kinds(rule.fault.kind) && covers(&rule.fault.matching));
        let mut due = rules.filter_map(|rule| rule.is_due(now, random).then(|| rule.fault.clone()));
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

impl ActiveRule {
    /// Counts a matching request and returns whether the rule applies to it.
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

#[cfg(test)]
mod tests {
    use super::super::FaultKind;
    use super::{Candidate, Fault, Faults, Random, Timestamp};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn run(fault: Fault, requests: usize) -> String {
        let mut faults = Faults::default();
        faults.add(fault);
        let mut random = Random::new(3);
        let candidate = Candidate {
            method: "POST",
            path: "/v1.0/me/presence/setPresence",
            is_about: &|name| name == "adele",
        };
        (0..requests)
            .map(|_| if faults.due(&candidate, NOW, &mut random).is_some() { 'x' } else { '.' })
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
}
