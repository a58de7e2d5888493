//! Microsoft Entra's sign-in endpoints and the managed identities of Azure, as far as presence needs them. They verify what
//! they receive, answer with Entra's error bodies, and issue tokens that the presence service accepts.
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols>

mod assertion;
mod authorize;
mod client;
mod device_code;
mod error;
mod form;
mod grant;
mod managed_identity;
mod tenant;
mod token;

use serde_json::json;

use crate::http::{Answer, Request, decode, http_date};
use crate::state::State;
use error::EntraError;
use tenant::{authority, known_tenant};

/// Which endpoint a path names.
enum Endpoint {
    Token,
    DeviceCode,
    Authorize,
    Configuration,
    InstanceMetadata,
    AppService,
}

/// Answers when the path is one of these endpoints.
pub(crate) fn answer(state: &mut State, request: &Request) -> Option<Answer> {
    let segments: Vec<String> = request.path.split('/').skip(1).map(decode).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (endpoint, tenant) = match segments.as_slice() {
        [tenant, "oauth2", "v2.0", "token"] => (Endpoint::Token, *tenant),
        [tenant, "oauth2", "v2.0", "devicecode"] => (Endpoint::DeviceCode, *tenant),
        [tenant, "oauth2", "v2.0", "authorize"] => (Endpoint::Authorize, *tenant),
        [tenant, "v2.0", ".well-known", "openid-configuration"] => {
            (Endpoint::Configuration, *tenant)
        }
        ["metadata", "identity", "oauth2", "token"] => (Endpoint::InstanceMetadata, ""),
        ["msi", "token"] => (Endpoint::AppService, ""),
        _ => return None,
    };
    let outcome = match endpoint {
        Endpoint::Token => token::token(state, request, tenant),
        Endpoint::DeviceCode => device_code::device_code(state, request, tenant),
        Endpoint::Authorize => authorize::authorize(state, request, tenant),
        Endpoint::Configuration => configuration(state, request, tenant),
        Endpoint::InstanceMetadata => Ok(managed_identity::instance_metadata(state, request)),
        Endpoint::AppService => Ok(managed_identity::app_service(state, request)),
    };
    let trace_id = state.random.guid();
    let correlation_id =
        request.header("client-request-id").map_or_else(|| state.random.guid(), Into::into);
    let now = state.now();
    let answer = outcome.unwrap_or_else(|error| error.into_answer(now, &trace_id, &correlation_id));
    Some(
        answer
            .with("x-ms-request-id", trace_id)
            .with("cache-control", "no-store")
            .with("date", http_date(now)),
    )
}

/// What clients look up before they sign in.
fn configuration(state: &State, request: &Request, tenant: &str) -> Result<Answer, EntraError> {
    let id = known_tenant(tenant)?;
    let authority = authority(state, request, id);
    Ok(Answer::json(
        200,
        &json!({
            "issuer": format!("{authority}/v2.0"),
            "authorization_endpoint": format!("{authority}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{authority}/oauth2/v2.0/token"),
            "device_authorization_endpoint": format!("{authority}/oauth2/v2.0/devicecode"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        }),
    ))
}
