//! The metadata endpoint of virtual machines.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>

use super::answer::{has_metadata_header, identity, refusal, token};
use crate::entra::form::Form;
use crate::http::{Answer, Request};
use crate::state::State;

/// `GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=…` with `Metadata: true`.
pub(crate) fn machine(state: &mut State, request: &Request) -> Answer {
    let form = Form::of_query(request);
    if request.method != "GET" {
        return refusal(405, "Method not allowed");
    }
    // Like the real endpoint, reject a request that a proxy forwarded, because it may come from outside the machine.
    if !has_metadata_header(request) || request.header("x-forwarded-for").is_some() {
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
        Some(identity) => token(state, &identity, resource, true),
        None => refusal(400, "Identity not found"),
    }
}
