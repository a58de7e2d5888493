//! What the body of an answer holds, where the service reported success: presences, a count, where the next page is.

use super::row::{Effect, Returns, Row};
use crate::json::{Json, Object};
use crate::presence::Presence;
use crate::response::{Content, Unreadable};

/// Reads a body. `selects`: the request named the properties that it wants.
pub(crate) fn read(
    row: &Row,
    selects: bool,
    http_status: u16,
    body: &str,
) -> Result<Content, Unreadable> {
    if body.trim_start_matches('\u{feff}').trim().is_empty() {
        let is_enough = row.effect == Effect::Write || http_status == 204;
        let nothing = || Unreadable::Unexpected("nothing".into());
        return is_enough.then(Content::default).ok_or_else(nothing);
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
        // As the sign-in service writes it.
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

/// One presence or several. A page of Graph's shows a single one within `value`, its metadata shows it bare.
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
    // A write may be answered by nothing, in whichever form.
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

/// Whether it is an object with a property of a presence; with any property where the request named those it wants,
/// which may be newer than this library.
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

    fn read_200(operation: Operation, body: &str) -> Result<Content, Unreadable> {
        read(operation.row(), false, 200, body)
    }

    fn unexpected(operation: Operation, body: &str) -> String {
        match read_200(operation, body) {
            Err(Unreadable::Unexpected(given)) => given,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn a_presence_is_read_bare_or_within_value() {
        for body in [r#"{"id": "a"}"#, r#"{"value": [{"id": "a"}]}"#, r#"{"value": {"id": "a"}}"#] {
            let presences = read_200(Operation::GetPresence, body).unwrap().presences;
            assert_eq!(presences[0].id.as_deref(), Some("a"), "{body}");
        }
    }

    #[test]
    fn what_graph_does_not_send_is_told_for_what_it_is() {
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
            let error = read_200(GetPresence, body).unwrap_err();
            assert!(matches!(error, Unreadable::NotJson { .. }), "{body}: {error:?}");
        }
        assert!(read_200(Operation::SetPresence, "<html>").is_err());
    }

    #[test]
    fn an_error_object_is_never_a_success() {
        let body = r#"{"error": {"code": "Forbidden", "message": "no"}}"#;
        for operation in Operation::all() {
            let wanted = Unreadable::Error { code: "Forbidden".into(), message: "no".into() };
            assert_eq!(read_200(operation, body).unwrap_err(), wanted, "{operation:?}");
        }
        assert!(read_200(Operation::SetPresence, r#"{"error": "invalid_token"}"#).is_err());
        assert!(read_200(Operation::SetPresence, r#"{"error": null}"#).is_ok());
    }

    #[test]
    fn what_was_selected_is_a_presence_however_little_it_is() {
        let row = Operation::GetPresence.row();
        for (body, selects, readable) in [
            (r#"{"@odata.context": "x", "availability": "Busy"}"#, true, true),
            (r#"{"@odata.context": "x", "mood": null}"#, true, true),
            (r#"{"@odata.context": "x", "mood": null}"#, false, false),
            (r#"{"@odata.context": "x"}"#, true, false),
        ] {
            assert_eq!(read(row, selects, 200, body).is_ok(), readable, "{body}");
        }
    }

    #[test]
    fn a_write_may_be_answered_by_nothing_and_a_count_stands_behind_a_byte_order_mark() {
        for body in ["", " ", "{}", r#"{"@odata.context": "x"}"#] {
            assert!(read_200(Operation::SetPresence, body).is_ok(), "{body}");
            assert!(
                read_200(Operation::UpdatePresence, body).unwrap().presences.is_empty(),
                "{body}"
            );
        }
        assert_eq!(read_200(Operation::CountPresences, "\u{feff}12").unwrap().count, Some(12));
    }

    #[test]
    fn an_empty_next_link_is_none() {
        let link = |link: &str| {
            let body = format!(r#"{{"value": [], "@odata.nextLink": "{link}"}}"#);
            read_200(Operation::ListPresences, &body).unwrap().next_link
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
            let read = read(row, selects, 200, &body);
            // Whatever else it is, a presence is an object.
            for presence in read.map(|content| content.presences).unwrap_or_default() {
                prop_assert_eq!(presence.json.chars().next(), Some('{'));
            }
        }
    }
}
