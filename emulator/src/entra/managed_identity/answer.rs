//! The common parts of the managed-identity endpoints: the choice of the identity, and the token response.

use serde_json::{Value, json};

use crate::directory::{Application, MANAGED_IDENTITY_ID};
use crate::entra::form::Form;
use crate::http::{Answer, Request};
use crate::state::State;
use crate::token::TokenRequest;

/// The lifetime of such tokens in Azure.
const LIFETIME_SECONDS: i64 = 86_400;

/// The user-assigned identity with the given client or object id; otherwise the system-assigned identity.
pub(super) fn identity(state: &State, form: &Form) -> Option<Application> {
    let names = ["client_id", "object_id", "principal_id", "msi_res_id", "mi_res_id"];
    let wanted = names.iter().find_map(|name| form.get(name)).unwrap_or(MANAGED_IDENTITY_ID);
    let is_wanted = |identity: &&Application| {
        identity.id.eq_ignore_ascii_case(wanted)
            || crate::guid::of_name(&identity.id).eq_ignore_ascii_case(wanted)
    };
    state.applications.managed_identities().find(is_wanted).cloned()
}

/// The token response. As in Azure, numbers are strings. `is_machine` adds the fields that App Service omits.
pub(super) fn token(
    state: &mut State,
    identity: &Application,
    resource: &str,
    is_machine: bool,
) -> Answer {
    let now = state.now().as_second();
    let token = state.mint(TokenRequest {
        app_id: Some(identity.id.clone()),
        tenant: identity.tenant.clone(),
        permissions: Some(identity.roles.clone()),
        audience: Some(resource.trim_end_matches('/').into()),
        expires_in_seconds: Some(LIFETIME_SECONDS),
        ..TokenRequest::default()
    });
    let mut body = json!({
        "access_token": token,
        "client_id": identity.id,
        "expires_on": (now + LIFETIME_SECONDS).to_string(),
        "resource": resource,
        "token_type": "Bearer",
    });
    if is_machine {
        for (name, number) in [
            ("expires_in", LIFETIME_SECONDS),
            ("ext_expires_in", LIFETIME_SECONDS),
            ("not_before", now),
        ] {
            body[name] = Value::String(number.to_string());
        }
    }
    Answer::json(200, &body)
}

pub(super) fn refusal(status: u16, description: &str) -> Answer {
    Answer::json(status, &json!({"error": "invalid_request", "error_description": description}))
}

pub(super) fn has_metadata_header(request: &Request) -> bool {
    request.header("metadata").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}
