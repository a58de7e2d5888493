//! Sessions: the presence that one application or Teams client reports for a user, and its expiration.
//! <https://learn.microsoft.com/graph/api/presence-setpresence>

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Pair;
use crate::time::calendar::later;

/// An Available session that is not renewed shows Available/AvailableInactive after this time, regardless of its
/// expiration.
pub(crate) const FIRST_TIMEOUT: SignedDuration = SignedDuration::from_mins(5);
/// An Available session that is not renewed shows Away/Away after this time.
pub(crate) const SECOND_TIMEOUT: SignedDuration = SignedDuration::from_mins(10);

/// The owner of a session, written as `app:<id>` or `client:<name>`.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub(crate) enum SessionKey {
    /// An application, with the id that it sends.
    Application(String),
    /// A Teams client that a test signed in, such as desktop, mobile or web.
    Client(String),
}

impl From<SessionKey> for String {
    fn from(key: SessionKey) -> Self {
        match key {
            SessionKey::Application(id) => format!("app:{id}"),
            SessionKey::Client(name) => format!("client:{name}"),
        }
    }
}

impl From<String> for SessionKey {
    fn from(text: String) -> Self {
        match text.strip_prefix("client:") {
            Some(name) => Self::Client(name.into()),
            None => Self::Application(text.strip_prefix("app:").unwrap_or(&text).into()),
        }
    }
}

/// One session of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) pair: Pair,
    pub(crate) set_at: Timestamp,
    /// `None` for a Teams client, whose session lasts until it signs out.
    pub(crate) expires_at: Option<Timestamp>,
    /// Of two sessions of a user, the one that was set later has the higher number. `set_at` is the same for both while
    /// the clock stands still.
    #[serde(default)]
    pub(crate) order: u64,
}

impl Session {
    pub(crate) fn of_application(pair: Pair, now: Timestamp, expiration: SignedDuration) -> Self {
        Self { pair, set_at: now, expires_at: Some(later(now, expiration)), order: 0 }
    }

    pub(crate) fn of_client(pair: Pair, now: Timestamp) -> Self {
        Self { pair, set_at: now, expires_at: None, order: 0 }
    }

    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// The session's pair at this time. Only sessions of applications become inactive: Teams clients have idle rules of
    /// their own.
    pub(crate) fn shown(&self, now: Timestamp) -> Pair {
        let age = now.duration_since(self.set_at);
        match self.pair.availability.as_str() {
            "Available" if self.expires_at.is_some() && age >= SECOND_TIMEOUT => {
                Pair::new("Away", "Away")
            }
            "Available" if self.expires_at.is_some() && age >= FIRST_TIMEOUT => {
                Pair::new("Available", "AvailableInactive")
            }
            _ => self.pair.clone(),
        }
    }
}

/// The user's preferred presence. While a session is live, it outranks every session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preferred {
    pub(crate) pair: Pair,
    pub(crate) expires_at: Timestamp,
}

impl Preferred {
    /// Without `expiration`, the preference lasts one day for Busy and DoNotDisturb, and seven days for the others.
    pub(crate) fn new(pair: Pair, now: Timestamp, expiration: Option<SignedDuration>) -> Self {
        let days =
            if matches!(pair.availability.as_str(), "Busy" | "DoNotDisturb") { 1 } else { 7 };
        let expiration = expiration.unwrap_or(SignedDuration::from_hours(24 * days));
        Self { pair, expires_at: later(now, expiration) }
    }

    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::{Pair, Preferred, Session, SignedDuration, Timestamp};

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(minutes: i64) -> Timestamp {
        START + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn available_fades_at_five_and_ten_minutes_whatever_the_expiration() {
        let session = Session::of_application(
            Pair::new("Available", "Available"),
            START,
            SignedDuration::from_hours(4),
        );
        for (minutes, activity) in [
            (0, "Available"),
            (4, "Available"),
            (5, "AvailableInactive"),
            (9, "AvailableInactive"),
            (10, "Away"),
        ] {
            assert_eq!(session.shown(after(minutes)).activity, activity, "{minutes} min");
        }
    }

    #[test]
    fn the_other_states_do_not_fade() {
        for (availability, activity) in
            [("Busy", "InACall"), ("Away", "Away"), ("DoNotDisturb", "Presenting")]
        {
            let pair = Pair::new(availability, activity);
            let session =
                Session::of_application(pair.clone(), START, SignedDuration::from_hours(4));
            assert_eq!(session.shown(after(239)), pair);
        }
    }

    #[test]
    fn a_session_ends_with_its_expiration() {
        let session = Session::of_application(
            Pair::new("Busy", "InACall"),
            START,
            SignedDuration::from_mins(5),
        );
        assert!(session.is_live(after(4)));
        assert!(!session.is_live(after(5)));
    }

    #[test]
    fn a_preference_lasts_a_day_when_busy_and_a_week_otherwise() {
        for (availability, activity, days) in [
            ("Busy", "Busy", 1),
            ("DoNotDisturb", "DoNotDisturb", 1),
            ("Away", "Away", 7),
            ("Offline", "OffWork", 7),
        ] {
            let preferred = Preferred::new(Pair::new(availability, activity), START, None);
            assert_eq!(preferred.expires_at, after(days * 24 * 60), "{availability}");
        }
    }
}
