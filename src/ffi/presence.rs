//! `mgp_presence`: one presence object within an answer.

use std::ffi::c_char;
use std::ptr::null;
use std::sync::OnceLock;

use serde_json::json;

use super::args::{In, Out, Text};
use super::entry::{entry, guard};
use super::error::mgp_error;
use super::response::CText;
use crate::error::CallFailure;
use crate::operation::Operation;
use crate::presence::pairs::Pairs;
use crate::presence::{Presence, effect};

/// A presence: borrowed from the mgp_response that holds it, lives as long as that.
///
/// Every getter accepts NULL, which reads as an empty presence, and can be called from any thread. A text that Graph
/// did not send is NULL. Words that Graph may add later come as they are.
/// <https://learn.microsoft.com/graph/api/resources/presence>
pub struct mgp_presence {
    presence: Presence,
    // Made when first asked for: few callers do, and a page has many presences.
    explanation: OnceLock<CText>,
    id: Option<CText>,
    availability: Option<CText>,
    activity: Option<CText>,
    out_of_office_message: Option<CText>,
    status_message: Option<CText>,
    status_message_content_type: Option<CText>,
    status_message_expiry: Option<CText>,
    status_message_expiry_time_zone: Option<CText>,
    status_message_published: Option<CText>,
    work_location_type: Option<CText>,
    work_location_source: Option<CText>,
    work_location_place_id: Option<CText>,
    sequence_number: Option<CText>,
    json: Option<CText>,
}

impl mgp_presence {
    pub(super) fn new(presence: &Presence) -> Self {
        let text = |text: Option<&str>| text.map(CText::new);
        let out_of_office = presence.out_of_office.as_ref();
        let status = presence.status_message.as_ref();
        let work = presence.work_location.as_ref();
        Self {
            presence: presence.clone(),
            explanation: OnceLock::new(),
            id: text(presence.id.as_deref()),
            availability: text(presence.availability.as_ref().map(|word| word.as_str())),
            activity: text(presence.activity.as_ref().map(|word| word.as_str())),
            out_of_office_message: text(
                out_of_office.and_then(|settings| settings.message.as_deref()),
            ),
            status_message: text(status.and_then(|message| message.content.as_deref())),
            status_message_content_type: text(
                status.and_then(|message| message.content_type.as_deref()),
            ),
            status_message_expiry: text(status.and_then(|message| message.expiry.as_deref())),
            status_message_expiry_time_zone: text(
                status.and_then(|message| message.expiry_time_zone.as_deref()),
            ),
            status_message_published: text(status.and_then(|message| message.published.as_deref())),
            work_location_type: text(
                work.and_then(|location| location.work_location_type.as_deref()),
            ),
            work_location_source: text(work.and_then(|location| location.source.as_deref())),
            work_location_place_id: text(work.and_then(|location| location.place_id.as_deref())),
            sequence_number: text(presence.sequence_number.as_deref()),
            json: text(Some(&presence.json)),
        }
    }
}

/// What can be said of the user's state, as JSON: "effective" ("Busy/InACall"), "hasSession" and "hasPreferredPresence"
/// (true, false, or null where it cannot be told) and "notes", sentences for people. "" for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_explanation(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    guard(c"".as_ptr(), || {
        presence.optional().map_or(c"".as_ptr(), |it| {
            it.explanation.get_or_init(|| CText::new(&explanation(&it.presence))).as_ptr()
        })
    })
}

/// Whether a pair that was set is what the user is now seen as.
///
/// `presence`: read after the set. `operation`: MGP_OP_SET_PRESENCE or MGP_OP_SET_USER_PREFERRED_PRESENCE.
/// `availability` and `activity`: what was set. Sends nothing. Returns MGP_OK when it shows; MGP_E_OUTRANKED, whose
/// message says what shows instead and why; MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_OPERATION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_check_shows(
    presence: *const mgp_presence,
    operation: i32,
    availability: *const c_char,
    activity: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (presence, availability, activity, error) = unsafe {
        (In::new(presence), Text::new(availability), Text::new(activity), Out::new(error))
    };
    entry(error, || {
        let (availability, activity) =
            (availability.required("availability")?, activity.required("activity")?);
        let now = &presence.required("presence")?.presence;
        Ok(effect::check_shows(now, pairs(operation)?, availability, activity)?)
    })
}

/// Whether a pair would be what the user is seen as if it were set now.
///
/// `presence`: read just before. The rest and the statuses are those of mgp_presence_check_shows; MGP_E_INVALID_PAIR for
/// a pair that the operation does not accept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_check_would_show(
    presence: *const mgp_presence,
    operation: i32,
    availability: *const c_char,
    activity: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (presence, availability, activity, error) = unsafe {
        (In::new(presence), Text::new(availability), Text::new(activity), Out::new(error))
    };
    entry(error, || {
        let (availability, activity) =
            (availability.required("availability")?, activity.required("activity")?);
        let now = &presence.required("presence")?.presence;
        let (availability, activity) = pairs(operation)?.find(availability, activity)?;
        Ok(effect::check_would_show(now, pairs(operation)?, availability, activity)?)
    })
}

/// The pairs of an operation that has such a rule.
fn pairs(operation: i32) -> Result<&'static Pairs, CallFailure> {
    let pairs = Operation::from_number(operation).and_then(|operation| operation.row().pairs);
    pairs.ok_or(CallFailure::Number { what: "operation", given: operation })
}

fn explanation(presence: &Presence) -> String {
    let told = effect::explain(presence);
    let json = json!({
        "effective": told.effective,
        "hasSession": told.has_session,
        "hasPreferredPresence": told.has_preferred,
        "notes": told.notes,
    });
    json.to_string()
}

/// Whether the user is out of office: 1 or 0, and -1 where Graph did not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_is_out_of_office(presence: *const mgp_presence) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    guard(-1, || {
        let settings = presence.optional().and_then(|it| it.presence.out_of_office.as_ref());
        settings.and_then(|settings| settings.is_out_of_office).map_or(-1, i32::from)
    })
}

/// The user's object id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_id(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.id.as_ref())
}

/// The colour of the dot, as Graph wrote it, such as "Busy".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_availability(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.availability.as_ref())
}

/// What stands beside it, such as "InACall".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_activity(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.activity.as_ref())
}

/// The automatic reply of the user's mailbox.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_out_of_office_message(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.out_of_office_message.as_ref())
}

/// The text under the user's name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message.as_ref())
}

/// "text" or "html".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_content_type(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_content_type.as_ref())
}

/// When the status message ends, a local time; absent for another user's message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_expiry(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_expiry.as_ref())
}

/// The time zone of that, such as "Pacific Standard Time".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_expiry_time_zone(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_expiry_time_zone.as_ref())
}

/// When the status message was published; absent for another user's message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_published(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_published.as_ref())
}

/// "office", "remote", "timeOff" or "unspecified".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_work_location_type(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.work_location_type.as_ref())
}

/// "manual", "automatic", "scheduled" or "none".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_work_location_source(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.work_location_source.as_ref())
}

/// The place in the directory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_work_location_place_id(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.work_location_place_id.as_ref())
}

/// A stamp that sorts by time as text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_sequence_number(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.sequence_number.as_ref())
}

/// The whole object, as JSON, just as Graph wrote it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_json(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.json.as_ref())
}

fn text(
    presence: In<'_, mgp_presence>,
    field: fn(&mgp_presence) -> Option<&CText>,
) -> *const c_char {
    guard(null(), || presence.optional().and_then(field).map_or(null(), CText::as_ptr))
}
