//! What Graph would refuse, or what would change the path, is refused before a byte is sent, each with its own text.

use std::collections::HashSet;

use mgpresence::{Operation, Request, SetPresence, Status, Target};

use crate::support::{Graph, adele, busy, raw_set, told};

fn with_duration(duration: &str) -> Request {
    raw_set(&format!(
        r#"{{"sessionId": "a", "availability": "Busy", "activity": "InACall", "expirationDuration": "{duration}"}}"#
    ))
}

#[test]
fn each_bad_value_has_its_own_status_and_text_and_nothing_is_sent() {
    let graph = Graph::start();
    let long = "a".repeat(64 * 1024);
    let to = |id: &str| Request::get_presence(Target::user(id));
    let cases = [
        (to("../../x"), Status::InvalidId, "user id \"../../x\" would change the path"),
        (to(".."), Status::InvalidId, "user id \"..\" would change the path"),
        (to("a/b?c#d"), Status::InvalidId, "user id \"a/b?c#d\" would change the path"),
        (to(""), Status::InvalidId, "user id \"\" is empty"),
        (to(&long), Status::InvalidId, "… (65536 characters)\" is too long"),
        (with_duration("1h"), Status::InvalidDuration, "write PT1H"),
        (with_duration("PT4M"), Status::InvalidDuration, "PT4M is outside PT5M to PT4H"),
        (with_duration("P1Y"), Status::InvalidDuration, "P1Y counts years"),
        (with_duration("-PT5M"), Status::InvalidDuration, "-PT5M is negative; write PT5M"),
        (with_duration("60"), Status::InvalidDuration, "\"60\" is not an ISO 8601 duration"),
        (
            Request::set_presence(adele(), SetPresence::new("Busy".into(), "Busy".into())),
            Status::InvalidPair,
            "with Busy use InACall or InAConferenceCall",
        ),
        (
            Request::new(Operation::SetPresence, adele()),
            Status::InvalidBody,
            "setPresence needs a body with sessionId, availability and activity",
        ),
        (busy().header("X", "a\r\nb"), Status::InvalidHeader, "line break"),
        (busy().header("authorization", "x"), Status::InvalidHeader, "is set from the credential"),
        (busy().query("a b", "x"), Status::InvalidQuery, "is not a name"),
    ];
    let mut texts = HashSet::new();
    for (request, status, text) in cases {
        let error = graph.refusal(request);
        let (got, sentence) = told(&error);
        assert_eq!(got, status, "{sentence}");
        assert!(sentence.contains(text), "{sentence}");
        assert_eq!((error.http_status(), error.attempts()), (None, 0));
        texts.insert(sentence);
    }
    assert_eq!((graph.sent(), texts.len()), (0, 15));
}

#[test]
fn a_body_that_is_no_json_object_is_refused_when_it_is_given() {
    for (body, text) in [
        ("", "the body is not JSON at line 1, column 0; give a JSON object"),
        ("{\"a\": 1,}", "the body is not JSON at line 1, column 9; give a JSON object"),
        ("[1]", "the body is a JSON array; setPresence takes a JSON object"),
        ("7", "the body is a JSON number; setPresence takes a JSON object"),
        (" null", "the body is null; setPresence takes a JSON object"),
        ("\"x\"", "the body is a JSON string; setPresence takes a JSON object"),
    ] {
        let error = Request::new(Operation::SetPresence, adele()).body_json(body).unwrap_err();
        assert_eq!(told(&error), (Status::InvalidBody, text.to_string()));
    }
}

#[test]
fn without_validation_the_service_decides_but_the_path_is_kept() {
    let graph = Graph::start();
    let error = graph.refusal(
        Request::set_presence(adele(), SetPresence::new("Busy".into(), "Busy".into()))
            .skip_validation(),
    );
    assert_eq!((error.status(), graph.sent()), (Status::BadRequest, 1));
    assert_eq!(error.graph_code(), Some("InvalidArgument"));
    let error = graph.refusal(Request::get_presence(Target::user("../x")).skip_validation());
    assert_eq!((error.status(), graph.sent()), (Status::InvalidId, 1));
}

#[test]
fn a_session_id_is_asked_for_where_the_token_names_no_application() {
    let graph = Graph::start();
    let error = graph.refusal(busy().access_token("opaque").unwrap());
    assert_eq!(error.status(), Status::InvalidSessionId);
    assert!(error.to_string().contains("give the application's client id"), "{error}");
    assert_eq!(graph.sent(), 0);
}

#[test]
fn a_session_id_is_never_added_to_a_body_that_was_given_whole() {
    let graph = Graph::start();
    let error = graph.refusal(raw_set(r#"{"availability": "Busy", "activity": "InACall"}"#));
    assert_eq!(error.status(), Status::BadRequest);
    assert!(graph.emulator.sent()[0].body.get("sessionId").is_none());
}

#[test]
fn what_graph_may_learn_goes_out_as_it_was_written() {
    let graph = Graph::start();
    let odd = r#"{"availability": "Busy", "activity": "InACall", "x": [1e+400, 12345678901234567890123, -0.10]}"#;
    let trace = graph.refusal(raw_set(odd).trace()).trace().to_string();
    assert!(trace.contains(r#""x":[1e+400, 12345678901234567890123, -0.10]"#), "{trace}");
}
