//! One request to Graph: who calls, whether the caller is throttled, what the request means, and how it is answered.

use crate::http::{Answer, GraphError, Headers, Outcome, Request, http_date};
use crate::operation::{self, Call, Route};
use crate::state::World;
use crate::token::Caller;

const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"Loopback","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"EMULATOR"}}"#;

/// Who the token says is calling, or 401 with Graph's challenge.
pub(super) fn authenticate(world: &World, request: &Request) -> Result<Caller, GraphError> {
    let verify = world.settings.verify_tokens;
    Caller::of(request, world.now(), verify.then_some(&world.key))
        .map_err(|error| challenge(world, error))
}

fn challenge(world: &World, error: GraphError) -> GraphError {
    let authority = format!("{}/common/oauth2/v2.0/authorize", world.url);
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"{authority}\", client_id=\"00000003-0000-0000-c000-000000000000\""
    );
    error.with("www-authenticate", challenge)
}

/// Throttle, route, then the operation's own checks: body, permission, effect. In this order, because Graph reads the
/// body before it looks at permissions.
pub(super) fn perform(
    world: &mut World,
    caller: Caller,
    request: &Request,
    route: Result<Route, GraphError>,
) -> Outcome {
    let now = world.now();
    world.throttle.admit(&caller.app, &caller.tenant, now)?;
    operation::run(&mut Call { world, request, caller, route: route?, now })
}

/// Turns an outcome into an answer, with the headers that every answer of Graph bears.
pub(super) fn complete(world: &mut World, request: &Request, outcome: Outcome) -> Answer {
    let now = world.now();
    let request_id = world.random.guid();
    let client_request_id = match request.header("client-request-id") {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => world.random.guid(),
    };
    let mut answer =
        outcome.unwrap_or_else(|error| error.into_answer(now, (&request_id, &client_request_id)));
    let common = [
        ("request-id", request_id),
        ("client-request-id", client_request_id),
        ("date", http_date(now)),
        ("cache-control", "no-cache".into()),
        ("x-ms-ags-diagnostic", DIAGNOSTIC.into()),
    ];
    let has = |name: &str| answer.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let missing: Headers = common
        .into_iter()
        .filter(|(name, _)| !has(name))
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    answer.headers.extend(missing);
    answer
}
