//! getPresencesByUserId: the presences of many users. <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>

use serde::Serialize;

use super::body::Body;
use super::row::{BodyRule, Effect, On, Returns, Row};
use super::{Invalid, Operation, Request, Target};
use crate::json::Json;
use crate::presence::id;

pub(super) const ROW: Row = Row {
    body: BodyRule::Required { properties: "ids", rules },
    returns: Returns::Presences,
    ..Row::new(
        Operation::GetPresencesByUserId,
        "getPresencesByUserId",
        "read the presences of several users",
        Effect::Read,
        On::Communications("/getPresencesByUserId"),
    )
};

/// The body of getPresencesByUserId: whose presences to read. The presences in the response are in the order of the
/// ids.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GetPresencesByUserId {
    /// Object ids of users, in any number: more than 650 are sent in several requests.
    pub ids: Vec<String>,
}

impl GetPresencesByUserId {
    /// The most ids that Graph accepts in one request.
    // Not public: cbindgen would write it into the header.
    pub(crate) const MAX_IDS: usize = 650;
}

fn rules(body: &mut Body) -> Result<(), Invalid> {
    let given = match body.property("ids").map(|ids| (ids, ids.items())) {
        Some((_, Some(ids))) => return ids.into_iter().try_for_each(check_id),
        Some((other, None)) => other.kind(),
        None => "missing",
    };
    Err(Invalid::Kind { property: "ids", given, wanted: WANTED })
}

const WANTED: &str = "an array of object ids";

/// Refuses an id that cannot be an object id, because Graph would silently leave its presence out.
fn check_id(given: Json<'_>) -> Result<(), Invalid> {
    let property = "ids";
    match given.text() {
        None => Err(Invalid::Kind { property, given: given.kind(), wanted: WANTED }),
        Some(text) if text.contains('@') || id::check(&text).is_err() => Err(Invalid::Value {
            property,
            given: text.into(),
            advice: "Give an object id. A user principal name works under /users only",
        }),
        Some(_) => Ok(()),
    }
}

impl Request {
    /// Reads the presences of many users. <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
    ///
    /// # Example
    /// ```
    /// use mgpresence::{GetPresencesByUserId, Request};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (emulator, client) = doctest::emulated();
    ///
    /// let ids = vec![emulator.user_id("adele"), emulator.user_id("alex")];
    /// let response = client.send(Request::get_presences_by_user_id(&GetPresencesByUserId { ids }))?;
    /// assert_eq!(response.presences().len(), 2);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn get_presences_by_user_id(body: &GetPresencesByUserId) -> Self {
        Self::new(Operation::GetPresencesByUserId, Target::Me).with(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(ids: Value) -> Result<(), String> {
        Body::checked(&json!({"ids": ids}), rules).map(drop)
    }

    #[test]
    fn the_docs_name_the_limit_that_applies() {
        let limit = format!("more than {} are sent", GetPresencesByUserId::MAX_IDS);
        assert!(include_str!("get_presences_by_user_id.rs").contains(&limit), "{limit}");
    }

    #[test]
    fn an_id_that_cannot_be_an_object_id_is_named() {
        for (ids, text) in [
            (
                json!(["a", "AdeleV@contoso.example"]),
                "ids \"AdeleV@contoso.example\" is not a value that Graph accepts. Give an object id",
            ),
            (json!(["a", ""]), "ids \"\" is not a value that Graph accepts. Give an object id"),
            (json!(["a ", "b"]), "ids \"a \" is not a value that Graph accepts. Give an object id"),
            (
                json!(["\u{a0}a"]),
                "ids \"\u{a0}a\" is not a value that Graph accepts. Give an object id",
            ),
            (json!(["a/b"]), "ids \"a/b\" is not a value that Graph accepts. Give an object id"),
            (json!([["a"]]), "ids is a JSON array. Give an array of object ids"),
            (json!("a"), "ids is a JSON string. Give an array of object ids"),
        ] {
            let refused = checked(ids).unwrap_err();
            assert!(refused.starts_with(text), "{refused}");
        }
        assert_eq!(checked(json!(["fa8bf3dc-eca7-46b7-bad1-db199b62afc3"])), Ok(()));
    }
}
