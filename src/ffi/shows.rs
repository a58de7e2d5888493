//! `mgp_presence_shows`: whether a presence that was set is visible.

use std::ffi::c_char;

use super::args::{In, Out, Text};
use super::argument::ArgumentFailure;
use super::entry::entry;
use super::error::mgp_error;
use super::presence::mgp_presence;
use super::status::mgp_status;
use crate::error::Cause;
use crate::operation::{Invalid, Operation};
use crate::presence::pairs::Pairs;
use crate::presence::visibility::{self, Outranked};
use crate::status::Status;

impl Cause for Outranked {
    fn status(&self) -> Status {
        Status::Outranked
    }
}

/// mgp_presence_shows: whether the user is seen with the pair now, after it was set.
pub const MGP_SHOWS_NOW: i32 = 0;
/// mgp_presence_shows: whether the user would be seen with the pair if it were set now.
pub const MGP_SHOWS_IF_SET: i32 = 1;

/// Tells whether a pair of availability and activity shows, or would show. Sends nothing.
///
/// `presence`: read after the set, or just before it. `operation`: MGP_OP_SET_PRESENCE or
/// MGP_OP_SET_USER_PREFERRED_PRESENCE. `when`: MGP_SHOWS_NOW or MGP_SHOWS_IF_SET.
/// Returns MGP_OK if it shows; MGP_E_OUTRANKED if not, with a message that says what shows instead and why;
/// with MGP_SHOWS_IF_SET also MGP_E_INVALID_PAIR; MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_OPERATION.
///
/// A presence does not tell everything. With MGP_SHOWS_IF_SET, MGP_E_OUTRANKED may be due to the caller's own session of
/// a higher rank, which a set would replace; and MGP_OK does not rule out a preferred presence that is not seen now, or
/// that looks like a session (Available, Away).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_shows(
    presence: *const mgp_presence,
    operation: i32,
    availability: *const c_char,
    activity: *const c_char,
    when: i32,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (presence, availability, activity, error) = unsafe {
        (In::new(presence), Text::new(availability), Text::new(activity), Out::new(error))
    };
    entry(error, || {
        let (availability, activity) =
            (availability.required("availability")?, activity.required("activity")?);
        let now = presence.required("presence")?.presence();
        let pairs = pairs(operation)?;
        match when {
            // The pair is not checked, since Graph may have accepted one that is newer than this library.
            MGP_SHOWS_NOW => Ok(visibility::check_shows(now, pairs, availability, activity)?),
            MGP_SHOWS_IF_SET => {
                let (availability, activity) =
                    pairs.find(availability, activity).map_err(Invalid::from)?;
                Ok(visibility::check_would_show(now, pairs, availability, activity)?)
            }
            other => Err(ArgumentFailure::Number { what: "when", given: other }.into()),
        }
    })
}

/// The pairs of an operation that has such a rule.
fn pairs(operation: i32) -> Result<&'static Pairs, ArgumentFailure> {
    let pairs = Operation::from_number(operation).and_then(|operation| operation.row().pairs);
    pairs.ok_or(ArgumentFailure::Number { what: "operation", given: operation })
}
