//! Whether a presence that was set is visible, and what can be concluded from a presence that was read: whether there
//! is a session or a preferred presence, and which of them outranks the other.
//! <https://learn.microsoft.com/graph/cloud-communications-manage-presence-state#presence-sessions>

use std::fmt;

use super::Presence;
use super::pairs::{PREFERRED, Pairs, SESSION};
use crate::quoted::Quoted;

/// Availabilities of sessions, from the lowest rank to the highest, with the words for a session that is idle.
const RANKS: [&[&str]; 4] =
    [&["Away"], &["Available", "AvailableIdle"], &["Busy", "BusyIdle"], &["DoNotDisturb"]];

/// Why a presence that Graph accepted, or would accept, is not visible.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Outranked {
    /// `was accepted but does not show`, or the same in the conditional.
    effect: &'static str,
    set: String,
    now: String,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reason {
    Preferred,
    Session,
    /// Available/Available can be either.
    SessionOrPreferred,
    /// The presence does not name the application of the session, and a set replaces the caller's own.
    SessionUnlessOwn,
    NeedsSession,
    /// A preferred presence, or the one before the set.
    MaybePreferred,
    NotYet,
}

/// What one presence that was read says about a user's sessions and preferred presence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Explanation {
    /// `Busy/InACall`.
    pub(crate) effective: String,
    /// Whether the user has at least one session; `None` if the presence does not tell.
    pub(crate) has_session: Option<bool>,
    /// Whether a preferred presence is set; `None` if the presence does not tell.
    pub(crate) has_preferred: Option<bool>,
    /// Sentences that explain the presence to a person.
    pub(crate) notes: Vec<&'static str>,
}

/// Checks that the user is seen with a pair that an action has set. The error says why not.
pub(crate) fn check_shows(
    now: &Presence,
    action: &'static Pairs,
    availability: &str,
    activity: &str,
) -> Result<(), Outranked> {
    let reason = reason(now, action, availability, activity);
    outranked("was accepted but does not show", now, availability, activity, reason)
}

/// Checks that the user would be seen with a pair if an action set it now. The error says why not.
pub(crate) fn check_would_show(
    now: &Presence,
    action: &'static Pairs,
    availability: &str,
    activity: &str,
) -> Result<(), Outranked> {
    // If nothing but the set itself is known to be missing, the pair would show.
    let is_known = |reason: &Reason| !matches!(reason, Reason::MaybePreferred | Reason::NotYet);
    let reason = reason(now, action, availability, activity).filter(is_known);
    let (effect, reason) = match reason {
        Some(Reason::Session | Reason::SessionOrPreferred) => {
            ("would be accepted but may not show", Some(Reason::SessionUnlessOwn))
        }
        reason => ("would be accepted but would not show", reason),
    };
    outranked(effect, now, availability, activity, reason)
}

/// Turns a reason into the failure, and no reason into success.
fn outranked(
    effect: &'static str,
    now: &Presence,
    availability: &str,
    activity: &str,
    reason: Option<Reason>,
) -> Result<(), Outranked> {
    let set = format!("{availability}/{activity}");
    reason.map_or(Ok(()), |reason| Err(Outranked { effect, set, now: shown(now), reason }))
}

/// Why the user is not seen with a pair; `None` if they are.
fn reason(
    now: &Presence,
    action: &'static Pairs,
    availability: &str,
    activity: &str,
) -> Option<Reason> {
    let (now_availability, _) = words(now);
    let is = |pair: (&str, &str)| is_pair(now, pair);
    if is((availability, activity)) {
        return None;
    }
    Some(if is(("Offline", "Offline")) && *action == PREFERRED {
        Reason::NeedsSession
    } else if *action == PREFERRED {
        Reason::NotYet
    } else if is_only_preferred(now) {
        Reason::Preferred
    } else if rank(now_availability) > rank(availability) {
        if may_be_preferred(now) { Reason::SessionOrPreferred } else { Reason::Session }
    } else if rank(now_availability).is_some_and(|now| Some(now) < rank(availability))
        && may_be_preferred(now)
    {
        Reason::MaybePreferred
    } else {
        Reason::NotYet
    })
}

fn shown(presence: &Presence) -> String {
    let (availability, activity) = words(presence);
    match activity {
        "" => availability.into(),
        activity => format!("{availability}/{activity}"),
    }
}

