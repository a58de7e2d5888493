//! Availability: the colour of a user's dot. <https://learn.microsoft.com/graph/api/resources/presence>

use super::word::words;

words! {
    /// A user's availability. Reading never fails: a word that Graph adds later is kept.
    /// ```
    /// use mgpresence::Availability;
    ///
    /// assert_eq!(Availability::from("busy"), Availability::Busy);
    /// assert_eq!(Availability::from("Focusing").as_str(), "Focusing");
    /// ```
    Availability {
        Available, AvailableIdle, Away, BeRightBack, Busy, BusyIdle, DoNotDisturb, Offline,
        OutOfOffice, PresenceUnknown,
    }
}
