//! The pairs of availability and activity that each action accepts.
//! <https://learn.microsoft.com/graph/api/presence-setpresence>
//! <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>

use std::fmt;

use crate::quoted::Quoted;

/// The pairs that one action accepts, as Graph spells them.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Pairs {
    /// Graph's name of the action.
    pub(crate) action: &'static str,
    /// Availability and activity.
    pub(crate) accepted: &'static [(&'static str, &'static str)],
}

/// What setPresence accepts: the state of one application's session.
pub(crate) static SESSION: Pairs = Pairs {
    action: "setPresence",
    accepted: &[
        ("Available", "Available"),
        ("Busy", "InACall"),
        ("Busy", "InAConferenceCall"),
        ("Away", "Away"),
        ("DoNotDisturb", "Presenting"),
    ],
};

/// What setUserPreferredPresence accepts: what the user wants to be seen as.
pub(crate) static PREFERRED: Pairs = Pairs {
    action: "setUserPreferredPresence",
    accepted: &[
        ("Available", "Available"),
        ("Busy", "Busy"),
        ("DoNotDisturb", "DoNotDisturb"),
        ("BeRightBack", "BeRightBack"),
        ("Away", "Away"),
        ("Offline", "OffWork"),
    ],
};

impl Pairs {
    /// Finds a pair, ignoring case, and returns it in Graph's spelling.
    pub(crate) fn find(
        &'static self,
        availability: &str,
        activity: &str,
    ) -> Result<(&'static str, &'static str), NotAPair> {
        let same = |pair: &&(&str, &str)| {
            pair.0.eq_ignore_ascii_case(availability) && pair.1.eq_ignore_ascii_case(activity)
        };
        self.accepted.iter().find(same).copied().ok_or_else(|| NotAPair {
            availability: availability.into(),
            activity: activity.into(),
            pairs: self,
        })
    }

    /// The activities that go with an availability.
    fn activities(&self, availability: &str) -> Vec<&'static str> {
        let with = |pair: &&(&str, &str)| pair.0.eq_ignore_ascii_case(availability);
        self.accepted.iter().filter(with).map(|pair| pair.1).collect()
    }

    /// Says what to do instead: which activities this action accepts, and which action accepts this pair.
    pub(crate) fn advise(
        &'static self,
        f: &mut fmt::Formatter<'_>,
        availability: &str,
        activity: &str,
    ) -> fmt::Result {
        let activities = self.activities(availability);
        let other = if self == &SESSION { &PREFERRED } else { &SESSION };
        let elsewhere = other.find(availability, activity).ok();
        match (activities.is_empty(), elsewhere) {
            (false, None) => write!(f, "With {availability} use {}.", activities.join(" or ")),
            (false, Some((availability, activity))) => write!(
                f,
                "With {availability} use {}, or {} for {availability}/{activity}.",
                activities.join(" or "),
                other.action
            ),
            (true, Some(_)) => write!(f, "{} accepts it.", other.action),
            (true, None) => write!(f, "Use {self}."),
        }
    }
}

/// A pair that an action does not accept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NotAPair {
    availability: Box<str>,
    activity: Box<str>,
    pairs: &'static Pairs,
}

impl fmt::Display for NotAPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (availability, activity) = (Quoted(&self.availability), Quoted(&self.activity));
        let action = self.pairs.action;
        write!(f, "{availability}/{activity} is not a pair that {action} accepts. ")?;
        self.pairs.advise(f, availability.0, activity.0)
    }
}

/// The list as part of a sentence: `Available/Available, Busy/InACall or …`.
impl fmt::Display for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.accepted.len() - 1;
        for (index, (availability, activity)) in self.accepted.iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index == last => " or ",
                _ => ", ",
            };
            write!(f, "{before}{availability}/{activity}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_in_any_case_is_found_and_returned_as_graph_spells_it() {
        assert_eq!(SESSION.find("busy", "inacall"), Ok(("Busy", "InACall")));
    }

    #[test]
    fn the_two_tables_share_only_available_and_away() {
        let shared: Vec<_> =
            SESSION.accepted.iter().filter(|pair| PREFERRED.accepted.contains(pair)).collect();
        assert_eq!(shared, [&("Available", "Available"), &("Away", "Away")]);
    }

    #[test]
    fn a_refusal_names_the_pair_the_rule_and_the_advice() {
        let table = [
            (
                (&SESSION, "Busy", "Busy"),
                "Busy/Busy is not a pair that setPresence accepts. With Busy use InACall or InAConferenceCall, \
                 or setUserPreferredPresence for Busy/Busy.",
            ),
            (
                (&SESSION, "busy", "Away"),
                "busy/Away is not a pair that setPresence accepts. With busy use InACall or InAConferenceCall.",
            ),
            (
                (&SESSION, "BeRightBack", "BeRightBack"),
                "BeRightBack/BeRightBack is not a pair that setPresence accepts. setUserPreferredPresence \
                 accepts it.",
            ),
            (
                (&SESSION, "Focusing", "Focusing"),
                "Focusing/Focusing is not a pair that setPresence accepts. Use Available/Available, \
                 Busy/InACall, Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting.",
            ),
            (
                (&PREFERRED, "DoNotDisturb", "Presenting"),
                "DoNotDisturb/Presenting is not a pair that setUserPreferredPresence accepts. With DoNotDisturb \
                 use DoNotDisturb, or setPresence for DoNotDisturb/Presenting.",
            ),
        ];
        for ((pairs, availability, activity), text) in table {
            assert_eq!(pairs.find(availability, activity).unwrap_err().to_string(), text);
        }
    }
}
