//! Reads the body of a successful response: presences, a count, the link to the next page.

use super::row::{Effect, Returns, Row};
use crate::json::{Json, Object};
use crate::presence::Presence;
use crate::response::{Content, Unreadable};

/// Reads a body. `selects` says that the request has a `$select`. The response to a read has a body whatever its status:
/// a 204 to it comes from something between this machine and Graph.
pub(crate) fn read(row: &Row, selects: bool, body: &str) -> Result<Content, Unreadable> {
    if body.trim_start_matches('\u{feff}').trim().is_empty() {
        let nothing = || Unreadable::Unexpected("nothing".into());
        return (row.effect == Effect::Write).then(Content::default).ok_or_else(nothing);
    }
    let json = Json::parse(body)
        .map_err(|at| Unreadable::NotJson { line: at.line(), column: at.column() })?;
    let object = json.object().unwrap_or_default();
    if let Some(error) = object.get("error").filter(|error| !error.is_null()) {
        return Err(error_object(error));
    }
    match row.returns {
        Returns::Nothing => Ok(Content::default()),
        Returns::Count => count(json),
        Returns::Presence | Returns::Presences => Ok(Content {
            presences: presences(row, selects, json, &object)?,
            next_link: object.text("@odata.nextLink").filter(|link| !link.is_empty()),
            count: object.get("@odata.count").and_then(Json::whole),
        }),
    }
}

fn error_object(error: Json<'_>) -> Unreadable {
    let object = error.object().unwrap_or_default();
    let text = |name| object.text(name).unwrap_or_default().into();
    match error.text() {
        // The form that the sign-in service uses.
        Some(code) => Unreadable::Error { code: code.into(), message: "".into() },
        None => Unreadable::Error { code: text("code"), message: text("message") },
    }
}

fn count(json: Json<'_>) -> Result<Content, Unreadable> {
    match json.is_number() {
        true => Ok(Content { count: json.whole(), ..Content::default() }),
        false => Err(Unreadable::Unexpected(json.kind().into())),
    }
}

/// One presence or several. Graph's documentation shows a single presence within `value`; its metadata shows it bare.
fn presences(
    row: &Row,
    selects: bool,
    json: Json<'_>,
    object: &Object<'_>,
) -> Result<Vec<Presence>, Unreadable> {
    let is_single = row.returns == Returns::Presence;
    let items = match object.get("value") {
        Some(value) if is_single && value.is_object() => vec![value],
        Some(value) => value
            .items()
            .ok_or_else(|| Unreadable::Unexpected(format!("a value that is {}", value.kind())))?,
        None if is_single => vec![json],
        None => return Err(Unreadable::Unexpected(without_properties(json))),
    };
    // The response to a write may be without a presence, in either form.
    if row.effect == Effect::Write && !items.iter().any(|item| is_presence(*item, selects)) {
        return Ok(Vec::new());
    }
    if is_single && items.is_empty() {
        return Err(Unreadable::Unexpected("an empty list".into()));
    }
    let read = |item: Json<'_>| match is_presence(item, selects) {
        true => Ok(Presence::read(item)),
        false => Err(Unreadable::Unexpected(without_properties(item))),
    };
    items.into_iter().map(read).collect()
}

/// Whether a value is an object with at least one property of a presence. With a `$select` any property counts, since
/// it may be newer than this library.
fn is_presence(item: Json<'_>, selects: bool) -> bool {
    let object = item.object().unwrap_or_default();
    object
        .names()
        .any(|name| Presence::PROPERTIES.contains(&name) || selects && !name.starts_with('@'))
}

