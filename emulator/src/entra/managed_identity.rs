//! Managed identities: the metadata endpoint of virtual machines and the identity endpoint of App Service.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>

use serde_json::{Value, json};

use super::form::Form;
use crate::directory::Application;
use crate::http::{Answer, Request};
use crate::state::State;
use crate::token::TokenRequest;

/// What Azure gives such tokens.
const LIFETIME_SECONDS: i64 = 86_400;

/// `GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=…` with `Metadata: true`.
pub(super) fn instance_metadata(state: &mut State, request: &Request) -> Answer {
    let form = Form::of_query(request);
    let has_header =
        request.header("metadata").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if request.method != "GET" {
        return refusal(405, "Method not allowed");
    }
    // A request that a proxy forwarded may come from outside; the real one refuses it as well.
    if !has_header || request.header("x-forwarded-for").is_some() {
        return refusal(400, "Required metadata header not specified");
    }
    match form.get("api-version") {
        Some(version) if version >= "2018-02-01" => {}
        _ => {
            return refusal(
                400,
                "Required query variable 'api-version' is missing or not supported",
            );
        }
    }
    let Some(resource) = form.get("resource") else {
        return refusal(400, "Required query variable 'resource' is missing");
    };
    match identity(state, &form) {
        Some(identity) => answer(state, &identity, resource, true),
        None => refusal(400, "Identity not found"),
    }
}

/// `GET $IDENTITY_ENDPOINT?api-version=2019-08-01&resource=…` with `X-IDENTITY-HEADER: $IDENTITY_HEADER`.
pub(super) fn app_service(state: &mut State, request: &Request) -> Answer {
    let form = Form::of_query(request);
    if request.header("x-identity-header") != Some(state.identity_header.as_str()) {
        return Answer::json(
            401,
            &json!({"statusCode": 401, "message": "The identity header is missing or wrong"}),
        );
    }
    let (Some("2019-08-01"), Some(resource)) = (form.get("api-version"), form.get("resource"))
    else {
        return Answer::json(
            400,
            &json!({"statusCode": 400, "message": "api-version 2019-08-01 and resource are required"}),
        );
    };
    match identity(state, &form) {
        Some(identity) => answer(state, &identity, resource, false),
        None => Answer::json(
            400,
            &json!({"statusCode": 400, "message": "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."}),
        ),
    }
}

/// The one that is named by client or object id, else the first.
fn identity(state: &State, form: &Form) -> Option<Application> {
    let names = ["client_id", "object_id", "principal_id", "msi_res_id", "mi_res_id"];
    let wanted = names.iter().find_map(|name| form.get(name));
    let mut identities = state.applications.managed_identities();
    let is_wanted = |identity: &Application, name: &str| {
        identity.id.eq_ignore_ascii_case(name)
            || crate::guid::of_name(&identity.id).eq_ignore_ascii_case(name)
    };
    identities.find(|identity| wanted.is_none_or(|name| is_wanted(identity, name))).cloned()
}

/// Numbers come as text, as they do from Azure. `is_machine`: with the fields that App Service leaves out.
fn answer(state: &mut State, identity: &Application, resource: &str, is_machine: bool) -> Answer {
    let now = state.now().as_second();
    let token = state.mint(TokenRequest {
        app_id: Some(identity.id.clone()),
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

fn refusal(status: u16, description: &str) -> Answer {
    Answer::json(status, &json!({"error": "invalid_request", "error_description": description}))
}
