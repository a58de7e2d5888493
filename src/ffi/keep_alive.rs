//! `mgp_keep_alive`: presences that are kept alive. `crate::keeper` implements it.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use super::args::{In, InStruct, Out, OutStruct, Text, Versioned, take};
use super::argument::ArgumentFailure;
use super::client::mgp_client;
use super::entry::entry;
use super::error::mgp_error;
use super::event::seconds;
use super::guard::guard;
use super::host::{Host, mgp_drop_fn};
use super::queue::mgp_queue;
use super::request::{RequestArg, mgp_request};
use super::status::mgp_status;
use crate::error::Error;
use crate::keeper::{KeepAlive, KeepAliveOptions};
use crate::operation::Target;
use crate::status::Status;

/// A keep-alive: sets presences and renews them. Threads can share it.
pub struct mgp_keep_alive(KeepAlive);

/// mgp_keep_alive_options.flags: clear each presence when it is released, with clearPresence or
/// clearUserPreferredPresence. Otherwise it is left to fade or expire. A clear that fails is tried again, three times at
/// most. While the service is down, or throttles the application, clears wait for up to a minute, or for three attempts
/// or probes if these take longer, and then end with the error. One that Graph throttles for more than a minute ends at
/// once.
pub const MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP: u32 = 1;
/// mgp_keep_alive_options.flags: report each renewal with MGP_KEEP_ALIVE_RENEWED.
pub const MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS: u32 = 2;

/// The options of a keep-alive. Start with MGP_KEEP_ALIVE_OPTIONS_INIT; zero is the default.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_keep_alive_options {
    /// sizeof(mgp_keep_alive_options), set by MGP_KEEP_ALIVE_OPTIONS_INIT.
    pub struct_size: u32,
    /// MGP_KEEP_ALIVE_FLAG_... or 0.
    pub flags: u32,
    /// How often each presence is renewed, in ms, from 1,000 to less than the presence lasts; 0: four fifths of the
    /// time that it lasts, which is every 240 seconds for Available. Renewals are due at whole seconds, so up
    /// to one second earlier.
    pub interval_ms: u32,
}

// SAFETY: repr(C), struct_size first, integers only.
unsafe impl Versioned for mgp_keep_alive_options {
    const NAME: &'static str = "mgp_keep_alive_options";
}

/// The counters of a keep-alive at one moment. Start with MGP_KEEP_ALIVE_COUNTS_INIT.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_keep_alive_counts {
    /// sizeof(mgp_keep_alive_counts), set by MGP_KEEP_ALIVE_COUNTS_INIT.
    pub struct_size: u32,
    /// Presences that have not been set yet.
    pub pending: u32,
    /// Presences that are in effect.
    pub held: u32,
    /// Presences whose last attempt failed. Those that were set before still last.
    pub failing: u32,
    /// Presences that were not renewed in time. They are tried again.
    pub lost: u32,
    /// Presences that Graph refused. They are not tried again.
    pub refused: u32,
    /// Presences that wait to be sent: they are due, or will be tried again.
    pub waiting: u32,
    /// Requests in flight.
    pub in_flight: u32,
    /// Successful requests that set a presence, since the start.
    pub renewals: u64,
    /// Failed attempts to set a presence, since the start.
    pub failures: u64,
    /// When the next presence becomes due, in seconds since 1970; -1 if no presence is scheduled. Retries are
    /// ignored.
    pub next: i64,
    /// MGP_OK, or the reason why the service cannot be reached. Occasional requests find out when it can be reached
    /// again.
    pub outage: mgp_status,
    /// Always 0.
    pub reserved: u32,
}

// SAFETY: repr(C), struct_size first, integers only; 0 is MGP_OK.
unsafe impl Versioned for mgp_keep_alive_counts {
    const NAME: &'static str = "mgp_keep_alive_counts";
}

/// Checks and converts the options.
fn options(raw: Option<mgp_keep_alive_options>) -> Result<KeepAliveOptions, ArgumentFailure> {
    const FLAGS: u32 = MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP | MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS;
    let Some(raw) = raw else { return Ok(KeepAliveOptions::default()) };
    if raw.flags & !FLAGS != 0 {
        let reason = format!("is {:#x}. Use MGP_KEEP_ALIVE_FLAG_... or 0", raw.flags);
        return Err(ArgumentFailure::Option { name: "flags", reason });
    }
    let mut options = KeepAliveOptions::default();
    if raw.flags & MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP != 0 {
        options = options.clear_on_stop();
    }
    if raw.flags & MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS != 0 {
        options = options.report_renewals();
    }
    if raw.interval_ms != 0 {
        options = options.interval(Duration::from_millis(raw.interval_ms.into()));
    }
    Ok(options)
}

