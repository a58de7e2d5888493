//! The stored data of a user's presence, and the presence that it gives at a given time.
//! <https://learn.microsoft.com/graph/cloud-communications-manage-presence-state>

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::location::{Layer, Location, Locations};
use super::{Pair, Preferred, Session, SessionKey, StatusMessage};

/// Out of office. In Graph the mailbox sets it; here a PATCH or a test does.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OutOfOffice {
    pub(crate) message: Option<String>,
    pub(crate) is_out_of_office: bool,
}

/// The values from an undocumented PATCH or POST, which outrank everything else. `None` if a value was not written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Written {
    pub(crate) availability: Option<String>,
    pub(crate) activity: Option<String>,
}

/// The stored data of one user's presence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Presence {
    sessions: BTreeMap<SessionKey, Session>,
    preferred: Option<Preferred>,
    status_message: Option<StatusMessage>,
    locations: Locations,
    out_of_office: OutOfOffice,
    written: Option<Written>,
    version: Version,
}

/// The number behind sequenceNumber, and the presence for which it was last increased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Version {
    number: u64,
    shown: Value,
}

impl Presence {
    /// Opens or renews a session. Like every documented write of availability, it removes the values of PATCH and POST.
    pub(crate) fn put_session(&mut self, key: SessionKey, session: Session) {
        self.written = None;
        let latest = self.sessions.values().map(|session| session.order).max();
        let order = latest.map_or(0, |latest| latest.saturating_add(1));
        self.sessions.insert(key, Session { order, ..session });
    }

    /// Clears a session. Returns whether a live one existed.
    pub(crate) fn clear_session(&mut self, key: &SessionKey, now: Timestamp) -> bool {
        let was_live = self.sessions.remove(key).is_some_and(|session| session.is_live(now));
        if was_live {
            self.written = None;
        }
        was_live
    }

    /// Ends the sessions of all Teams clients. Sessions of applications stay.
    pub(crate) fn sign_out_clients(&mut self) {
        self.sessions.retain(|key, _| matches!(key, SessionKey::Application(_)));
    }

    pub(crate) fn prefer(&mut self, preferred: Preferred) {
        self.written = None;
        self.preferred = Some(preferred);
    }

    pub(crate) fn clear_preferred(&mut self) {
        self.written = None;
        self.preferred = None;
    }

    pub(crate) fn set_status_message(&mut self, message: Option<StatusMessage>) {
        self.status_message = message;
    }

    pub(crate) fn set_location(&mut self, layer: Layer, app: &str, location: Location) {
        self.locations.set(layer, app, location);
    }

    pub(crate) fn clear_location(&mut self, layer: Layer) {
        self.locations.clear(layer);
    }

    pub(crate) fn set_out_of_office(&mut self, settings: OutOfOffice) {
        self.out_of_office = settings;
    }

    /// Stores the values of a PATCH or POST, which outrank sessions and preference until the next documented write or a
    /// DELETE.
    pub(crate) fn write(&mut self, written: Written) {
        let known = self.written.get_or_insert_default();
        known.availability = written.availability.or(known.availability.take());
        known.activity = written.activity.or(known.activity.take());
    }

    /// Handles a DELETE: clears everything except the sequence number, which never decreases.
    pub(crate) fn delete(&mut self) {
        *self = Self { version: std::mem::take(&mut self.version), ..Self::default() };
    }

    /// The visible pair: the values of PATCH or POST, otherwise the preference if a session is live, otherwise the
    /// session with the highest rank.
    pub(crate) fn shown(&self, now: Timestamp) -> Pair {
        let computed = self.computed(now);
        let Written { availability, activity } = self.written.clone().unwrap_or_default();
        Pair {
            availability: availability.unwrap_or(computed.availability),
            activity: activity.unwrap_or(computed.activity),
        }
    }

    fn computed(&self, now: Timestamp) -> Pair {
        let live = self.sessions.values().filter(|session| session.is_live(now));
        let highest =
            live.max_by_key(|session| (session.shown(now).rank(), session.order, session.set_at));
        let preferred = self.preferred.as_ref().filter(|preferred| preferred.is_live(now));
        match (highest, preferred) {
            (None, _) => Pair::offline(),
            (Some(_), Some(preferred)) => preferred.pair.clone(),
            (Some(session), None) => session.shown(now),
        }
    }

    /// The properties of Graph's presence without the id. Increases the sequence number if anything has changed since
    /// the last call, by a write or with time.
    pub(crate) fn properties(&mut self, now: Timestamp, to_owner: bool) -> Value {
        let full = self.snapshot(now, true);
        if self.version.shown != full {
            self.version = Version { number: self.version.number + 1, shown: full };
        }
        let mut shown = self.snapshot(now, to_owner);
        shown["sequenceNumber"] = self.sequence_number().into();
        shown
    }

    /// The entity tag of the properties that [`Self::properties`] returned last.
    pub(crate) fn etag(&mut self, now: Timestamp) -> String {
        self.properties(now, true);
        format!("W/\"{}\"", self.sequence_number())
    }

    fn snapshot(&self, now: Timestamp, to_owner: bool) -> Value {
        let Pair { availability, activity } = self.shown(now);
        let message = self.status_message.as_ref().filter(|message| message.is_live(now));
        json!({
            "availability": availability,
            "activity": activity,
            "outOfOfficeSettings": self.out_of_office,
            "statusMessage": message.map(|message| message.shown(to_owner)),
            "workLocation": self.locations.shown(),
        })
    }

