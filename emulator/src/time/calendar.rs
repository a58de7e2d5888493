//! The end of the calendar, in the year 9999, is the latest time.

use jiff::{SignedDuration, Timestamp};

/// A time plus a length.
pub(crate) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).expect("a signed duration has no calendar units")
}
