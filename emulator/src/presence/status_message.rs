//! The status message, a text that can expire. <https://learn.microsoft.com/graph/api/resources/presencestatusmessage>

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::windows_zones::iana_name;

/// A local time and its time zone, stored as received.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Expiry {
    pub(crate) date_time: String,
    #[serde(default)]
    pub(crate) time_zone: Option<String>,
}

impl Expiry {
    /// The point in time; without a zone, the time is UTC. `None` if the time or zone is invalid.
    pub(crate) fn instant(&self) -> Option<Timestamp> {
        // An offset contradicts the type, but many clients send "…Z", whose meaning is clear.
        if let Ok(instant) = self.date_time.parse::<Timestamp>() {
            return Some(instant);
        }
        let zone = match self.time_zone.as_deref() {
            None | Some("") => TimeZone::UTC,
            Some(name) => TimeZone::get(iana_name(name)).ok()?,
        };
        let local: DateTime = self.date_time.parse().ok()?;
        local.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
    }
}

/// A user's status message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusMessage {
    pub(crate) content: String,
    pub(crate) expiry: Option<Expiry>,
    pub(crate) published: Timestamp,
}

impl StatusMessage {
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.expiry.as_ref().and_then(Expiry::instant).is_none_or(|end| now < end)
    }

    /// The message in Graph's JSON. Only the user sees when it was published and when it expires.
    pub(crate) fn shown(&self, to_owner: bool) -> Value {
        let message = json!({"content": self.content, "contentType": "text"});
        if !to_owner {
            return json!({"message": message});
        }
        let published = self.published.strftime("%Y-%m-%dT%H:%M:%S%.7fZ").to_string();
        let mut shown = json!({"message": message, "publishedDateTime": published});
        if let Some(expiry) = &self.expiry {
            shown["expiryDateTime"] =
                json!({"dateTime": expiry.date_time, "timeZone": expiry.time_zone});
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::Expiry;

    #[test]
    fn an_expiry_is_read_in_its_zone() {
        for (date_time, zone, instant) in [
            ("2026-08-18T10:00:00", None, "2026-08-18T10:00:00Z"),
            ("2026-08-18T10:00:00", Some("UTC"), "2026-08-18T10:00:00Z"),
            ("2026-08-18T10:00:00", Some("Europe/Berlin"), "2026-08-18T08:00:00Z"),
            (
                "2022-10-18T17:05:33.2079781",
                Some("Pacific Standard Time"),
                "2022-10-19T00:05:33.2079781Z",
            ),
            ("2026-08-18T10:00:00", Some("taipei standard time"), "2026-08-18T02:00:00Z"),
            ("2026-08-18T10:00:00", Some("UTC-08"), "2026-08-18T18:00:00Z"),
            ("2026-08-18T10:00:00Z", Some("UTC"), "2026-08-18T10:00:00Z"),
        ] {
            let expiry = Expiry { date_time: date_time.into(), time_zone: zone.map(Into::into) };
            assert_eq!(expiry.instant(), Some(instant.parse().unwrap()), "{date_time} {zone:?}");
        }
    }

    #[test]
    fn a_zone_or_time_that_does_not_exist_is_no_instant() {
        for (date_time, zone) in [
            ("2026-08-18T10:00:00", "Middle-earth"),
            ("yesterday", "UTC"),
            ("2026-02-30T10:00:00", "UTC"),
        ] {
            let expiry = Expiry { date_time: date_time.into(), time_zone: Some(zone.into()) };
            assert_eq!(expiry.instant(), None, "{date_time} {zone}");
        }
    }
}
