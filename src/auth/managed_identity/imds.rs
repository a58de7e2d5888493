//! The metadata service of a virtual machine.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>

use super::endpoint::{Endpoint, metadata};
use super::machine::OfMachine;
use crate::auth::attempt::Attempt;
use crate::auth::network::Patience;
use crate::auth::{AccessToken, AuthFailure};
use crate::error::Error;
use crate::json::Json;
use crate::status::Status;

/// The same address in every machine.
const HOST: &str = "http://169.254.169.254";
/// Names another one; set where a proxy in the machine answers for it.
const VARIABLE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

pub(super) fn token(machine: &OfMachine, attempt: &Attempt) -> Result<AccessToken, Error> {
    let host = machine.options.environment.get(VARIABLE);
    let host = host.as_deref().unwrap_or(HOST).trim_end_matches('/');
    let url = format!("{host}/metadata/identity/oauth2/token");
    let endpoint = Endpoint::new("The metadata service of this machine", VARIABLE, &url)?;
    let answer = endpoint.get(machine, attempt, "2018-02-01", metadata(), None, Patience::Imds);
    let response = answer.map_err(|error| match error.status() {
        Status::Connect | Status::Timeout | Status::Response => {
            none(&format!("{host} does not answer"))
        }
        Status::Redirect => none(FOREIGN),
        _ => error,
    })?;
    match why_none(response.http_status, &response.body) {
        Some(reason) => Err(none(reason)),
        None => endpoint.token(machine, response),
    }
}

/// Other clouds have a service of their own at the same address.
const FOREIGN: &str = "the metadata service of this machine is not Azure's";

/// Why there is no identity, where an answer says that there is none.
fn why_none(http_status: u16, body: &str) -> Option<&'static str> {
    let object = Json::parse(body).ok().and_then(Json::object).unwrap_or_default();
    let text = object.text("error_description").unwrap_or_else(|| body.into());
    match http_status {
        400 if text.contains("Identity not found") => {
            Some("this machine has no managed identity, or none of that client id")
        }
        // A container without access to the machine's service.
        403 if text.contains("unreachable") => Some("the metadata service is unreachable"),
        404 => Some("this machine has no managed identity"),
        410 | 429 | 500..=599 => None,
        // Azure's service always answers with one of the two.
        _ if object.get("error").is_none() && object.get("access_token").is_none() => Some(FOREIGN),
        _ => None,
    }
}

fn none(reason: &str) -> Error {
    AuthFailure::NotSetUp { what: "A managed identity", reason: reason.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_when_there_is_no_identity() {
        for (http_status, body, is_none) in [
            (400, r#"{"error":"invalid_request","error_description":"Identity not found"}"#, true),
            (400, r#"{"error":"invalid_resource","error_description":"AADSTS500011"}"#, false),
            (403, "A socket operation was attempted to an unreachable network.", true),
            (403, r#"{"error":"forbidden"}"#, false),
            (403, "<html>Forbidden</html>", true),
            (401, "<html>Unauthorized</html>", true),
            (404, "", true),
            (410, "", false),
            (429, "", false),
            (500, "", false),
            (200, "<html>", true),
            (200, r#"{"access_token":"x"}"#, false),
        ] {
            assert_eq!(why_none(http_status, body).is_some(), is_none, "{http_status} {body}");
        }
    }
}
