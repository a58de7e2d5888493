//! Which fault is due for a request: the rules see a method, a path and whose presence the request is about.

use jiff::Timestamp;

use crate::fault::{Fault, FaultKind, Faults, Seen};
use crate::http::Request;
use crate::operation::{Route, Target};
use crate::random::Random;
use crate::state::World;
use crate::token::{Caller, Claims};

/// The fault that a rule orders for a connection that opens.
pub(super) fn due_for_connection(world: &mut World) -> Option<FaultKind> {
    world.faults.due_for_connection(world.clock.now(), &mut world.random)
}

/// The fault that a rule orders for this request.
pub(super) fn due(world: &mut World, request: &Request) -> Option<Fault> {
    if world.faults.is_empty() {
        return None;
    }
    let token = request.header("authorization").and_then(|header| header.split_once(' '));
    let signed_in = token.and_then(|(_, token)| Claims::read(token)?.oid);
    first(world, request, signed_in.as_deref(), Faults::due)
}

/// The fault that a rule orders for an item of a `$batch`.
pub(super) fn due_for_item(world: &mut World, request: &Request, caller: &Caller) -> Option<Fault> {
    first(world, request, caller.user.as_deref(), Faults::due_for_item)
}

fn first(
    world: &mut World,
    request: &Request,
    signed_in: Option<&str>,
    due: impl FnOnce(&mut Faults, &Seen<'_>, Timestamp, &mut Random) -> Option<Fault>,
) -> Option<Fault> {
    let name = match Route::target_of(&request.path) {
        Some(Target::User(name) | Target::Presence(name)) => Some(name),
        Some(Target::Me) => signed_in.map(Into::into),
        None => None,
    };
    let directory = &world.directory;
    let about = name.and_then(|name| directory.find(&name));
    let is_about = |name: &str| {
        about.zip(directory.find(name)).is_some_and(|(about, user)| about.id == user.id)
    };
    let path = request.target();
    let seen = Seen { method: &request.method, path: &path, is_about: &is_about };
    due(&mut world.faults, &seen, world.clock.now(), &mut world.random)
}
