//! The identity endpoint of App Service, Functions and Container Apps.
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference>

use serde_json::json;

use super::answer::{identity, token};
use crate::entra::form::Form;
use crate::http::{Answer, Request};
use crate::state::State;

/// `GET $IDENTITY_ENDPOINT?api-version=2019-08-01&resource=…` with `X-IDENTITY-HEADER: $IDENTITY_HEADER`.
pub(crate) fn app_service(state: &mut State, request: &Request) -> Answer {
    let form = Form::of_query(request);
    if request.header("x-identity-header") != Some(state.host.identity_header.as_str()) {
        return refusal(401, "The identity header is missing or wrong");
    }
    let (Some("2019-08-01"), Some(resource)) = (form.get("api-version"), form.get("resource"))
    else {
        return refusal(400, "api-version 2019-08-01 and resource are required");
    };
    match identity(state, &form) {
        Some(identity) => token(state, &identity, resource, false),
        None => refusal(
            400,
            "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
        ),
    }
}

fn refusal(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({"statusCode": status, "message": message}))
}
