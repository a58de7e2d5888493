//! The control API, apart from Graph's paths: everything a test may do to the emulator over HTTP. docs/emulator.md is its
//! manual. Requests to it are neither noted nor struck by faults.

mod answer;
mod client;
mod clock;
mod sign_in;
mod user;

use serde_json::{Value, json};

use crate::directory::{Application, NewUser};
use crate::fault::Fault;
use crate::http::{Answer, GraphError, Outcome, Request, decode};
use crate::settings::{Limit, SavedState};
use crate::state::World;

use crate::token::TokenRequest;
use answer::{done, found, ok, one_or_many, read};

const PREFIX: &str = "/_emulator";

pub(crate) fn is_control(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Does it and answers; a refusal has the form of Graph's errors.
pub(crate) fn answer(world: &mut World, request: &Request) -> Answer {
    let segments: Vec<String> =
        request.path[PREFIX.len()..].split('/').skip(1).map(decode).collect();
    let segments: Vec<&str> =
        segments.iter().map(String::as_str).filter(|segment| !segment.is_empty()).collect();
    run(world, request, &segments).unwrap_or_else(|error| {
        Answer::json(
            error.status,
            &json!({"error": {"code": error.code, "message": error.message}}),
        )
    })
}

fn run(world: &mut World, request: &Request, segments: &[&str]) -> Outcome {
    match (request.method.as_str(), segments) {
        ("GET", []) => ok(&about(world)),
        ("GET", ["requests"]) => {
            ok(&world.journal.all().map(|received| received.to_json()).collect())
        }
        ("DELETE", ["requests"]) => done(|| world.journal.clear()),
        ("POST", ["reset"]) => done(|| world.reset()),
        ("GET", ["clock"]) => ok(&clock::shown(world)),
        ("POST", ["clock"]) => clock::change(world, &body(request)?),
        ("GET", ["faults"]) => ok(&world.faults.to_json()),
        ("POST", ["faults"]) => add_faults(world, body(request)?),
        ("DELETE", ["faults"]) => done(|| world.faults.clear()),
        ("DELETE", ["faults", id]) => found(id.parse().is_ok_and(|id| world.faults.remove(id))),
        ("GET", ["throttle"]) => ok(&world.throttle.to_json()),
        ("PUT", ["throttle"]) => set_throttle(world, body(request)?),
        ("GET", ["state"]) => {
            ok(&serde_json::to_value(world.save()).expect("a state is plain data"))
        }
        ("PUT", ["state"]) => set_state(world, body(request)?),
        ("GET", ["applications"]) => ok(&world.applications.to_json()),
        ("POST", ["applications"]) => add_applications(world, body(request)?),
        ("GET", ["signIns"]) => ok(&world.sign_ins.to_json(world.now())),
        ("POST", ["signIns", user_code]) => sign_in::decide(world, user_code, body(request)?),
        ("DELETE", ["signIns"]) => done(|| world.sign_ins.revoke()),
        ("GET", ["users"]) => ok(&world.directory.all().iter().map(user_json).collect()),
        ("POST", ["users"]) => add_users(world, body(request)?),
        ("PATCH", ["users", id]) => user::change(world, id, &body(request)?),
        ("POST", ["users", id, "clients"]) => client::sign_in(world, id, &body(request)?),
        ("DELETE", ["users", id, "clients"]) => client::sign_out(world, id, None),
        ("DELETE", ["users", id, "clients", name]) => client::sign_out(world, id, Some(name)),
        ("POST", ["tokens"]) => mint(world, body(request)?),
        (_, []) => Err(GraphError::method_not_allowed()),
        (_, [first, ..]) if RESOURCES.contains(first) => Err(GraphError::method_not_allowed()),
        _ => Err(GraphError::not_found(format!(
            "There is no {}; see docs/emulator.md",
            request.path
        ))),
    }
}

const RESOURCES: [&str; 10] = [
    "requests",
    "reset",
    "clock",
    "faults",
    "throttle",
    "state",
    "applications",
    "signIns",
    "users",
    "tokens",
];

/// What the first line of the binary says, without the token.
pub(crate) fn about(world: &World) -> Value {
    json!({
        "url": world.url,
        "control": format!("{}{PREFIX}", world.url),
        "appId": crate::directory::APP_ID,
        "tenantId": crate::directory::TENANT_ID,
        "clientSecret": crate::directory::CLIENT_SECRET,
        "tokenEndpoint": format!("{}/{}/oauth2/v2.0/token", world.url, crate::directory::TENANT_ID),
        "identityEndpoint": format!("{}/msi/token", world.url),
        "identityHeader": world.identity_header,
        "userId": world.directory.all().first().map(|user| &user.id),
        "seed": world.seed,
        "version": env!("CARGO_PKG_VERSION"),
    })
}

/// One rule or an array of them.
fn add_faults(world: &mut World, body: Value) -> Outcome {
    let faults: Vec<Fault> = one_or_many(body)?;
    let ids: Vec<u64> = faults.into_iter().map(|fault| world.faults.add(fault)).collect();
    ok(&json!({"ids": ids}))
}

/// A name, an object, or an array of either.
fn add_users(world: &mut World, body: Value) -> Outcome {
    let users: Vec<NewUser> = one_or_many(body)?;
    let ids: Vec<String> = users.into_iter().map(|user| world.directory.add(user)).collect();
    let users = ids.iter().filter_map(|id| world.directory.find(id)).map(user_json);
    ok(&users.collect())
}

fn set_throttle(world: &mut World, body: Value) -> Outcome {
    let limit: Limit = read(body)?;
    if !limit.is_sound() {
        return Err(GraphError::bad_request("windowSeconds must be between 0.001 and 864000"));
    }
    world.throttle.set(limit);
    ok(&world.throttle.to_json())
}

fn set_state(world: &mut World, body: Value) -> Outcome {
    let state: SavedState = read(body)?;
    done(|| world.restore(state))
}

/// A registration or an array of them; one of the same id is replaced.
fn add_applications(world: &mut World, body: Value) -> Outcome {
    let applications: Vec<Application> = one_or_many(body)?;
    done(|| applications.into_iter().for_each(|application| world.applications.add(application)))
}

fn user_json(user: &crate::directory::User) -> Value {
    json!({
        "id": user.id,
        "userPrincipalName": user.user_principal_name,
        "nickname": user.nickname,
        "displayName": user.display_name,
    })
}

fn mint(world: &mut World, body: Value) -> Outcome {
    let request: TokenRequest = read(body)?;
    ok(&json!({"token": world.mint(request)}))
}

fn body(request: &Request) -> Result<Value, GraphError> {
    let text: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    serde_json::from_slice(text)
        .map_err(|error| GraphError::bad_request(format!("The body is not JSON: {error}")))
}
