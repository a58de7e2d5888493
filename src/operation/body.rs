//! Reading properties of a body: Graph's names, compared as JSON has them.

use serde_json::{Map, Value};

use crate::presence::Invalid;
use crate::presence::duration::{Fault, Length};
use crate::presence::pairs::Pairs;

/// Checks a body and brings it into the spelling that Graph documents.
pub(crate) type Rules = fn(&mut Map<String, Value>) -> Result<(), Invalid>;

/// For operations whose bodies have no rules that a caller could break.
pub(super) fn no_rules(_: &mut Map<String, Value>) -> Result<(), Invalid> {
    Ok(())
}

/// What kind of JSON value it is, as a sentence takes it.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a JSON boolean",
        Value::Number(_) => "a JSON number",
        Value::String(_) => "a JSON string",
        Value::Array(_) => "a JSON array",
        Value::Object(_) => "a JSON object",
    }
}

/// The text of a property; null and absence are the same to Graph.
pub(super) fn text<'a>(
    body: &'a Map<String, Value>,
    property: &'static str,
) -> Result<Option<&'a str>, Invalid> {
    match body.get(property) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Invalid::Kind { property, given: kind(other), wanted: "a string" }),
    }
}

/// `availability` and `activity`: required, and one of the action's pairs.
pub(super) fn check_pair(
    body: &mut Map<String, Value>,
    pairs: &'static Pairs,
) -> Result<(), Invalid> {
    let required = |property| match text(body, property)? {
        Some(word) if !word.is_empty() => Ok(word),
        _ => Err(Invalid::Missing {
            property,
            action: pairs.action,
            way_out: format!("use {pairs}"),
        }),
    };
    let (availability, activity) = pairs.find(required("availability")?, required("activity")?)?;
    body.insert("availability".into(), availability.into());
    body.insert("activity".into(), activity.into());
    Ok(())
}

/// `expirationDuration`: optional; sent in the form that Graph documents.
pub(super) fn check_expiration(
    body: &mut Map<String, Value>,
    parse: fn(&str) -> Result<Length, Fault>,
) -> Result<(), Invalid> {
    let given = match body.get("expirationDuration") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(text)) => text.clone(),
        // A bare number reads like the text of the number: it lacks the unit.
        Some(Value::Number(number)) => number.to_string(),
        Some(other) => {
            let (property, wanted) = ("expirationDuration", "a string such as PT1H");
            return Err(Invalid::Kind { property, given: kind(other), wanted });
        }
    };
    let length = parse(&given).map_err(|fault| Invalid::Duration { given: given.into(), fault })?;
    body.insert("expirationDuration".into(), length.to_string().into());
    Ok(())
}

/// `sessionId`: text, and not blank where it is given.
pub(super) fn check_session_id(body: &Map<String, Value>) -> Result<(), Invalid> {
    match text(body, "sessionId")? {
        Some(id) if id.trim().is_empty() => Err(Invalid::SessionIdEmpty),
        _ => Ok(()),
    }
}
