//! Reads and checks the properties that several operations have in common. Names are case-sensitive, as in JSON.

use super::Invalid;
use super::body::Body;
use crate::json::Json;
use crate::presence::duration::Range;
use crate::presence::invalid_duration::InvalidDuration;
use crate::presence::pairs::Pairs;

/// Checks a body, and rewrites its values to the spelling that Graph documents.
pub(crate) type Rules = fn(&mut Body) -> Result<(), Invalid>;

/// A property that is present and not null. Graph treats null as absent.
pub(super) fn given<'a>(body: &'a Body, property: &str) -> Option<Json<'a>> {
    body.property(property).filter(|json| !json.is_null())
}

/// A property that must be a string if it is present.
pub(super) fn text(body: &Body, property: &'static str) -> Result<Option<String>, Invalid> {
    let read = |json: Json<'_>| {
        json.text().ok_or(Invalid::Kind { property, given: json.kind(), wanted: "a string" })
    };
    given(body, property).map(read).transpose()
}

/// `availability` and `activity`: required; together one of the action's pairs.
pub(super) fn check_pair(body: &mut Body, pairs: &'static Pairs) -> Result<(), Invalid> {
    let required = |property| match text(body, property)? {
        Some(word) if !word.is_empty() => Ok(word),
        _ => {
            Err(Invalid::Missing { property, action: pairs.action, advice: format!("Use {pairs}") })
        }
    };
    let (availability, activity) =
        pairs.find(&required("availability")?, &required("activity")?)?;
    put(body, "availability", availability);
    put(body, "activity", activity);
    Ok(())
}

/// `expirationDuration`: optional; rewritten to the form that Graph documents.
pub(super) fn check_expiration(body: &mut Body, range: Range) -> Result<(), Invalid> {
    let Some(json) = given(body, "expirationDuration") else { return Ok(()) };
    let text = match json.text() {
        Some(text) => text,
        // A number gets the same advice as its text: the unit is missing.
        None if json.is_number() => json.raw().into(),
        None => {
            let (property, wanted) = ("expirationDuration", "a string such as PT1H");
            return Err(Invalid::Kind { property, given: json.kind(), wanted });
        }
    };
    let length = range.parse(&text).map_err(|fault| InvalidDuration::new(&text, fault, range))?;
    put(body, "expirationDuration", &length.to_string());
    Ok(())
}

/// `sessionId`: required, and not blank. The live service answers 400 InvalidArgument "The SessionId field is required".
pub(super) fn check_session_id(body: &Body, action: &'static str) -> Result<(), Invalid> {
    match text(body, "sessionId")? {
        None => Err(Invalid::SessionIdMissing { action }),
        Some(id) if id.trim().is_empty() => Err(Invalid::SessionIdEmpty),
        Some(_) => Ok(()),
    }
}

/// Replaces a property unless it has this value already, so that its JSON text stays as it was given.
pub(super) fn put(body: &mut Body, property: &str, word: &str) {
    if body.property(property).and_then(Json::text).as_deref() != Some(word) {
        body.set(property, &word.into());
    }
}
