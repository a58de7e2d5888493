//! Simulated Teams clients: signed in and out by a test, and until then as good a session as any.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{done, found, ok, read};
use crate::http::{GraphError, Outcome};
use crate::presence::{Pair, Session, SessionKey};
use crate::state::World;

/// Defaults: the client `desktop`, Available/Available; the activity repeats the availability.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SignIn {
    name: Option<String>,
    availability: Option<String>,
    activity: Option<String>,
}

/// Signs a client in, or changes what it shows. What it shows is not checked: clients know more pairs than actions take.
pub(super) fn sign_in(world: &mut World, user: &str, body: &Value) -> Outcome {
    let SignIn { name, availability, activity } = read(body.clone())?;
    let name = name.unwrap_or_else(|| "desktop".into());
    let availability = availability.unwrap_or_else(|| "Available".into());
    let activity = activity.unwrap_or_else(|| availability.clone());
    let now = world.now();
    let user = world.directory.find_mut(user).ok_or_else(|| no_user(user))?;
    let session = Session::of_client(Pair { availability, activity }, now);
    user.presence.put_session(SessionKey::Client(name.clone()), session);
    ok(&json!({"name": name}))
}

/// Signs out one client, or all.
pub(super) fn sign_out(world: &mut World, user: &str, name: Option<&str>) -> Outcome {
    let now = world.now();
    let user = world.directory.find_mut(user).ok_or_else(|| no_user(user))?;
    match name {
        Some(name) => found(user.presence.clear_session(&SessionKey::Client(name.into()), now)),
        None => done(|| user.presence.sign_out_clients()),
    }
}

fn no_user(name: &str) -> GraphError {
    GraphError::not_found(format!("There is no user {name}"))
}
