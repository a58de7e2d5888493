//! One request to Graph: authentication, throttling, routing, and the headers of the answer.

use crate::http::{Answer, GraphError, Headers, Outcome, Request, http_date};
use crate::operation::{self, Call, Route};
use crate::state::State;
use crate::token::Caller;

const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"Loopback","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"EMULATOR"}}"#;

/// The caller that the token identifies; otherwise 401 with Graph's challenge.
pub(super) fn authenticate(state: &State, request: &Request) -> Result<Caller, GraphError> {
    let verify = state.settings.verify_tokens;
    let mut caller = Caller::of(request, state.now(), verify.then_some(&state.key))
        .map_err(|error| error.with("www-authenticate", challenge(state)))?;
    if let Some(user) = caller.user.as_deref().and_then(|name| state.directory.find(name)) {
        caller.user = Some(user.id.clone());
    }
    match &state.claims_challenge {
        Some(wanted) if !wanted.is_met_by(&caller) => Err(wanted.refusal(&challenge(state))),
        _ => Ok(caller),
    }
}

fn challenge(state: &State) -> String {
    let authority = format!("{}/common/oauth2/v2.0/authorize", state.url);
    format!(
        "Bearer realm=\"\", authorization_uri=\"{authority}\", client_id=\"00000003-0000-0000-c000-000000000000\""
    )
}

/// Applies throttling and routing, then runs the operation, which checks the body before the permissions, as Graph
/// does.
pub(super) fn perform(
    state: &mut State,
    caller: Caller,
    request: &Request,
    route: Result<Route, GraphError>,
) -> Outcome {
    let now = state.now();
    state
        .throttle
        .admit(&caller.app, &caller.tenant, now)
        .map_err(|wait| GraphError::throttled(state.clock.on_the_machine(wait)))?;
    operation::run(&mut Call { state, request, caller, route: route?, now })
}

/// Turns an outcome into an answer with the headers that every answer of Graph has.
pub(super) fn complete(state: &mut State, request: &Request, outcome: Outcome) -> Answer {
    let now = state.now();
    let request_id = state.random.guid();
    let client_request_id = match request.header("client-request-id") {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => state.random.guid(),
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
