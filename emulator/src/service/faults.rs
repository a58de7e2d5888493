//! The choice of the fault for a request. Rules see the method, the path and the user whose presence is concerned.

use jiff::Timestamp;

use crate::fault::{Candidate, Fault, FaultKind, Faults};
use crate::http::Request;
use crate::operation::{Route, Target};
use crate::random::Random;
use crate::state::State;
use crate::token::{Caller, Claims};

/// The fault for a new connection.
pub(super) fn due_for_connection(state: &mut State) -> Option<FaultKind> {
    state.faults.due_for_connection(state.clock.now(), &mut state.random)
}

/// The fault for this request.
pub(super) fn due(state: &mut State, request: &Request) -> Option<Fault> {
    if state.faults.is_empty() {
        return None;
    }
    let token = request.header("authorization").and_then(|header| header.split_once(' '));
    let claims = token.and_then(|(_, token)| Claims::read(token));
    first(state, request, claims.as_ref().and_then(Claims::user), Faults::due)
}

/// The fault for an item of a `$batch`.
pub(super) fn due_for_item(state: &mut State, request: &Request, caller: &Caller) -> Option<Fault> {
    if state.faults.is_empty() {
        return None;
    }
    first(state, request, caller.user.as_deref(), Faults::due_for_item)
}

fn first(
    state: &mut State,
    request: &Request,
    signed_in: Option<&str>,
    due: impl FnOnce(&mut Faults, &Candidate<'_>, Timestamp, &mut Random) -> Option<Fault>,
) -> Option<Fault> {
    let name = match Route::target_of(&request.path) {
        Some(Target::User(name) | Target::Presence(name)) => Some(name),
        Some(Target::Me) => signed_in.map(Into::into),
        None => None,
    };
    let directory = &state.directory;
    let about = name.and_then(|name| directory.find(&name));
    let is_about = |name: &str| {
        about.zip(directory.find(name)).is_some_and(|(about, user)| about.id == user.id)
    };
    let path = request.target();
    let candidate = Candidate { method: &request.method, path: &path, is_about: &is_about };
    due(&mut state.faults, &candidate, state.clock.now(), &mut state.random)
}
