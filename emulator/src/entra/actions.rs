//! The ID tokens that GitHub Actions issues to a workflow, for use with a federated credential.
//! <https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect>

use serde_json::json;

use super::form::Form;
use crate::http::{Answer, Request};
use crate::state::State;

const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// The default audience: the owner of the repository.
const AUDIENCE: &str = "https://github.com/contoso";

/// `GET $ACTIONS_ID_TOKEN_REQUEST_URL&audience=…` with `Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
pub(super) fn actions(state: &mut State, request: &Request) -> Answer {
    let header = request.header("authorization").unwrap_or_default();
    let is_bearer = header.split_once(' ').is_some_and(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("bearer") && token == state.host.actions_token
    });
    if !is_bearer {
        return Answer::json(401, &json!({"message": "The request token is missing or wrong"}));
    }
    let form = Form::of_query(request);
    let audience = form.get("audience").unwrap_or(AUDIENCE);
    let subject = state.settings.actions_subject.clone();
    let token = state.assertion(ISSUER, &subject, audience);
    Answer::json(200, &json!({"count": token.len(), "value": token}))
}
