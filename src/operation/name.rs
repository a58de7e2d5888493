//! The operations, with their names and numbers.

/// An operation of the presence API. The numbers are those of the C ABI.
///
/// Each operation has a constructor on [`Request`](crate::Request), which is the usual way to name one.
/// ```
/// use mgpresence::Operation;
///
/// assert_eq!(Operation::from_number(2), Some(Operation::SetPresence));
/// assert!(Operation::SetPresence.pairs().contains(&("Busy", "InACall")));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(
    missing_docs,
    reason = "the names are Graph's own; the constructors of Request say what each does"
)]
#[non_exhaustive]
#[repr(i32)]
pub enum Operation {
    GetPresence = 1,
    SetPresence = 2,
    UpdatePresence = 3,
    CreatePresence = 4,
    DeletePresence = 5,
    ClearPresence = 6,
    SetUserPreferredPresence = 7,
    ClearUserPreferredPresence = 8,
    SetStatusMessage = 9,
    SetManualLocation = 10,
    SetAutomaticLocation = 11,
    ClearLocation = 12,
    ClearAutomaticLocation = 13,
    ListPresences = 14,
    CountPresences = 15,
    GetPresencesByUserId = 16,
}
