//! The body of a `$batch`, and what its answer says of each item.
//! <https://learn.microsoft.com/graph/json-batching#creating-a-batch-request>

use std::fmt::Write;

use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::failure::{Fault, Oddity};
use crate::json::{Json, Object};
use crate::transport::{HttpResponse, Message};

/// The body of a batch. An item's id is its place, counted from 1.
pub(super) fn write<'a>(messages: impl IntoIterator<Item = &'a Message>) -> String {
    let mut json = String::from(r#"{"requests":["#);
    for (index, message) in messages.into_iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let (method, url) = (&message.method, quoted(&below_version(&message.url)));
        let _ = write!(json, r#"{comma}{{"id":"{}","method":"{method}","url":{url}"#, index + 1);
        let _ = write!(json, r#","headers":{}"#, headers(&message.headers));
        if let Some(body) = &message.body {
            let _ = write!(json, r#","body":{body}"#);
        }
        json.push('}');
    }
    json.push_str("]}");
    json
}

/// A URL as an item has it: relative to the version, which is the batch's.
fn below_version(url: &Url) -> String {
    let path = url.path();
    let end = path[1..].find('/').map_or(path.len(), |end| end + 1);
    match url.query() {
        Some(query) => format!("{}?{query}", &path[end..]),
        None => path[end..].into(),
    }
}

/// The headers of an item. The token is the batch's, and so is what is the same for all. A name given twice has one value,
/// as HTTP joins them.
fn headers(headers: &HeaderMap) -> String {
    let is_of_batch = |name: &HeaderName, value: &HeaderValue| {
        *name == AUTHORIZATION || *name == ACCEPT && value == "application/json"
    };
    let field = |name: &HeaderName| {
        let values = headers.get_all(name).iter().filter(|value| !is_of_batch(name, value));
        let values: Vec<_> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        (!values.is_empty())
            .then(|| format!("{}:{}", quoted(name.as_str()), quoted(&values.join(", "))))
    };
    format!("{{{}}}", headers.keys().filter_map(field).collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The answers to the items of a batch, in their order. The body of each is JSON as it came, or the text that the service
/// put into a JSON string because it is none.
pub(super) fn read(body: &str, items: usize) -> Result<Vec<Result<HttpResponse, Fault>>, Oddity> {
    let json = Json::parse(body).map_err(|at| Oddity::NotJson(at.line(), at.column()))?;
    let object = json.object().ok_or_else(|| Oddity::Given(json.kind()))?;
    let responses = object.get("responses").and_then(Json::items);
    let responses = responses.ok_or(Oddity::Given("a JSON object without a list of responses"))?;
    let mut answers: Vec<Result<HttpResponse, Fault>> =
        (0..items).map(|_| Err(Fault::Missing)).collect();
    for response in responses.into_iter().filter_map(Json::object) {
        let place = id(&response).and_then(|id| answers.get_mut(id.checked_sub(1)?));
        if let Some(place) = place {
            let is_first = matches!(place, Err(Fault::Missing));
            *place = if is_first { answer(&response) } else { Err(Fault::Twice) };
        }
    }
    Ok(answers)
}

/// The id, which a service may write as a number.
fn id(response: &Object<'_>) -> Option<usize> {
    let id = response.get("id")?;
    id.text().unwrap_or_else(|| id.raw().into()).parse().ok()
}

fn answer(response: &Object<'_>) -> Result<HttpResponse, Fault> {
    let status = response.get("status").and_then(Json::whole);
    let is_status = |status: &u64| (100..600).contains(status);
    let status = status.filter(is_status).ok_or(Fault::NoStatus)?;
    let body = response.get("body").filter(|body| !body.is_null());
    Ok(HttpResponse {
        http_status: u16::try_from(status).map_err(|_| Fault::NoStatus)?,
        headers: response.object("headers").map(|it| header_map(&it)).unwrap_or_default(),
        body: body.map(|body| body.text().unwrap_or_else(|| body.raw().into())).unwrap_or_default(),
    })
}

fn header_map(headers: &Object<'_>) -> HeaderMap {
    let mut map = HeaderMap::new();
    for name in headers.names() {
        let value =
            headers.get(name).map(|value| value.text().unwrap_or_else(|| value.raw().into()));
        let field = HeaderName::try_from(name).ok().zip(value).and_then(|(name, value)| {
            Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        });
        if let Some((name, value)) = field {
            map.insert(name, value);
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::operation::{Request, SetPresence, Target};
    use crate::presence::{Activity, Availability};
    use crate::token::Token;

    fn message(request: Request) -> Message {
        let checked = request.check().unwrap();
        let url = format!("https://graph.microsoft.com{}", checked.path_and_query);
        let token = Token::new("secret-secret").unwrap();
        let body = checked.body.map(|body| body.to_json());
        Message::new(&request, Url::parse(&url).unwrap(), "c1", &token, body)
    }

    #[test]
    fn an_item_has_a_method_a_url_headers_and_a_body_and_the_token_is_the_batchs() {
        let busy = SetPresence {
            session_id: Some("s".into()),
            ..SetPresence::new(Availability::Busy, Activity::InACall)
        };
        let set = message(Request::set_presence(Target::user("a@b.c"), busy));
        let get = Request::get_presence(Target::Me).query("$select", "id");
        let get = message(get.header("Prefer", "a").header("prefer", "b\""));
        let wanted = concat!(
            r#"{"requests":[{"id":"1","method":"POST","url":"/users/a%40b.c/presence/setPresence","#,
            r#""headers":{"client-request-id":"c1","content-type":"application/json"},"#,
            r#""body":{"sessionId":"s","availability":"Busy","activity":"InACall"}},"#,
            r#"{"id":"2","method":"GET","url":"/me/presence?$select=id","#,
            r#""headers":{"prefer":"a, b\"","client-request-id":"c1"}}]}"#
        );
        assert_eq!(write([&set, &get]), wanted);
    }

    #[test]
    fn the_callers_headers_take_the_place_of_ours() {
        let request = Request::get_presence(Target::Me).header("Accept", "text/plain");
        let text = write([&message(request)]);
        assert!(text.contains(r#""accept":"text/plain""#), "{text}");
    }

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
    fn a_body_that_is_not_json_comes_as_a_string() {
        let body = r#"{"responses": [{"id": "1", "status": 502, "body": "<html>\u00fc"}]}"#;
        let answers = read(body, 1).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().body, "<html>ü");
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
