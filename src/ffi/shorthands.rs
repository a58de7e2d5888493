//! The operations with plain arguments, for callers who need no more. They make a request and send it.

use std::ffi::c_char;

use super::args::{In, Out, Text};
use super::client::mgp_client;
use super::entry::entry;
use super::error::mgp_error;
use super::response::mgp_response;
use crate::error::Error;
use crate::operation::{SetPresence, Target, WritePresence};
use crate::presence::{Activity, Availability};
use crate::request::Request;

/// Reads the presence of a user.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `out`: owns the answer, whose first
/// presence it is. Blocks; returns what mgp_send returns. https://learn.microsoft.com/graph/api/presence-get
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_get_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, out, error) =
        unsafe { (In::new(client), Text::new(user_id), Out::new(out), Out::new(error)) };
    entry(error, || {
        let (client, out) = (client.required("client")?, out.required("out")?);
        out.put(send(client, Request::get_presence(target(user_id)?))?);
        Ok(())
    })
}

/// Sets the presence of a user as an application: opens or renews its session.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `session_id`: the client id of the
/// application; NULL: the credential's, else the token's. `availability` and `activity`: Available/Available,
/// Busy/InACall, Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting. `expiration`: PT5M to PT4H; NULL: Graph's
/// 5 minutes. A success need not show: another session or the user's preferred presence may outrank it, and Available
/// fades after 5 minutes whatever the expiration.
/// Blocks; returns what mgp_send returns. https://learn.microsoft.com/graph/api/presence-setpresence
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_set_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    session_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    expiration: *const c_char,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, session_id, availability, activity, expiration, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(session_id),
            Text::new(availability),
            Text::new(activity),
            Text::new(expiration),
            Out::new(error),
        )
    };
    entry(error, || {
        let client = client.required("client")?;
        let (availability, activity) = pair(availability, activity)?;
        let body = SetPresence {
            session_id: session_id.optional("session_id")?.map(String::from),
            availability,
            activity,
            expiration_duration: expiration.optional("expiration")?.map(String::from),
        };
        send(client, Request::set_presence(target(user_id)?, body)).map(|_| ())
    })
}

/// Updates a presence object. In Graph's metadata, on no page: no permission grants it and the live service was seen to
/// answer 404. What has an effect: mgp_set_presence.
///
/// `user_id`: an object id or a user principal name; NULL: the signed-in user. `out`: may be NULL; owns the answer.
/// Blocks; returns what mgp_send returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_update_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, availability, activity, out, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(availability),
            Text::new(activity),
            Out::new(out),
            Out::new(error),
        )
    };
    entry(error, || {
        let client = client.required("client")?;
        let (availability, activity) = pair(availability, activity)?;
        let body = WritePresence::new(availability, activity);
        out.put(send(client, Request::update_presence(target(user_id)?, body))?);
        Ok(())
    })
}

/// Creates a presence object. As with mgp_update_presence, do not expect the live service to offer it.
///
/// `user_id`: the object id that the presence is of; NULL: left out of the body. `out`: may be NULL; owns the answer.
/// Blocks; returns what mgp_send returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_create_presence(
    client: *const mgp_client,
    user_id: *const c_char,
    availability: *const c_char,
    activity: *const c_char,
    out: *mut *mut mgp_response,
    error: *mut *mut mgp_error,
) -> i32 {
    // SAFETY: by the header's chapter "Arguments".
    let (client, user_id, availability, activity, out, error) = unsafe {
        (
            In::new(client),
            Text::new(user_id),
            Text::new(availability),
            Text::new(activity),
            Out::new(out),
            Out::new(error),
        )
    };
    entry(error, || {
        let client = client.required("client")?;
        let (availability, activity) = pair(availability, activity)?;
        let mut body = WritePresence::new(availability, activity);
        body.id = user_id.optional("user_id")?.map(String::from);
        out.put(send(client, Request::create_presence(body))?);
        Ok(())
    })
}

fn target(user_id: Text<'_>) -> Result<Target, Error> {
    Ok(user_id.optional("user_id")?.map_or(Target::Me, Target::user))
}

fn pair(availability: Text<'_>, activity: Text<'_>) -> Result<(Availability, Activity), Error> {
    let availability = Availability::from(availability.required("availability")?);
    Ok((availability, Activity::from(activity.required("activity")?)))
}

fn send(client: &mgp_client, request: Request) -> Result<mgp_response, Error> {
    client.0.send(request).map(mgp_response::new)
}
