//! getPresencesByUserId: many presences in one answer.
//! <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>

use serde::Serialize;

use crate::body::Body;
use crate::json::Json;
use crate::presence::Invalid;

/// Whose presences. Answer: a collection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GetPresencesByUserId {
    /// Object ids; Graph takes at most 650 in one request.
    pub ids: Vec<String>,
}

pub(super) fn rules(body: &mut Body) -> Result<(), Invalid> {
    let given = match body.property("ids").map(|ids| (ids, ids.items())) {
        Some((_, Some(ids))) => return ids.into_iter().try_for_each(check_id),
        Some((other, None)) => other.kind(),
        None => "missing",
    };
    Err(Invalid::Kind { property: "ids", given, wanted: WANTED })
}

const WANTED: &str = "an array of object ids";

/// Graph leaves out ids that it does not know, and does not mention those that cannot be object ids.
fn check_id(id: Json<'_>) -> Result<(), Invalid> {
    let property = "ids";
    match id.text() {
        None => Err(Invalid::Kind { property, given: id.kind(), wanted: WANTED }),
        Some(text) if text.trim().is_empty() || text.contains('@') => Err(Invalid::Value {
            property,
            given: text.into(),
            way_out: "give an object id; a user principal name is known under /users only",
        }),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(ids: Value) -> Result<(), String> {
        rules(&mut Body::of(&json!({"ids": ids}))).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn what_cannot_be_an_object_id_is_named() {
        for (ids, text) in [
            (
                json!(["a", "AdeleV@contoso.example"]),
                "ids \"AdeleV@contoso.example\" is not a value that Graph takes; give an object id",
            ),
            (json!(["a", ""]), "ids \"\" is not a value that Graph takes; give an object id"),
            (json!([["a"]]), "ids is a JSON array; it takes an array of object ids"),
            (json!("a"), "ids is a JSON string; it takes an array of object ids"),
        ] {
            let refused = checked(ids).unwrap_err();
            assert!(refused.starts_with(text), "{refused}");
        }
        assert_eq!(checked(json!(["fa8bf3dc-eca7-46b7-bad1-db199b62afc3"])), Ok(()));
    }
}