/// Starts a keep-alive without presences: add them with mgp_keep_alive_hold.
///
/// The queue delivers its events. A keep-alive is one operation, which ends with exactly one completion, with the state
/// MGP_KEEP_ALIVE_ENDED. Before that, any number of completions have the same operation number and other states. Each
/// completion has an event, and its `user` is the pointer that was passed here. The library owns that pointer until the
/// last completion was taken. As in any completion, exactly one of `response` and `error` is set: the response to the
/// request that set the presence, or the reason why there is none. The status is MGP_E_CANCELLED with
/// MGP_KEEP_ALIVE_STOPPED and MGP_KEEP_ALIVE_ENDED, unless something failed; after mgp_client_close, the status of
/// MGP_KEEP_ALIVE_ENDED is MGP_E_CLOSED.
///
/// An event replaces an earlier one of the same presence that was not taken. The memory of a program that takes no
/// events therefore does not grow, and a program that takes them late gets the latest.
///
/// Freeing the client does not end a keep-alive. mgp_client_close stops it, and what is not cleared within its wait_ms
/// stays set, without an event. mgp_cancel with its operation number, closing or freeing the queue, and
/// mgp_keep_alive_free end it at once, without clearing.
///
/// `options`: NULL for the defaults. `user`, `drop`: as for mgp_submit. `out`: receives the keep-alive. Returns MGP_OK,
/// MGP_E_NULL_ARGUMENT, MGP_E_STRUCT_SIZE, MGP_E_OPTION or MGP_E_CLOSED (queue or client).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_start(
    client: *const mgp_client,
    options: *const mgp_keep_alive_options,
    queue: *const mgp_queue,
    user: *mut c_void,
    drop: mgp_drop_fn,
    out: *mut *mut mgp_keep_alive,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, given, queue, out, error) = unsafe {
        (In::new(client), InStruct::new(options), In::new(queue), Out::new(out), Out::new(error))
    };
    entry(error, || {
        let (client, queue) = (client.required("client")?, queue.required("queue")?);
        let out = out.required("out")?;
        let options = self::options(given.read()?)?;
        let host = Arc::new(Host::lent(user, drop));
        let ticket = Arc::clone(&host);
        let started = client.0.keep_alive(options, &queue.0, ticket);
        let keep_alive = started.map_err(|(failure, _)| failure)?;
        host.own();
        out.put(mgp_keep_alive(keep_alive));
        Ok(())
    })
}

/// The operation number, which each completion of the keep-alive contains; unique in the process. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_operation(keep_alive: *const mgp_keep_alive) -> u64 {
    // SAFETY: by the header's chapter "Arguments".
    let keep_alive = unsafe { In::new(keep_alive) };
    guard(0, || keep_alive.optional().map_or(0, |keep_alive| keep_alive.0.operation()))
}

/// Keeps the presence that a request for MGP_OP_SET_PRESENCE or MGP_OP_SET_USER_PREFERRED_PRESENCE sets: sets it as
/// soon as the limit of requests of the application allows, and renews it before it fades or expires. Does not block.
///
/// Available fades five minutes after it was set, whatever its expirationDuration; the others last until they expire. A
/// preferred presence does not fade, but shows only while the user has a session: to keep one for a user who may not be
/// signed in, keep a session too.
///
/// If the same presence of the same user is kept already, the new request replaces the previous one. The session
/// continues, and the previous presence lasts until the new one is set. An identical request changes nothing but the
/// access_token, unless Graph has refused it: then it is tried again. A request with another sessionId opens another
/// session, and leaves the previous one to expire: release it first if it is to be cleared. MGP_TARGET_ME counts as one
/// user, whatever token the request has: name each person by their id to keep the presences of several.
///
/// Each attempt has a timeout of 10 seconds: `timeout_ms` and `max_attempts` do not apply to it.
///
/// Returns MGP_OK; the status that mgp_send would return for an invalid request, such as MGP_E_INVALID_PAIR;
/// MGP_E_OPERATION for any other operation; MGP_E_INVALID_DURATION for a presence that lasts less than 2 seconds;
/// MGP_E_OPTION if interval_ms is below 1,000 or not shorter than the presence lasts; MGP_E_CLOSED if the keep-alive
/// was stopped or has ended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_hold(
    keep_alive: *const mgp_keep_alive,
    request: *const mgp_request,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (keep_alive, request, error) =
        unsafe { (In::new(keep_alive), RequestArg::new(request), Out::new(error)) };
    entry(error, || {
        let keep_alive = keep_alive.required("keep_alive")?;
        keep_alive.0.hold(request.read()?.to_request()?)
    })
}

