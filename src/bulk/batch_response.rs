//! Reads the response to a `$batch`. <https://learn.microsoft.com/graph/json-batching#response-format>
//!
//! A response in Graph's form is parsed in one pass. If that fails, it is parsed leniently, so that one odd item does
//! not hide the others.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::failure::{Fault, Oddity};
use super::schedule::MOST_IN_BATCH;
use crate::json::{Json, Object, each_item};
use crate::transport::HttpResponse;

/// The most headers of an item that are kept: as many as the HTTP client accepts in a response. A `HeaderMap` has a
/// limit, too.
const MOST_HEADERS: usize = 100;

/// The responses to the items of a batch, in the order of the items. The body of each is JSON as it was received, or
/// the text that the service put into a JSON string because it is not JSON.
pub(super) fn read(body: &str, items: usize) -> Result<Vec<Result<HttpResponse, Fault>>, Oddity> {
    let read = serde_json::from_str(body).ok().and_then(|Batch { responses }| responses);
    let mut responses: Vec<Result<HttpResponse, Fault>> =
        (0..items).map(|_| Err(Fault::Missing)).collect();
    for item in read.map_or_else(|| read_leniently(body), Ok)?.0 {
        let response = item.id.and_then(|id| responses.get_mut(id.checked_sub(1)?));
        if let Some(response) = response {
            let is_first = matches!(response, Err(Fault::Missing));
            *response = if is_first { item.into_response() } else { Err(Fault::Twice) };
        }
    }
    Ok(responses)
}

/// The response to one item.
#[derive(Debug, Default)]
struct Item<'a> {
    id: Option<usize>,
    status: Option<u64>,
    headers: HeaderMap,
    body: Option<Json<'a>>,
}

impl Item<'_> {
    fn into_response(self) -> Result<HttpResponse, Fault> {
        let is_status = |status: &u64| (100..600).contains(status);
        let status = self.status.filter(is_status).ok_or(Fault::NoStatus)?;
        let body = self.body.filter(|body| !body.is_null());
        Ok(HttpResponse {
            http_status: u16::try_from(status).map_err(|_| Fault::NoStatus)?,
            headers: self.headers,
            body: body
                .map(|it| Arc::new(it.text().unwrap_or_else(|| it.raw().into())))
                .unwrap_or_default(),
        })
    }
}

/// The responses that are kept: two for each id that a batch can have, since the second makes both invalid. A service
/// cannot fill the memory with others.
#[derive(Debug, Default)]
struct Items<'a>(Vec<Item<'a>>);

impl<'a> Items<'a> {
    fn put(&mut self, item: Item<'a>) {
        let is_of_batch = item.id.is_some_and(|id| (1..=MOST_IN_BATCH).contains(&id));
        if is_of_batch && self.0.iter().filter(|other| other.id == item.id).count() < 2 {
            self.0.push(item);
        }
    }
}

/// The id of an item. A service may write it as a number.
fn id(json: Json<'_>) -> Option<usize> {
    json.text().unwrap_or_else(|| json.raw().into()).parse().ok()
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    let field = HeaderName::try_from(name).ok().zip(HeaderValue::from_bytes(value.as_bytes()).ok());
    if let Some((name, value)) = field
        && headers.len() < MOST_HEADERS
    {
        headers.insert(name, value);
    }
}

fn read_leniently(body: &str) -> Result<Items<'_>, Oddity> {
    let json = Json::parse(body).map_err(|at| Oddity::NotJson(at.line(), at.column()))?;
    let object = json.object().ok_or_else(|| Oddity::Given(json.kind()))?;
    let mut items = Items::default();
    let is_list = object.get("responses").is_some_and(|responses| {
        responses.each(|item| {
            item.object().into_iter().for_each(|it| items.put(read_one_leniently(&it)));
        })
    });
    match is_list {
        true => Ok(items),
        false => Err(Oddity::Given("a JSON object without a list of responses")),
    }
}

fn read_one_leniently<'a>(response: &Object<'a>) -> Item<'a> {
    let mut headers = HeaderMap::new();
    let fields = response.object("headers").unwrap_or_default();
    for name in fields.names().take(MOST_HEADERS) {
        let value = fields.get(name).map(|it| it.text().unwrap_or_else(|| it.raw().into()));
        put(&mut headers, name, &value.unwrap_or_default());
    }
    Item {
        id: response.get("id").and_then(id),
        status: response.get("status").and_then(Json::whole),
        headers,
        body: response.get("body"),
    }
}

/// The response to a batch, in Graph's form.
#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    responses: Option<Items<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut items = Self::default();
        each_item(from, |item| items.put(item))?;
        Ok(items)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Item<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = Item<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the response to an item")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut item = Item::default();
                while let Some(name) = map.next_key::<Name<'_>>()? {
                    match &*name.0 {
                        "id" => item.id = id(map.next_value::<&RawValue>()?.into()),
                        "status" => {
                            item.status = Json::from(map.next_value::<&RawValue>()?).whole();
                        }
                        "headers" => item.headers = map.next_value::<Headers>()?.0,
                        "body" => item.body = Some(map.next_value::<&RawValue>()?.into()),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(item)
            }
        }

        from.deserialize_map(Properties)
    }
}