/// Explains a presence: which kinds of state it was made of.
pub(crate) fn explain(now: &Presence) -> Explanation {
    let (availability, activity) = words(now);
    let is = |pair| is_pair(now, pair);
    let (has_session, has_preferred, note) = if is(("Offline", "Offline")) {
        (
            Some(false),
            None,
            "There is no session. setPresence opens one, and a preferred presence shows only then.",
        )
    } else if is(("Offline", "OffWork")) {
        (
            Some(true),
            Some(true),
            "The user appears offline: setPresence is accepted but changes nothing until \
             clearUserPreferredPresence.",
        )
    } else if is_only_preferred(now) {
        (
            Some(true),
            Some(true),
            "A preferred presence, such as a status that the user chose in Teams, outranks every session.",
        )
    } else if activity.eq_ignore_ascii_case("AvailableInactive") {
        (
            Some(true),
            None,
            "A session that is Available was not renewed for 5 minutes. After 10 minutes it is Away.",
        )
    } else if SESSION.find(availability, activity).is_ok()
        && PREFERRED.find(availability, activity).is_err()
    {
        (
            Some(true),
            Some(false),
            "The presence is that of a session: of an application, or of a Teams client.",
        )
    } else if availability.eq_ignore_ascii_case("Offline") {
        (
            None,
            None,
            "The user is offline. Graph does not say whether a preferred presence makes them appear so.",
        )
    } else if availability.is_empty() || availability.eq_ignore_ascii_case("PresenceUnknown") {
        (None, None, "Graph does not report this user's presence.")
    } else {
        (
            Some(true),
            None,
            "The presence is that of a session or a preferred presence. Graph does not say which.",
        )
    };
    let mut notes = vec![note];
    if now.out_of_office.as_ref().and_then(|settings| settings.is_out_of_office) == Some(true) {
        notes.push("The user is out of office, which no presence action changes.");
    }
    Explanation { effective: shown(now), has_session, has_preferred, notes }
}

fn words(presence: &Presence) -> (&str, &str) {
    let availability = presence.availability.as_ref().map_or("", |word| word.as_str());
    (availability, presence.activity.as_ref().map_or("", |word| word.as_str()))
}

fn is_pair(presence: &Presence, (availability, activity): (&str, &str)) -> bool {
    let now = words(presence);
    now.0.eq_ignore_ascii_case(availability) && now.1.eq_ignore_ascii_case(activity)
}

/// Whether the pair can only come from a preferred presence, because no session accepts it.
fn is_only_preferred(presence: &Presence) -> bool {
    let (availability, activity) = words(presence);
    may_be_preferred(presence) && SESSION.find(availability, activity).is_err()
}

fn may_be_preferred(presence: &Presence) -> bool {
    let (availability, activity) = words(presence);
    PREFERRED.find(availability, activity).is_ok()
}

fn rank(availability: &str) -> Option<usize> {
    let is_in = |words: &&[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(availability));
    RANKS.iter().position(is_in)
}

