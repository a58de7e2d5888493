//! The user's part in a sign-in with a device code or in a browser.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{no_content, no_content_if, read};
use crate::http::{GraphError, Outcome};
use crate::state::{Decision, State};

/// The user who approves; or `decline`; or `slowDown`, which applies until the next decision.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Given {
    user: Option<String>,
    #[serde(default)]
    decline: bool,
    #[serde(default)]
    slow_down: bool,
}

/// Decides a sign-in with a device code.
pub(super) fn decide(state: &mut State, user_code: &str, body: Value) -> Outcome {
    let decision = decision(state, body)?;
    no_content_if(state.sign_ins.decide(user_code, decision))
}

/// Decides the next sign-in in a browser.
pub(super) fn decide_next(state: &mut State, body: Value) -> Outcome {
    match decision(state, body)? {
        Decision::SlowDown => {
            Err(GraphError::bad_request("slowDown is for a device; a browser does not poll."))
        }
        decision => no_content(|| state.sign_ins.decide_next(decision)),
    }
}

fn decision(state: &State, body: Value) -> Result<Decision, GraphError> {
    let Given { user, decline, slow_down } = read(body)?;
    match user {
        _ if decline => Ok(Decision::Declined),
        _ if slow_down => Ok(Decision::SlowDown),
        Some(name) => {
            let user = state.directory.find(&name).ok_or_else(|| {
                GraphError::not_found(format!("The directory has no user {name}."))
            })?;
            Ok(Decision::Approved(user.id.clone()))
        }
        None => Err(GraphError::bad_request(
            "The body names no decision; send {\"user\": \"adele\"} to approve or {\"decline\": true} to decline.",
        )),
    }
}
