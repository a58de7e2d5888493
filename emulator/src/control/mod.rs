//! The control API, through which a test steers the emulator over HTTP. It is documented in docs/emulator.md. Its
//! requests are not logged, and no fault applies to them.

mod access;
mod answer;
mod client;
mod clock;
mod registration;
mod sign_in;
mod token;
mod user;

use serde_json::{Value, json};

use crate::directory::NewUser;
use crate::entra;
use crate::fault::Fault;
use crate::http::{Answer, GraphError, Outcome, Request, decode};
use crate::settings::{Limit, SavedState};
use crate::state::{Pieces, State};
use crate::token::ClaimsChallenge;
use answer::{no_content, no_content_if, ok, one_or_many, read};

const PREFIX: &str = "/_emulator";

pub(crate) fn is_control(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An answer, or the received requests, which are sent in pieces because they can be too long for one answer.
pub(crate) enum Answered {
    Whole(Answer),
    Requests(Pieces),
}

/// Handles one request. Errors have the form of Graph's errors. `read` is an error if the body could not be read.
pub(crate) fn answer(
    state: &mut State,
    request: &Request,
    read: Result<(), GraphError>,
) -> Answered {
    if let Err(error) = access::check(request, state.settings.allow_remote).and(read) {
        return Answered::Whole(refused(error));
    }
    let segments: Vec<String> =
        request.path[PREFIX.len()..].split('/').skip(1).map(decode).collect();
    let segments: Vec<&str> =
        segments.iter().map(String::as_str).filter(|segment| !segment.is_empty()).collect();
    if let ("GET", ["requests"]) = (request.method.as_str(), segments.as_slice()) {
        return Answered::Requests(state.journal.to_json());
    }
    Answered::Whole(run(state, request, &segments).unwrap_or_else(refused))
}

fn refused(error: GraphError) -> Answer {
    let body = json!({"error": {"code": error.code, "message": error.message}});
    let mut answer = Answer::json(error.status, &body);
    answer.headers.extend(error.headers);
    answer
}

fn run(state: &mut State, request: &Request, segments: &[&str]) -> Outcome {
    match (request.method.as_str(), segments) {
        ("GET", []) => ok(&about(state)),
        ("DELETE", ["requests"]) => no_content(|| state.journal.clear()),
        ("POST", ["reset"]) => no_content(|| state.reset()),
        ("GET", ["clock"]) => ok(&clock::shown(state)),
        ("POST", ["clock"]) => clock::change(state, &body(request)?),
        ("GET", ["faults"]) => ok(&state.faults.to_json()),
        ("POST", ["faults"]) => add_faults(state, body(request)?),
        ("DELETE", ["faults"]) => no_content(|| state.faults.clear()),
        ("DELETE", ["faults", id]) => {
            no_content_if(id.parse().is_ok_and(|id| state.faults.remove(id)))
        }
        ("GET", ["throttle"]) => ok(&state.throttle.to_json()),
        ("PUT", ["throttle"]) => set_throttle(state, body(request)?),
        ("GET", ["state"]) => {
            ok(&serde_json::to_value(state.save()).expect("a state is plain data"))
        }
        ("PUT", ["state"]) => set_state(state, body(request)?),
        ("GET", ["applications"]) => ok(&state.applications.to_json()),
        ("POST", ["applications"]) => registration::add_applications(state, body(request)?),
        ("DELETE", ["applications", id]) => no_content_if(state.applications.remove(id)),
        ("GET", ["tenants"]) => ok(&registration::tenants(state)),
        ("POST", ["tenants"]) => registration::add_tenants(state, body(request)?),
        ("GET", ["signIns"]) => ok(&state.sign_ins.to_json(state.now())),
        ("POST", ["signIns"]) => sign_in::decide_next(state, body(request)?),
        ("POST", ["signIns", user_code]) => sign_in::decide(state, user_code, body(request)?),
        ("DELETE", ["signIns"]) => no_content(|| state.sign_ins.revoke()),
        ("GET", ["tokenRequests"]) => ok(&entra::token_requests(&state.journal)),
        ("GET", ["claimsChallenge"]) => {
            ok(&state.claims_challenge.as_ref().map_or(Value::Null, ClaimsChallenge::to_json))
        }
        ("PUT", ["claimsChallenge"]) => {
            let challenge = read(body(request)?)?;
            no_content(|| state.claims_challenge = Some(challenge))
        }
        ("DELETE", ["claimsChallenge"]) => no_content(|| state.claims_challenge = None),
        ("GET", ["users"]) => ok(&state.directory.all().iter().map(user_json).collect()),
        ("POST", ["users"]) => add_users(state, body(request)?),
        ("PATCH", ["users", id]) => user::change(state, id, &body(request)?),
        ("POST", ["users", id, "clients"]) => client::sign_in(state, id, &body(request)?),
        ("DELETE", ["users", id, "clients"]) => client::sign_out(state, id, None),
        ("DELETE", ["users", id, "clients", name]) => client::sign_out(state, id, Some(name)),
        ("POST", ["tokens"]) => token::mint(state, body(request)?),
        ("POST", ["assertions"]) => token::assert(state, body(request)?),
        (_, []) => Err(GraphError::method_not_allowed()),
        (_, [first, ..]) if RESOURCES.contains(first) => Err(GraphError::method_not_allowed()),
        _ => Err(GraphError::not_found(format!(
            "The control API has no {}; see docs/emulator.md.",
            request.path
        ))),
    }
}

const RESOURCES: [&str; 14] = [
    "requests",
    "reset",
    "clock",
    "faults",
    "throttle",
    "state",
    "tenants",
    "applications",
    "signIns",
    "tokenRequests",
    "claimsChallenge",
    "users",
    "tokens",
    "assertions",
];

/// The values that the program prints on its first line, without the tokens.
pub(crate) fn about(state: &State) -> Value {
    json!({
        "url": state.url,
        "control": format!("{}{PREFIX}", state.url),
        "appId": crate::directory::APP_ID,
        "tenantId": crate::directory::TENANT_ID,
        "clientSecret": crate::directory::CLIENT_SECRET,
        "tokenEndpoint": format!("{}/{}/oauth2/v2.0/token", state.url, crate::directory::TENANT_ID),
        "identityEndpoint": format!("{}/msi/token", state.url),
        "identityHeader": state.host.identity_header,
        "arcEndpoint": format!("{}/arc/metadata/identity/oauth2/token", state.url),
        "actionsTokenUrl": format!("{}/actions/idtoken?api-version=2.0", state.url),
        "actionsToken": state.host.actions_token,
        "userId": state.directory.all().first().map(|user| &user.id),
        "seed": state.seed,
        "version": env!("CARGO_PKG_VERSION"),
    })
}

/// One rule or an array of them.
fn add_faults(state: &mut State, body: Value) -> Outcome {
    let faults: Vec<Fault> = one_or_many(body)?;
    faults.iter().try_for_each(Fault::check).map_err(GraphError::bad_request)?;
    let ids: Vec<u64> = faults.into_iter().map(|fault| state.faults.add(fault)).collect();
    ok(&json!({"ids": ids}))
}

/// A name, an object, or an array of either.
fn add_users(state: &mut State, body: Value) -> Outcome {
    let users: Vec<NewUser> = one_or_many(body)?;
    let ids: Vec<String> = state.directory.add(users);
    let users = ids.iter().filter_map(|id| state.directory.find(id)).map(user_json);
    ok(&users.collect())
}

fn set_throttle(state: &mut State, body: Value) -> Outcome {
    let limit: Limit = read(body)?;
    if !limit.is_sound() {
        return Err(GraphError::bad_request("windowSeconds is outside 0.001 to 864000."));
    }
    state.throttle.set(limit);
    ok(&state.throttle.to_json())
}

fn set_state(state: &mut State, body: Value) -> Outcome {
    let saved: SavedState = read(body)?;
    no_content(|| state.restore(saved))
}

fn user_json(user: &crate::directory::User) -> Value {
    json!({
        "id": user.id,
        "userPrincipalName": user.user_principal_name,
        "nickname": user.nickname,
        "displayName": user.display_name,
    })
}

fn body(request: &Request) -> Result<Value, GraphError> {
    let text: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    serde_json::from_slice(text)
        .map_err(|error| GraphError::bad_request(format!("The body is not JSON: {error}.")))
}
