//! Pairs of availability and activity: those that Graph accepts, and the rank that decides between sessions.
//! <https://learn.microsoft.com/graph/cloud-communications-manage-presence-state>

use serde::{Deserialize, Serialize};

/// The five pairs that setPresence accepts.
pub(crate) const SESSION: [(&str, &str); 5] = [
    ("Available", "Available"),
    ("Busy", "InACall"),
    ("Busy", "InAConferenceCall"),
    ("Away", "Away"),
    ("DoNotDisturb", "Presenting"),
];

/// The six pairs that setUserPreferredPresence accepts.
pub(crate) const PREFERRED: [(&str, &str); 6] = [
    ("Available", "Available"),
    ("Busy", "Busy"),
    ("DoNotDisturb", "DoNotDisturb"),
    ("BeRightBack", "BeRightBack"),
    ("Away", "Away"),
    ("Offline", "OffWork"),
];

/// The visible presence of a user: the colour of the dot and the words beside it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pair {
    pub(crate) availability: String,
    pub(crate) activity: String,
}

impl Pair {
    pub(crate) fn new(availability: &str, activity: &str) -> Self {
        Self { availability: availability.into(), activity: activity.into() }
    }

    pub(crate) fn offline() -> Self {
        Self::new("Offline", "Offline")
    }

    /// The row of `table` that equals this pair; letter case matters unless `any_case` is true.
    pub(crate) fn in_table(&self, table: &[(&str, &str)], any_case: bool) -> Option<Self> {
        let same = |a: &str, b: &str| if any_case { a.eq_ignore_ascii_case(b) } else { a == b };
        let row =
            table.iter().find(|row| same(row.0, &self.availability) && same(row.1, &self.activity));
        row.map(|row| Self::new(row.0, row.1))
    }

    /// Higher wins: DoNotDisturb > Busy > Available > Away. Graph's documents stop there. Below Available come its own
    /// inactive form, then BeRightBack, which only a Teams client can show; whatever else a client reports comes last.
    pub(crate) fn rank(&self) -> u8 {
        match (self.availability.as_str(), self.activity.as_str()) {
            ("DoNotDisturb", _) => 6,
            ("Busy" | "BusyIdle", _) => 5,
            ("Available", "AvailableInactive") | ("AvailableIdle", _) => 3,
            ("Available", _) => 4,
            ("BeRightBack", _) => 2,
            ("Away", _) => 1,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PREFERRED, Pair, SESSION};

    #[test]
    fn the_two_tables_share_two_pairs() {
        let shared: Vec<_> = SESSION.iter().filter(|pair| PREFERRED.contains(pair)).collect();
        assert_eq!(shared, [&("Available", "Available"), &("Away", "Away")]);
    }

    #[test]
    fn states_outrank_each_other_in_graphs_order() {
        let order = [
            ("DoNotDisturb", "Presenting"),
            ("Busy", "InACall"),
            ("Available", "Available"),
            ("Available", "AvailableInactive"),
            ("Away", "Away"),
        ];
        assert!(order.iter().map(|(a, b)| Pair::new(a, b).rank()).is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn other_spellings_match_only_on_request() {
        let pair = Pair::new("busy", "inACall");
        assert_eq!(pair.in_table(&SESSION, false), None);
        assert_eq!(pair.in_table(&SESSION, true), Some(Pair::new("Busy", "InACall")));
    }
}
