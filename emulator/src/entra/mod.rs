//! Microsoft Entra's sign-in endpoints and Azure's managed-identity endpoints, as far as presence needs them. They
//! check requests, return Entra's error bodies, and issue tokens that the presence service accepts.
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols>

mod actions;
mod admin_consent;
mod assertion;
mod authorize;
mod claims;
mod client;
mod configuration;
mod device_code;
mod endpoint;
mod error;
mod form;
mod grant;
mod managed_identity;
mod response_mode;
mod tenant;
mod token;
mod token_requests;

use crate::http::{Answer, Request, http_date};
use crate::state::State;
use endpoint::Endpoint;
use error::{EntraError, Trace};
pub(crate) use token_requests::token_requests;

/// Answers the request; `None` if the path is not one of these endpoints.
pub(crate) fn answer(state: &mut State, request: &Request) -> Option<Answer> {
    let (endpoint, tenant) = Endpoint::of(&request.path)?;
    let trace = Trace {
        trace_id: state.random.guid(),
        correlation_id: request
            .header("client-request-id")
            .map_or_else(|| state.random.guid(), Into::into),
        now: state.now(),
    };
    let outcome = run(endpoint, state, request, &tenant, &trace);
    let answer = outcome.unwrap_or_else(|error| error.into_answer(&trace));
    Some(
        answer
            .with("x-ms-request-id", trace.trace_id)
            .with("client-request-id", trace.correlation_id)
            .with("cache-control", "no-store")
            .with("date", http_date(trace.now)),
    )
}

fn run(
    endpoint: Endpoint,
    state: &mut State,
    request: &Request,
    tenant: &str,
    trace: &Trace,
) -> Result<Answer, EntraError> {
    match endpoint {
        Endpoint::Token => token::token(state, request, tenant),
        Endpoint::DeviceCode => device_code::device_code(state, request, tenant),
        Endpoint::Authorize => authorize::authorize(state, request, tenant, trace),
        Endpoint::AdminConsent => admin_consent::admin_consent(state, request, tenant),
        Endpoint::Configuration => configuration::configuration(state, request, tenant),
        Endpoint::Keys => configuration::keys(state, tenant),
        Endpoint::Instance => configuration::instance(state, request),
        Endpoint::Machine => Ok(managed_identity::machine(state, request)),
        Endpoint::AppService => Ok(managed_identity::app_service(state, request)),
        Endpoint::Arc => Ok(managed_identity::arc(state, request)),
        Endpoint::Actions => Ok(actions::actions(state, request)),
    }
}