fn without_properties(item: Json<'_>) -> String {
    match item.is_object() {
        true => "a JSON object without the properties of one".into(),
        false => item.kind().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;
    use proptest::prelude::*;

    fn read_of(operation: Operation, body: &str) -> Result<Content, Unreadable> {
        read(operation.row(), false, body)
    }

    fn unexpected(operation: Operation, body: &str) -> String {
        match read_of(operation, body) {
            Err(Unreadable::Unexpected(given)) => given,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn a_presence_is_read_bare_or_within_value() {
        for body in [r#"{"id": "a"}"#, r#"{"value": [{"id": "a"}]}"#, r#"{"value": {"id": "a"}}"#] {
            let presences = read_of(Operation::GetPresence, body).unwrap().presences;
            assert_eq!(presences[0].id.as_deref(), Some("a"), "{body}");
        }
    }

    #[test]
    fn an_unexpected_body_is_named_in_the_error() {
        use Operation::{CountPresences, GetPresence, ListPresences};
        let strange = "a JSON object without the properties of one";
        for (operation, body, given) in [
            (GetPresence, "", "nothing"),
            (GetPresence, "[]", "a JSON array"),
            (GetPresence, "7", "a JSON number"),
            (GetPresence, "null", "null"),
            (GetPresence, "{}", strange),
            (GetPresence, r#"{"@odata.context": "x", "status": "ok"}"#, strange),
            (GetPresence, r#"{"value": null}"#, "a value that is null"),
            (GetPresence, r#"{"value": []}"#, "an empty list"),
            (ListPresences, r#"{"id": "a"}"#, strange),
            (ListPresences, r#"{"value": [{"id": "a"}, null]}"#, "null"),
            (ListPresences, r#"{"value": [{"id": "a"}, {}]}"#, strange),
            (CountPresences, r#"{"id": "a"}"#, "a JSON object"),
        ] {
            assert_eq!(unexpected(operation, body), given, "{body}");
        }
        for body in ["<html>", "{\"id\": ", "{} x"] {
            let error = read_of(GetPresence, body).unwrap_err();
            assert!(matches!(error, Unreadable::NotJson { .. }), "{body}: {error:?}");
        }
        assert!(read_of(Operation::SetPresence, "<html>").is_err());
    }

    #[test]
    fn only_the_response_to_a_write_may_be_without_a_body() {
        for operation in Operation::all() {
            let is_write = operation.row().effect == Effect::Write;
            assert_eq!(read_of(operation, "").is_ok(), is_write, "{operation:?}");
        }
    }

    #[test]
    fn an_error_object_is_never_a_success() {
        let body = r#"{"error": {"code": "Forbidden", "message": "no"}}"#;
        for operation in Operation::all() {
            let wanted = Unreadable::Error { code: "Forbidden".into(), message: "no".into() };
            assert_eq!(read_of(operation, body).unwrap_err(), wanted, "{operation:?}");
        }
        assert!(read_of(Operation::SetPresence, r#"{"error": "invalid_token"}"#).is_err());
        assert!(read_of(Operation::SetPresence, r#"{"error": null}"#).is_ok());
    }

    #[test]
    fn with_a_select_any_property_makes_a_presence() {
        let row = Operation::GetPresence.row();
        for (body, selects, readable) in [
            (r#"{"@odata.context": "x", "availability": "Busy"}"#, true, true),
            (r#"{"@odata.context": "x", "mood": null}"#, true, true),
            (r#"{"@odata.context": "x", "mood": null}"#, false, false),
            (r#"{"@odata.context": "x"}"#, true, false),
        ] {
            assert_eq!(read(row, selects, body).is_ok(), readable, "{body}");
        }
    }

    #[test]
    fn the_response_to_a_write_may_be_empty() {
        for body in ["", " ", "{}", r#"{"@odata.context": "x"}"#] {
            assert!(read_of(Operation::SetPresence, body).is_ok(), "{body}");
            assert!(
                read_of(Operation::UpdatePresence, body).unwrap().presences.is_empty(),
                "{body}"
            );
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(read_of(Operation::CountPresences, "\u{feff}12").unwrap().count, Some(12));
    }

    #[test]
    fn an_empty_next_link_is_ignored() {
        let link = |link: &str| {
            let body = format!(r#"{{"value": [], "@odata.nextLink": "{link}"}}"#);
            read_of(Operation::ListPresences, &body).unwrap().next_link
        };
        assert_eq!((link(""), link("https://x").as_deref()), (None, Some("https://x")));
    }

    proptest! {
        #[test]
        fn no_body_makes_reading_panic(
            start in prop_oneof![
                Just(""), Just("{"), Just(r#"{"value":"#), Just(r#"{"error":"#), Just(r#"{"id":"#),
                Just(r#"{"value":[{"statusMessage":"#), Just(r#"{"@odata.count":"#),
            ],
            middle in r#"[\[\]{},:"\\a-f0-9.eEu+ \u{0}-]{0,30}"#,
            end in prop_oneof![Just(""), Just("}"), Just("}]}"), Just("]}")],
            index in any::<prop::sample::Index>(),
            selects in any::<bool>(),
        ) {
            let operations: Vec<_> = Operation::all().collect();
            let row = operations[index.index(operations.len())].row();
            let body = format!("{start}{middle}{end}");
            let read = read(row, selects, &body);
            // A presence is always a JSON object.
            for presence in read.map(|content| content.presences).unwrap_or_default() {
                prop_assert_eq!(presence.json.chars().next(), Some('{'));
            }
        }
    }
}
