//! Simulated Teams clients, which a test signs in and out. A signed-in client is a session like any other.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{no_content, no_content_if, ok, read};
use crate::http::{GraphError, Outcome};
use crate::presence::{Pair, Session, SessionKey};
use crate::state::State;

/// Defaults: the client `desktop`, Available/Available; the activity repeats the availability.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SignIn {
    name: Option<String>,
    availability: Option<String>,
    activity: Option<String>,
}

/// Signs a client in, or changes its presence. The pair is not checked: clients show more pairs than the actions
/// accept.
pub(super) fn sign_in(state: &mut State, user: &str, body: &Value) -> Outcome {
    let SignIn { name, availability, activity } = read(body.clone())?;
    let name = name.unwrap_or_else(|| "desktop".into());
    let availability = availability.unwrap_or_else(|| "Available".into());
    let activity = activity.unwrap_or_else(|| availability.clone());
    let now = state.now();
    let user = state.directory.find_mut(user).ok_or_else(|| no_user(user))?;
    let session = Session::of_client(Pair { availability, activity }, now);
    user.presence.put_session(SessionKey::Client(name.clone()), session);
    ok(&json!({"name": name}))
}

/// Signs out one client, or all clients of the user.
pub(super) fn sign_out(state: &mut State, user: &str, name: Option<&str>) -> Outcome {
    let now = state.now();
    let user = state.directory.find_mut(user).ok_or_else(|| no_user(user))?;
    match name {
        Some(name) => {
            no_content_if(user.presence.clear_session(&SessionKey::Client(name.into()), now))
        }
        None => no_content(|| user.presence.sign_out_clients()),
    }
}

fn no_user(name: &str) -> GraphError {
    GraphError::not_found(format!("The directory has no user {name}."))
}