    /// Padded to a fixed width, so that the text sorts as the number does.
    fn sequence_number(&self) -> String {
        format!("A{:010}", self.version.number)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{Pair, Preferred, Presence, Session, SessionKey, Timestamp, Written};

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(minutes: i64) -> Timestamp {
        START + SignedDuration::from_mins(minutes)
    }

    fn app(id: &str) -> SessionKey {
        SessionKey::Application(id.into())
    }

    fn session(availability: &str, activity: &str, minutes: i64) -> Session {
        Session::of_application(
            Pair::new(availability, activity),
            START,
            SignedDuration::from_mins(minutes),
        )
    }

    fn client(availability: &str, activity: &str) -> Session {
        Session::of_client(Pair::new(availability, activity), START)
    }

    #[test]
    fn a_user_without_a_session_is_offline() {
        assert_eq!(Presence::default().shown(START), Pair::offline());
    }

    #[test]
    fn the_highest_session_is_shown_until_it_expires() {
        let mut presence = Presence::default();
        presence.put_session(app("one"), session("DoNotDisturb", "Presenting", 5));
        presence.put_session(app("two"), session("Busy", "InACall", 10));
        presence.put_session(SessionKey::Client("web".into()), client("Away", "Away"));
        for (minutes, availability) in [(0, "DoNotDisturb"), (5, "Busy"), (10, "Away")] {
            assert_eq!(presence.shown(after(minutes)).availability, availability, "{minutes} min");
        }
    }

    #[test]
    fn the_later_of_two_sessions_of_the_same_rank_is_shown_even_if_the_clock_stands_still() {
        for (earlier, later) in [("one", "two"), ("two", "one")] {
            let mut presence = Presence::default();
            presence.put_session(app(later), session("Busy", "InACall", 60));
            presence.put_session(app(earlier), session("Busy", "InACall", 60));
            presence.put_session(app(later), session("Busy", "InAConferenceCall", 60));
            assert_eq!(presence.shown(START).activity, "InAConferenceCall", "{later} is later");
        }
    }

    #[test]
    fn an_application_cannot_set_away_while_a_client_is_available() {
        let mut presence = Presence::default();
        presence
            .put_session(SessionKey::Client("desktop".into()), client("Available", "Available"));
        presence.put_session(app("one"), session("Away", "Away", 60));
        assert_eq!(presence.shown(START), Pair::new("Available", "Available"));
    }

    #[test]
    fn a_preferred_presence_outranks_every_session() {
        let mut presence = Presence::default();
        presence.put_session(app("one"), session("DoNotDisturb", "Presenting", 60));
        presence.prefer(Preferred::new(Pair::new("Offline", "OffWork"), START, None));
        assert_eq!(presence.shown(START), Pair::new("Offline", "OffWork"));
        presence.clear_preferred();
        assert_eq!(presence.shown(START), Pair::new("DoNotDisturb", "Presenting"));
    }

    #[test]
    fn a_preferred_presence_needs_a_live_session() {
        let mut presence = Presence::default();
        presence.prefer(Preferred::new(Pair::new("Busy", "Busy"), START, None));
        assert_eq!(presence.shown(START), Pair::offline());
        presence.put_session(app("one"), session("Available", "Available", 5));
        assert_eq!(presence.shown(START), Pair::new("Busy", "Busy"));
        assert_eq!(presence.shown(after(5)), Pair::offline());
    }

    #[test]
    fn a_preferred_presence_expires() {
        let mut presence = Presence::default();
        presence.put_session(SessionKey::Client("web".into()), client("Available", "Available"));
        presence.prefer(Preferred::new(Pair::new("Busy", "Busy"), START, None));
        assert_eq!(presence.shown(after(24 * 60 - 1)).availability, "Busy");
        assert_eq!(presence.shown(after(24 * 60)).availability, "Available");
    }

    #[test]
    fn an_expired_session_cannot_be_cleared() {
        let mut presence = Presence::default();
        presence.put_session(app("one"), session("Busy", "InACall", 5));
        assert!(!presence.clear_session(&app("one"), after(5)));
        assert!(!presence.clear_session(&app("two"), START));
    }

    #[test]
    fn what_patch_wrote_holds_until_the_next_documented_write() {
        let mut presence = Presence::default();
        presence.write(Written { availability: Some("Busy".into()), activity: None });
        assert_eq!(presence.shown(START), Pair::new("Busy", "Offline"));
        presence.put_session(app("one"), session("Available", "Available", 5));
        assert_eq!(presence.shown(START), Pair::new("Available", "Available"));
    }

    #[test]
    fn the_sequence_number_rises_with_each_visible_change_only() {
        let mut presence = Presence::default();
        let number = |presence: &mut Presence, minutes| {
            presence.properties(after(minutes), false)["sequenceNumber"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let first = number(&mut presence, 0);
        assert_eq!(number(&mut presence, 0), first);
        presence.put_session(app("one"), session("Available", "Available", 60));
        let second = number(&mut presence, 0);
        let faded = number(&mut presence, 5);
        assert!(first < second && second < faded, "{first} {second} {faded}");
        presence.delete();
        assert!(faded < number(&mut presence, 5));
    }
}
