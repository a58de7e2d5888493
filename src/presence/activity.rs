//! Activity: what stands beside the dot. <https://learn.microsoft.com/graph/api/resources/presence>

use super::word::words;

words! {
    /// What a user is doing. Reading never fails: a word that Graph adds later is kept.
    /// ```
    /// use mgpresence::Activity;
    ///
    /// assert_eq!(Activity::from("InACall"), Activity::InACall);
    /// assert_eq!(Activity::from("InACall + OOF").as_str(), "InACall + OOF");
    /// ```
    Activity {
        Available, AvailableInactive, Away, BeRightBack, Busy, DoNotDisturb, InACall,
        InAConferenceCall, InAMeeting, Inactive, Offline, OffWork, OutOfOffice, Presenting,
        PresenceUnknown, UrgentInterruptionsOnly,
    }
}
