//! The user's part in a device sign-in.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{no_content_if, read};
use crate::http::{GraphError, Outcome};
use crate::state::{Decision, State};

/// The user who approves, or `decline`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    user: Option<String>,
    #[serde(default)]
    decline: bool,
}

pub(super) fn decide(state: &mut State, user_code: &str, body: Value) -> Outcome {
    let Given { user, decline } = read(body)?;
    let decision = match user {
        _ if decline => Decision::Declined,
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
