//! The identity endpoint of Azure Arc. A caller proves that it may read the machine's files.
//! <https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication>

use super::answer::{has_metadata_header, identity, refusal, token};
use crate::entra::form::Form;
use crate::http::{Answer, Request};
use crate::state::State;

/// `GET $IDENTITY_ENDPOINT?api-version=2020-06-01&resource=…` with `Metadata: true`. The first response names a file,
/// whose content is the credential for the second request.
pub(crate) fn arc(state: &mut State, request: &Request) -> Answer {
    let form = Form::of_query(request);
    if !has_metadata_header(request) {
        return refusal(400, "Required metadata header not specified");
    }
    let (Some("2019-11-01" | "2020-06-01"), Some(resource)) =
        (form.get("api-version"), form.get("resource"))
    else {
        return refusal(400, "api-version 2020-06-01 and resource are required");
    };
    if form.get("client_id").is_some() {
        return refusal(400, "Azure Arc has no user-assigned identities");
    }
    let credential =
        request.header("authorization").and_then(|header| header.strip_prefix("Basic "));
    match credential {
        Some(key) if state.host.arc_keys.redeem(key) => match identity(state, &form) {
            Some(identity) => token(state, &identity, resource, true),
            None => refusal(400, "Identity not found"),
        },
        _ => challenge(state),
    }
}

fn challenge(state: &mut State) -> Answer {
    let Some(folder) = state.settings.arc_key_folder.clone() else {
        return refusal(404, "This emulator has no Azure Arc: start it with --arc-key-folder");
    };
    match state.host.arc_keys.write(&folder, &mut state.random) {
        Ok(path) => refusal(401, "The request is not authorized")
            .with("www-authenticate", format!("Basic realm={}", path.display())),
        Err(error) => refusal(500, &format!("No key file in {}: {error}", folder.display())),
    }
}
