//! Writes the body of a `$batch`. <https://learn.microsoft.com/graph/json-batching#creating-a-batch-request>

use std::fmt::Write;

use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap};

use crate::json::push_string;
use crate::transport::Message;

/// The body of a batch. The id of an item is its position, counted from 1.
pub(super) fn write<'a>(messages: impl IntoIterator<Item = &'a Message>) -> String {
    let mut json = String::with_capacity(8 * 1024);
    json.push_str(r#"{"requests":["#);
    for (index, message) in messages.into_iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let method = &message.method;
        let _ = write!(json, r#"{comma}{{"id":"{}","method":"{method}","url":"#, index + 1);
        push_string(&mut json, &below_version(&message.url));
        json.push_str(r#","headers":"#);
        headers(&mut json, &message.headers);
        if let Some(body) = &message.body {
            json.push_str(r#","body":"#);
            json.push_str(body);
        }
        json.push('}');
    }
    json.push_str("]}");
    json
}

/// The URL of an item, relative to the API version, which the URL of the batch contains.
fn below_version(url: &Url) -> String {
    let path = url.path();
    let end = path[1..].find('/').map_or(path.len(), |end| end + 1);
    match url.query() {
        Some(query) => format!("{}?{query}", &path[end..]),
        None => path[end..].into(),
    }
}

/// The headers of an item. The token is a header of the batch, and JSON is accepted by default. Values of a name that
/// is given twice are joined, as in HTTP.
fn headers(json: &mut String, headers: &HeaderMap) {
    json.push('{');
    let mut comma = "";
    for name in headers.keys().filter(|name| **name != AUTHORIZATION) {
        let values = headers.get_all(name).iter();
        let values: Vec<_> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        if *name == ACCEPT && values == ["application/json"] {
            continue;
        }
        json.push_str(comma);
        comma = ",";
        push_string(json, name.as_str());
        json.push(':');
        push_string(json, &values.join(", "));
    }
    json.push('}');
}

#[cfg(test)]
mod tests {
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
    fn an_item_has_a_method_a_url_headers_and_a_body_but_no_token() {
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
    fn the_callers_headers_replace_the_defaults() {
        let request = Request::get_presence(Target::Me).header("Accept", "text/plain");
        let text = write([&message(request)]);
        assert!(text.contains(r#""accept":"text/plain""#), "{text}");
    }
}
