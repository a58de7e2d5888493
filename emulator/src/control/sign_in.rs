//! The user's part in a device sign-in.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{found, read};
use crate::http::{GraphError, Outcome};
use crate::state::{Decision, World};

/// Who approves; nobody with `decline`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    user: Option<String>,
    #[serde(default)]
    decline: bool,
}

pub(super) fn decide(world: &mut World, user_code: &str, body: Value) -> Outcome {
    let Given { user, decline } = read(body)?;
    let decision = match user {
        _ if decline => Decision::Declined,
        Some(name) => {
            let user = world
                .directory
                .find(&name)
                .ok_or_else(|| GraphError::not_found(format!("There is no user {name}")))?;
            Decision::Approved(user.id.clone())
        }
        None => {
            return Err(GraphError::bad_request(
                "write who approves, {\"user\": \"adele\"}, or {\"decline\": true}",
            ));
        }
    };
    found(world.sign_ins.decide(user_code, decision))
}
