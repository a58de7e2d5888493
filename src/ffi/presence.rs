//! `mgp_presence`: one presence object in a response.

use std::ffi::c_char;
use std::ptr::null;

use serde_json::json;

use super::args::In;
use super::guard::guard;
use super::lazy::Lazy;
use super::text::CText;
use crate::presence::{Presence, visibility};

/// A presence, borrowed from the mgp_response that holds it. Valid until that response is freed.
pub struct mgp_presence {
    presence: Presence,
    // Created on first use, since few callers ask for it, and a page has many presences.
    explanation: Lazy<CText>,
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
            explanation: Lazy::new(),
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

    pub(super) fn presence(&self) -> &Presence {
        &self.presence
    }
}

/// The user's object id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_id(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.id.as_ref())
}

/// The availability, such as "Busy". A word that the library knows is spelled as in Graph's documentation, another one as
/// Graph wrote it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_availability(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.availability.as_ref())
}

/// The activity, such as "InACall". A word that the library knows is spelled as in Graph's documentation, another one as
/// Graph wrote it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_activity(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.activity.as_ref())
}

/// Whether the user is out of office: 1 or 0; -1 if Graph did not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_is_out_of_office(presence: *const mgp_presence) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    guard(-1, || {
        let settings = presence.optional().and_then(|it| it.presence.out_of_office.as_ref());
        settings.and_then(|settings| settings.is_out_of_office).map_or(-1, i32::from)
    })
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

/// The text of the status message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message.as_ref())
}

/// The content type of the status message: "text" or "html".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_content_type(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_content_type.as_ref())
}

/// When the status message ends, as a local time. Graph sends it only for the caller's own message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_expiry(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_expiry.as_ref())
}

/// The time zone of that time, such as "Pacific Standard Time".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_expiry_time_zone(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_expiry_time_zone.as_ref())
}

/// When the status message was published. Graph sends it only for the caller's own message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_status_message_published(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.status_message_published.as_ref())
}

/// Where the user works: "office", "remote", "timeOff" or "unspecified".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_work_location_type(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.work_location_type.as_ref())
}

/// Where the work location comes from: "manual", "automatic", "scheduled" or "none".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_work_location_source(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.work_location_source.as_ref())
}

/// The directory's id of the place where the user works.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_work_location_place_id(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.work_location_place_id.as_ref())
}

/// A stamp that orders the versions of a presence. Compare it as text: a later one is greater.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_sequence_number(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.sequence_number.as_ref())
}

/// The whole presence object as JSON, exactly as Graph wrote it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_json(presence: *const mgp_presence) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    text(presence, |presence| presence.json.as_ref())
}

/// An explanation of the presence, as JSON: "effective" (such as "Busy/InACall"), "hasSession" and
/// "hasPreferredPresence" (true, false, or null if the presence does not tell) and "notes", an array of sentences to
/// show. "{}" for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_presence_explanation_json(
    presence: *const mgp_presence,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let presence = unsafe { In::new(presence) };
    guard(c"{}".as_ptr(), || {
        presence.optional().map_or(c"{}".as_ptr(), |it| {
            it.explanation.get(|| CText::new(&explanation(&it.presence))).as_ptr()
        })
    })
}

fn explanation(presence: &Presence) -> String {
    let explained = visibility::explain(presence);
    let json = json!({
        "effective": explained.effective,
        "hasSession": explained.has_session,
        "hasPreferredPresence": explained.has_preferred,
        "notes": explained.notes,
    });
    json.to_string()
}

fn text(
    presence: In<'_, mgp_presence>,
    field: fn(&mgp_presence) -> Option<&CText>,
) -> *const c_char {
    guard(null(), || presence.optional().and_then(field).map_or(null(), CText::as_ptr))
}