/// Stops keeping the presences of a user, the session and the preferred presence. Each is reported with
/// MGP_KEEP_ALIVE_STOPPED, after it was cleared if MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP was set. Does not block.
///
/// `user_id`: the id that was given, ignoring ASCII case; NULL for MGP_TARGET_ME. Returns MGP_OK, MGP_E_NULL_ARGUMENT,
/// MGP_E_UTF8 or MGP_E_NOT_FOUND if no presence of that user is kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_release(
    keep_alive: *const mgp_keep_alive,
    user_id: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (keep_alive, user_id, error) =
        unsafe { (In::new(keep_alive), Text::new(user_id), Out::new(error)) };
    entry(error, || end(keep_alive.required("keep_alive")?, user_id, KeepAlive::release))
}

/// Stops keeping the presences of a user, like mgp_keep_alive_release, and clears each: whether or not
/// MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP was set, and whether or not this keep-alive has set the presence, since an earlier
/// process may have. A presence that was released while it was being set is cleared, too. Does not block.
///
/// Takes and returns what mgp_keep_alive_release does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_clear(
    keep_alive: *const mgp_keep_alive,
    user_id: *const c_char,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (keep_alive, user_id, error) =
        unsafe { (In::new(keep_alive), Text::new(user_id), Out::new(error)) };
    entry(error, || end(keep_alive.required("keep_alive")?, user_id, KeepAlive::clear))
}

/// Ends the presences of a user, by whichever route they are set.
fn end(
    keep_alive: &mgp_keep_alive,
    user_id: Text,
    by: fn(&KeepAlive, &Target) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(id) = user_id.optional("user_id")? else { return by(&keep_alive.0, &Target::Me) };
    let by_user = by(&keep_alive.0, &Target::user(id));
    match by(&keep_alive.0, &Target::Communications(id.into())) {
        Err(error) if error.status() == Status::NotFound => by_user,
        ended => ended,
    }
}

/// Releases all users, and then ends the keep-alive. Does not block: wait for MGP_KEEP_ALIVE_ENDED. Returns MGP_OK or
/// MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_stop(
    keep_alive: *const mgp_keep_alive,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (keep_alive, error) = unsafe { (In::new(keep_alive), Out::new(error)) };
    entry(error, || keep_alive.required("keep_alive")?.0.stop())
}

/// Reads the counters of a keep-alive. `out`: filled on MGP_OK, otherwise unchanged. Returns MGP_OK,
/// MGP_E_NULL_ARGUMENT or MGP_E_STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_status(
    keep_alive: *const mgp_keep_alive,
    out: *mut mgp_keep_alive_counts,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (keep_alive, out, error) =
        unsafe { (In::new(keep_alive), OutStruct::new(out), Out::new(error)) };
    entry(error, || {
        let (keep_alive, put) = (keep_alive.required("keep_alive")?, out.required("out")?);
        let status = keep_alive.0.status()?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        put(mgp_keep_alive_counts {
            struct_size: size_of::<mgp_keep_alive_counts>() as u32,
            pending: count(status.pending),
            held: count(status.held),
            failing: count(status.failing),
            lost: count(status.lost),
            refused: count(status.refused),
            waiting: count(status.waiting),
            in_flight: count(status.in_flight),
            renewals: status.renewals,
            failures: status.failures,
            next: status.next.map_or(-1, seconds),
            outage: status.outage.map_or(mgp_status::MGP_OK, |error| error.status().into()),
            reserved: 0,
        });
        Ok(())
    })
}

/// Frees a keep-alive. One that was stopped still completes normally; any other one ends at once, without clearing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_keep_alive_free(keep_alive: *mut mgp_keep_alive) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let keep_alive = unsafe { take(keep_alive) };
    guard((), || match keep_alive {
        // In a fork its locks may be held by threads that do not exist.
        Some(keep_alive) if !keep_alive.0.is_of_this_process() => std::mem::forget(keep_alive),
        keep_alive => drop(keep_alive),
    });
}
