//! The user's part in a device sign-in.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{no_content_if, read};
use crate::http::{GraphError, Outcome};
use crate::state::{Decision, State};

/// The user who approves, or `decline`, or `slowDown` until the next decision.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Given {
    user: Option<String>,
    #[serde(default)]
    decline: bool,
    #[serde(default)]
    slow_down: bool,
}

pub(super) fn decide(state: &mut State, user_code: &str, body: Value) -> Outcome {
    let Given { user, decline, slow_down } = read(body)?;
    let decision = match user {
        _ if decline => Decision::Declined,
        _ if slow_down => Decision::SlowDown,
        Some(name) => {
            let user = state.directory.find(&name).ok_or_else(|| {
                GraphError::not_found(format!("The directory has no user {name}."))
            })?;
            Decision::Approved(user.id.clone())
        }
        None => {
            return Err(GraphError::bad_request(
                "The body names no decision; send {\"user\": \"adele\"} to approve or {\"decline\": true} to decline.",
            ));
        }
    };
    no_content_if(state.sign_ins.decide(user_code, decision))
}
