//! POST .../presence/setPresence: opens or renews the calling application's session.
//! <https://learn.microsoft.com/graph/api/presence-setpresence>

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Call, body::Body};
use crate::http::{Answer, GraphError, Outcome};
use crate::operation::Version;
use crate::presence::{SESSION, Session, SessionKey};
use crate::settings::Settings;

const DEFAULT_EXPIRATION: SignedDuration = SignedDuration::from_mins(5);
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
const LONGEST: SignedDuration = SignedDuration::from_mins(240);

/// Succeeds even if the visible presence does not change because a preferred presence or a higher-ranking session
/// outranks this one.
pub(super) fn set_presence(call: &mut Call<'_>) -> Outcome {
    let settings = Arc::clone(&call.state.settings);
    let (key, session) = session(&call.body()?, &call.caller.app, &settings, call.now)?;
    call.writable_user()?.presence.put_session(key, session);
    Ok(Answer::empty(match call.route.version {
        Version::V1 => 200,
        Version::Beta => settings.beta_set_presence_status,
    }))
}

fn session(
    body: &Body,
    app: &str,
    settings: &Settings,
    now: Timestamp,
) -> Result<(SessionKey, Session), GraphError> {
    let id = body.required("sessionId")?;
    if !settings.any_session_id && !id.eq_ignore_ascii_case(app) {
        return Err(GraphError::invalid_argument(
            "The provided [SessionId] is not the id of the calling application.",
        ));
    }
    let pair = body
        .pair()?
        .in_table(&SESSION, settings.any_case)
        .ok_or_else(GraphError::unsupported_pair)?;
    let expiration = body.duration("expirationDuration")?.unwrap_or(DEFAULT_EXPIRATION);
    if !(SHORTEST..=LONGEST).contains(&expiration) {
        return Err(GraphError::expiration_out_of_range());
    }
    Ok((SessionKey::Application(id.to_lowercase()), Session::of_application(pair, now, expiration)))
}