impl fmt::Display for Outranked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { effect, set, now, reason } = self;
        write!(f, "{} {effect}. The user is seen as {}: ", Quoted(set), Quoted(now))?;
        f.write_str(match reason {
            Reason::Preferred => {
                "a preferred presence outranks every session until it ends or is cleared with \
                 clearUserPreferredPresence."
            }
            Reason::Session => "another session outranks it (the order is DoNotDisturb, Busy, Available, Away).",
            Reason::SessionOrPreferred => {
                "another session (the order is DoNotDisturb, Busy, Available, Away) or a preferred presence outranks it."
            }
            Reason::SessionUnlessOwn => {
                "that outranks it (the order is DoNotDisturb, Busy, Available, Away), unless it is the session that this \
                 replaces."
            }
            Reason::NeedsSession => {
                "a preferred presence shows only while there is a session. Open one with setPresence."
            }
            Reason::MaybePreferred => {
                "a preferred presence may outrank it, or Graph may need a moment. Read the presence again, or clear \
                 the preferred presence with clearUserPreferredPresence."
            }
            Reason::NotYet => "Graph may need a moment. Read the presence again, or look for another session.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now(availability: &str, activity: &str) -> Presence {
        Presence::from(json!({"availability": availability, "activity": activity}))
    }

    fn outranked(now: &Presence, action: &'static Pairs, pair: (&str, &str)) -> Option<Reason> {
        check_shows(now, action, pair.0, pair.1).err().map(|outranked| outranked.reason)
    }

    #[test]
    fn a_pair_that_was_set_shows_or_the_reason_is_named() {
        let away = ("Away", "Away");
        for (now, action, set, reason) in [
            (now("away", "AWAY"), &SESSION, away, None),
            (now("Busy", "InACall"), &SESSION, away, Some(Reason::Session)),
            (now("BusyIdle", "Inactive"), &SESSION, away, Some(Reason::Session)),
            (now("Available", "Available"), &SESSION, away, Some(Reason::SessionOrPreferred)),
            // A session does not outrank another of the same rank.
            (now("Busy", "InACall"), &SESSION, ("Busy", "InAConferenceCall"), Some(Reason::NotYet)),
            (now("Offline", "OffWork"), &SESSION, away, Some(Reason::Preferred)),
            (now("Busy", "Busy"), &SESSION, away, Some(Reason::Preferred)),
            (now("Offline", "Offline"), &SESSION, away, Some(Reason::NotYet)),
            // No session of a lower rank outranks this one.
            (
                now("Available", "Available"),
                &SESSION,
                ("Busy", "InACall"),
                Some(Reason::MaybePreferred),
            ),
            (
                now("Away", "Away"),
                &SESSION,
                ("Available", "Available"),
                Some(Reason::MaybePreferred),
            ),
            (
                now("Available", "AvailableInactive"),
                &SESSION,
                ("Busy", "InACall"),
                Some(Reason::NotYet),
            ),
            (now("Offline", "Offline"), &PREFERRED, away, Some(Reason::NeedsSession)),
            (now("Busy", "InACall"), &PREFERRED, away, Some(Reason::NotYet)),
        ] {
            assert_eq!(outranked(&now, action, set), reason, "{now:?}");
        }
    }

    #[test]
    fn a_pair_that_does_not_show_is_explained_in_a_sentence() {
        let text = check_shows(&now("Offline", "OffWork"), &SESSION, "Busy", "InACall")
            .unwrap_err()
            .to_string();
        assert_eq!(
            text,
            "Busy/InACall was accepted but does not show. The user is seen as Offline/OffWork: a preferred \
             presence outranks every session until it ends or is cleared with clearUserPreferredPresence."
        );
    }

    #[test]
    fn words_of_the_service_are_truncated_and_escaped() {
        let odd = now(&"\u{1b}x".repeat(5000), "Away");
        let text = check_shows(&odd, &SESSION, "Busy", "InACall").unwrap_err().to_string();
        assert!(text.len() < 400 && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn before_a_set_only_a_higher_rank_is_an_obstacle() {
        let would = |now, pair: (&str, &str)| check_would_show(&now, &SESSION, pair.0, pair.1);
        assert_eq!(would(now("Offline", "Offline"), ("Away", "Away")), Ok(()));
        assert_eq!(would(now("Away", "Away"), ("Busy", "InACall")), Ok(()));
        let text = would(now("Busy", "InACall"), ("Away", "Away")).unwrap_err().to_string();
        assert_eq!(
            text,
            "Away/Away would be accepted but may not show. The user is seen as Busy/InACall: that outranks it (the \
             order is DoNotDisturb, Busy, Available, Away), unless it is the session that this replaces."
        );
    }

    #[test]
    fn only_a_user_who_is_out_of_office_gets_the_note() {
        for (out, noted) in [(json!(true), true), (json!(false), false), (json!(null), false)] {
            let settings = json!({"isOutOfOffice": out});
            let told = explain(&Presence::from(json!({"outOfOfficeSettings": settings})));
            assert_eq!(told.notes.iter().any(|note| note.contains("out of office")), noted);
        }
    }

    #[test]
    fn a_presence_tells_whether_there_is_a_session_or_a_preference() {
        for (presence, session, preferred) in [
            (now("Offline", "Offline"), Some(false), None),
            (now("Offline", "OffWork"), Some(true), Some(true)),
            (now("Offline", "OutOfOffice"), None, None),
            (now("Offline", ""), None, None),
            (now("DoNotDisturb", "DoNotDisturb"), Some(true), Some(true)),
            (now("DoNotDisturb", "Presenting"), Some(true), Some(false)),
            (now("Available", "Available"), Some(true), None),
            (now("Available", "AvailableInactive"), Some(true), None),
            (now("PresenceUnknown", "PresenceUnknown"), None, None),
            (Presence::default(), None, None),
        ] {
            let explained = explain(&presence);
            assert_eq!(
                (explained.has_session, explained.has_preferred),
                (session, preferred),
                "{explained:?}"
            );
        }
    }
}
