//! What the answer to a `$batch` says of each item. <https://learn.microsoft.com/graph/json-batching#response-format>
//!
//! It is read in one go as Graph writes it, and leniently where that fails: one odd item does not hide the others.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::failure::{Fault, Oddity};
use crate::json::{Json, Object};
use crate::transport::HttpResponse;

/// The most headers of an answer that are kept. The HTTP client takes no more of a response of its own, and a map has its
/// limit too.
const MOST_HEADERS: usize = 100;

/// The answers to the items of a batch, in their order. The body of each is JSON as it came, or the text that the service
/// put into a JSON string because it is not JSON.
pub(super) fn read(body: &str, items: usize) -> Result<Vec<Result<HttpResponse, Fault>>, Oddity> {
    let read = serde_json::from_str(body).ok().and_then(|Answers { responses }| responses);
    let mut answers: Vec<Result<HttpResponse, Fault>> =
        (0..items).map(|_| Err(Fault::Missing)).collect();
    for answer in read.map_or_else(|| read_leniently(body), Ok)? {
        let place = answer.id.and_then(|id| answers.get_mut(id.checked_sub(1)?));
        if let Some(place) = place {
            let is_first = matches!(place, Err(Fault::Missing));
            *place = if is_first { answer.into_response() } else { Err(Fault::Twice) };
        }
    }
    Ok(answers)
}

/// The answer to one item.
#[derive(Debug, Default)]
struct Answer<'a> {
    id: Option<usize>,
    status: Option<u64>,
    headers: HeaderMap,
    body: Option<Json<'a>>,
}

impl Answer<'_> {
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

/// The id, which a service may write as a number.
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

fn read_leniently(body: &str) -> Result<Vec<Answer<'_>>, Oddity> {
    let json = Json::parse(body).map_err(|at| Oddity::NotJson(at.line(), at.column()))?;
    let object = json.object().ok_or_else(|| Oddity::Given(json.kind()))?;
    let responses = object.get("responses").and_then(Json::items);
    let responses = responses.ok_or(Oddity::Given("a JSON object without a list of responses"))?;
    Ok(responses.into_iter().filter_map(Json::object).map(|it| read_one_leniently(&it)).collect())
}

fn read_one_leniently<'a>(response: &Object<'a>) -> Answer<'a> {
    let mut headers = HeaderMap::new();
    let fields = response.object("headers").unwrap_or_default();
    for name in fields.names().take(MOST_HEADERS) {
        let value = fields.get(name).map(|it| it.text().unwrap_or_else(|| it.raw().into()));
        put(&mut headers, name, &value.unwrap_or_default());
    }
    Answer {
        id: response.get("id").and_then(id),
        status: response.get("status").and_then(Json::whole),
        headers,
        body: response.get("body"),
    }
}

/// The whole as Graph writes it.
#[derive(Deserialize)]
struct Answers<'a> {
    #[serde(borrow)]
    responses: Option<Vec<Answer<'a>>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Answer<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = Answer<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the answer to an item")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut answer = Answer::default();
                while let Some(name) = map.next_key::<Name<'_>>()? {
                    match &*name.0 {
                        "id" => answer.id = id(map.next_value::<&RawValue>()?.into()),
                        "status" => {
                            answer.status = Json::from(map.next_value::<&RawValue>()?).whole();
                        }
                        "headers" => answer.headers = map.next_value::<Headers>()?.0,
                        "body" => answer.body = Some(map.next_value::<&RawValue>()?.into()),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(answer)
            }
        }

        from.deserialize_map(Properties)
    }
}

/// A string, borrowed where nothing in it is escaped.
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
    fn answers_are_found_by_id_in_any_order() {
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
    fn an_item_with_more_headers_than_any_map_holds_costs_no_other_item() {
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
    fn a_body_that_is_not_json_comes_as_a_string() {
        let body = r#"{"responses": [{"id": "1", "status": 502, "body": "<html>\u00fc"}]}"#;
        let answers = read(body, 1).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().body.as_str(), "<html>ü");
    }

    #[test]
    fn an_item_without_a_usable_answer_says_why() {
        let body = r#"{"responses": [
            {"id": "1", "status": 200}, {"id": "1", "status": 200}, {"id": "1", "status": 200},
            {"id": "2"}, {"id": "3", "status": 20}, {"id": "4", "status": "200"}
        ]}"#;
        let faults: Vec<_> = read(body, 5).unwrap().into_iter().map(Result::unwrap_err).collect();
        use Fault::{Missing, NoStatus, Twice};
        assert_eq!(faults, [Twice, NoStatus, NoStatus, NoStatus, Missing]);
    }

    #[test]
    fn what_is_not_the_answer_to_a_batch_is_told_for_what_it_is() {
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
        fn no_answer_makes_reading_panic(
            middle in r#"[\[\]{},:"\\a-z0-9.eE+ -]{0,40}"#,
            start in prop_oneof![Just(""), Just(r#"{"responses":["#), Just(r#"{"responses":[{"id":"1","status":"#)],
            end in prop_oneof![Just(""), Just("]}"), Just("}]}")],
            items in 0usize..3,
        ) {
            let _ = read(&format!("{start}{middle}{end}"), items);
        }
    }
}
