//! `mgp_keep_alive_event`: the event in a completion of a keep-alive.

use std::ffi::c_char;
use std::ptr::null;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::take;
use super::guard::guard;
use super::request::{MGP_TARGET_COMMUNICATIONS, MGP_TARGET_ME, MGP_TARGET_USER};
use super::text::CText;
use crate::keep_alive::{KeepAliveEvent, KeepAliveState};
use crate::operation::Target;

/// mgp_keep_alive_event.state: the presence has not been set yet. No event has this state.
pub const MGP_KEEP_ALIVE_PENDING: i32 = 0;
/// mgp_keep_alive_event.state: the presence was set for the first time, or for the first time since it was changed.
pub const MGP_KEEP_ALIVE_HELD: i32 = 1;
/// mgp_keep_alive_event.state: the presence was renewed. Reported with MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS only.
pub const MGP_KEEP_ALIVE_RENEWED: i32 = 2;
/// mgp_keep_alive_event.state: the presence could not be set. The one that was set before, if any, still lasts. The
/// keep-alive tries again. Reported once, with the error of the first failure, until the presence recovers or is lost.
pub const MGP_KEEP_ALIVE_FAILING: i32 = 3;
/// mgp_keep_alive_event.state: the presence was renewed after it had been failing or lost.
pub const MGP_KEEP_ALIVE_RECOVERED: i32 = 4;
/// mgp_keep_alive_event.state: the presence was not renewed in time, and has or may have faded or expired. The
/// keep-alive tries again.
pub const MGP_KEEP_ALIVE_LOST: i32 = 5;
/// mgp_keep_alive_event.state: Graph refused the presence. The keep-alive does not try again.
pub const MGP_KEEP_ALIVE_REFUSED: i32 = 6;
/// mgp_keep_alive_event.state: the presence is no longer kept.
pub const MGP_KEEP_ALIVE_STOPPED: i32 = 7;
/// mgp_keep_alive_event.state: the keep-alive has ended, and this is its last completion.
pub const MGP_KEEP_ALIVE_ENDED: i32 = 8;

/// What happened to a presence that is kept alive. The library creates it, so struct_size is the library's.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_keep_alive_event {
    /// The size of the struct in the library.
    pub struct_size: u32,
    /// MGP_KEEP_ALIVE_...
    pub state: i32,
    /// MGP_OP_SET_PRESENCE or MGP_OP_SET_USER_PREFERRED_PRESENCE; 0 if the event concerns the keep-alive itself.
    pub operation: i32,
    /// MGP_TARGET_...
    pub target: i32,
    /// The user id that was given; NULL with MGP_TARGET_ME, and if the event concerns the keep-alive itself.
    pub user_id: *const c_char,
    /// When the event happened, in seconds since 1970.
    pub at: i64,
    /// When the presence will next be set, in seconds since 1970; -1 if that is not known.
    pub next: i64,
    /// When the presence that was last set fades or expires at the earliest, in seconds since 1970; -1 if none was set.
    /// A request that waits for the limit of requests before it is sent sets the presence for up to 10 s longer.
    pub lapses: i64,
}

/// An event with the text that it points to.
#[repr(C)]
pub(super) struct Event {
    shown: mgp_keep_alive_event,
    user_id: CText,
}

impl Event {
    /// Creates an event for the caller, who frees it.
    pub(super) fn hand_out(event: &KeepAliveEvent) -> *mut mgp_keep_alive_event {
        let (target, id) = match &event.target {
            None | Some(Target::Me) => (MGP_TARGET_ME, None),
            Some(Target::User(id)) => (MGP_TARGET_USER, Some(id)),
            Some(Target::Communications(id)) => (MGP_TARGET_COMMUNICATIONS, Some(id)),
        };
        let user_id = CText::new(id.map_or("", String::as_str));
        let shown = mgp_keep_alive_event {
            struct_size: size_of::<mgp_keep_alive_event>() as u32,
            state: event.state as i32,
            operation: event.operation.map_or(0, |operation| operation as i32),
            target,
            user_id: if id.is_some() { user_id.as_ptr() } else { null() },
            at: seconds(event.at),
            next: event.next.map_or(-1, seconds),
            lapses: event.lapses.map_or(-1, seconds),
        };
        Box::into_raw(Box::new(Self { shown, user_id })).cast()
    }
}

/// Seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Whether the operation continues after this event, so that the library still owns the caller's pointer.
pub(super) fn goes_on(event: Option<&KeepAliveEvent>) -> bool {
    event.is_some_and(|event| event.state != KeepAliveState::Ended)
}

/// Frees an event, and the text that it points to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_event_free(event: *mut mgp_keep_alive_event) {
    // SAFETY: by the header's chapter "Ownership" it comes from `hand_out`, whose first field it is, and is not used
    // again.
    let event = unsafe { take(event as *mut Event) };
    guard((), || drop(event));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_have_the_numbers_of_the_header() {
        for (state, number) in [
            (KeepAliveState::Pending, MGP_KEEP_ALIVE_PENDING),
            (KeepAliveState::Held, MGP_KEEP_ALIVE_HELD),
            (KeepAliveState::Renewed, MGP_KEEP_ALIVE_RENEWED),
            (KeepAliveState::Failing, MGP_KEEP_ALIVE_FAILING),
            (KeepAliveState::Recovered, MGP_KEEP_ALIVE_RECOVERED),
            (KeepAliveState::Lost, MGP_KEEP_ALIVE_LOST),
            (KeepAliveState::Refused, MGP_KEEP_ALIVE_REFUSED),
            (KeepAliveState::Stopped, MGP_KEEP_ALIVE_STOPPED),
            (KeepAliveState::Ended, MGP_KEEP_ALIVE_ENDED),
        ] {
            assert_eq!(state as i32, number);
        }
    }
}