/// A string, borrowed unless it contains an escape.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct Headers(HeaderMap);

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("headers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut headers = HeaderMap::with_capacity(8);
                while let Some((name, value)) = map.next_entry::<Name<'_>, Name<'_>>()? {
                    put(&mut headers, &name.0, &value.0);
                }
                Ok(Headers(headers))
            }

            fn visit_unit<E: Error>(self) -> Result<Headers, E> {
                Ok(Headers(HeaderMap::new()))
            }
        }

        from.deserialize_any(Fields)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn responses_are_found_by_id_in_any_order() {
        let body = r#"{"responses": [
            {"id": "2", "status": 429, "headers": {"Retry-After": "2.128", "x": 7, "b d": "no name"}, "body": {"error": {}}},
            {"id": 3, "status": 200, "body": 4},
            {"id": "9", "status": 200}, {"id": "0", "status": 200}, 5,
            {"id": "1", "status": 204, "headers": null, "body": null}
        ]}"#;
        let answers: Vec<_> = read(body, 3).unwrap().into_iter().map(Result::unwrap).collect();
        let shown: Vec<_> = answers.iter().map(|it| (it.http_status, it.body.as_str())).collect();
        assert_eq!(shown, [(204, ""), (429, r#"{"error": {}}"#), (200, "4")]);
        assert_eq!(answers[1].headers["retry-after"], "2.128");
        assert_eq!(answers[1].headers["x"], "7");
        assert_eq!(answers[1].headers.len(), 2);
    }

    #[test]
    fn an_item_with_too_many_headers_does_not_affect_the_others() {
        let headers: Vec<_> = (0..40_000).map(|number| format!(r#""h{number}": "x""#)).collect();
        let headers = headers.join(",");
        for other in [r#"{"id": "2", "status": 204}"#, r#"{"id": "2", "status": 204}, "odd""#] {
            let body = format!(
                r#"{{"responses": [{{"id": "1", "status": 204, "headers": {{{headers}}}}}, {other}]}}"#
            );
            let answers: Vec<_> = read(&body, 2).unwrap().into_iter().map(Result::unwrap).collect();
            assert_eq!(answers[0].headers.len(), MOST_HEADERS);
            assert_eq!(answers[1].http_status, 204);
        }
    }

    #[test]
    fn items_that_belong_to_no_request_are_not_kept() {
        let kept = |item: &str| {
            let list = vec![item; 100_000].join(",");
            let in_form = format!(r#"{{"responses": [{list}]}}"#);
            let in_form = serde_json::from_str::<Batch<'_>>(&in_form).unwrap();
            let odd = format!(r#"{{"responses": [{list}, 7]}}"#);
            let leniently = read_leniently(&odd).unwrap();
            (in_form.responses.unwrap().0.len(), leniently.0.len())
        };
        assert_eq!(kept(r#"{"headers": {}}"#), (0, 0));
        assert_eq!(kept(r#"{"id": "21", "status": 200}"#), (0, 0));
        assert_eq!(kept(r#"{"id": "20", "status": 200}"#), (2, 2));
    }

    #[test]
    fn a_body_that_is_not_json_is_read_from_its_string() {
        let body = r#"{"responses": [{"id": "1", "status": 502, "body": "<html>\u00fc"}]}"#;
        let answers = read(body, 1).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().body.as_str(), "<html>ü");
    }

    #[test]
    fn an_unusable_response_to_an_item_is_reported_with_its_fault() {
        let body = r#"{"responses": [
            {"id": "1", "status": 200}, {"id": "1", "status": 200}, {"id": "1", "status": 200},
            {"id": "2"}, {"id": "3", "status": 20}, {"id": "4", "status": "200"}
        ]}"#;
        let faults: Vec<_> = read(body, 5).unwrap().into_iter().map(Result::unwrap_err).collect();
        use Fault::{Missing, NoStatus, Twice};
        assert_eq!(faults, [Twice, NoStatus, NoStatus, NoStatus, Missing]);
    }

    #[test]
    fn a_body_that_is_not_the_response_to_a_batch_is_named() {
        for (body, oddity) in [
            ("<html>", Oddity::NotJson(1, 1)),
            ("[]", Oddity::Given("a JSON array")),
            ("{}", Oddity::Given("a JSON object without a list of responses")),
            (r#"{"responses": {}}"#, Oddity::Given("a JSON object without a list of responses")),
        ] {
            assert_eq!(read(body, 1).unwrap_err(), oddity, "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_reading_panic(
            middle in r#"[\[\]{},:"\\a-z0-9.eE+ -]{0,40}"#,
            start in prop_oneof![Just(""), Just(r#"{"responses":["#), Just(r#"{"responses":[{"id":"1","status":"#)],
            end in prop_oneof![Just(""), Just("]}"), Just("}]}")],
            items in 0usize..3,
        ) {
            let _ = read(&format!("{start}{middle}{end}"), items);
        }
    }
}
