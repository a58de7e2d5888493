//! Values that Graph would reject, or that would change the path, are rejected without a request, each with its own
//! text.

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
        (to("../../x"), Status::InvalidId, "User id \"../../x\" would change the path"),
        (to(".."), Status::InvalidId, "User id \"..\" would change the path"),
        (to("a/b?c#d"), Status::InvalidId, "User id \"a/b?c#d\" would change the path"),
        (to(""), Status::InvalidId, "User id \"\" is empty"),
        (to(&long), Status::InvalidId, "… (65536 characters)\" is too long"),
        (with_duration("1h"), Status::InvalidDuration, "Write PT1H."),
        (with_duration("PT4M"), Status::InvalidDuration, "PT4M is outside PT5M to PT4H"),
        (with_duration("P1Y"), Status::InvalidDuration, "P1Y counts years"),
        (with_duration("-PT5M"), Status::InvalidDuration, "-PT5M is negative. Write PT5M."),
        (with_duration("60"), Status::InvalidDuration, "\"60\" is not an ISO 8601 duration"),
        (
            Request::set_presence(adele(), SetPresence::new("Busy".into(), "Busy".into())),
            Status::InvalidPair,
            "With Busy use InACall or InAConferenceCall",
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
fn an_argument_that_is_too_long_is_rejected_without_a_request() {
    let graph = Graph::start();
    let ids = vec!["'fa8bf3dc-eca7-46b7-bad1-db199b62afc3'"; 1_600].join(",");
    let link = format!("{}/v1.0/x?{}", graph.emulator.url(), "a".repeat(70_000));
    let many = (0..25_000).fold(busy(), |request, n| request.header(format!("X-{n}"), ""));
    for (request, status, text) in [
        (
            with_duration(&"-".repeat(12_000)),
            Status::InvalidDuration,
            "(12000 characters)\" is too long",
        ),
        (with_duration(&"P1D".repeat(40_000)), Status::InvalidDuration, "is too long"),
        (
            busy().header("X".repeat(65_536), "x"),
            Status::InvalidHeader,
            "have 65537 bytes. Give at most",
        ),
        (busy().header("X".repeat(300), "x"), Status::InvalidHeader, "has a name of more than 256"),
        (
            busy().header("X", "x".repeat(65_536)),
            Status::InvalidHeader,
            "have 65537 bytes. Give at most",
        ),
        (many, Status::InvalidHeader, "The request has 25000 headers. Give at most 64."),
        (
            Request::list_presences().query("$filter", format!("id in ({ids})")),
            Status::InvalidQuery,
            "at most 64000 can be sent",
        ),
        (
            Request::list_presences().query("x".repeat(70_000), "x"),
            Status::InvalidQuery,
            "at most 64000",
        ),
        (Request::next_page(&link), Status::Origin, "The link to the next page has 700"),
    ] {
        let error = graph.refusal(request);
        let (got, sentence) = told(&error);
        assert_eq!((got, error.attempts()), (status, 0), "{sentence}");
        assert!(sentence.contains(text) && sentence.len() < 300, "{sentence}");
    }
    assert_eq!(graph.sent(), 0);
}

#[test]
fn a_number_is_not_a_duration() {
    for (number, text) in [
        ("3600", "write PT3600S for seconds"),
        ("1e400", "\"1e400\" is not an ISO 8601 duration"),
        ("0.5", "\"0.5\" is not an ISO 8601 duration"),
    ] {
        let error = Graph::start().refusal(raw_set(&format!(
            r#"{{"sessionId": "a", "availability": "Busy", "activity": "InACall", "expirationDuration": {number}}}"#
        )));
        assert_eq!(error.status(), Status::InvalidDuration, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn a_body_that_is_not_a_json_object_is_rejected_at_once() {
    for (body, text) in [
        ("", "The body is not JSON at line 1, column 0. Give a JSON object."),
        ("{\"a\": 1,}", "The body is not JSON at line 1, column 9. Give a JSON object."),
        ("[1]", "The body is a JSON array. Give a JSON object."),
        ("7", "The body is a JSON number. Give a JSON object."),
        (" null", "The body is null. Give a JSON object."),
        ("\"x\"", "The body is a JSON string. Give a JSON object."),
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
    assert!(error.to_string().contains("Give the application's client id"), "{error}");
    assert_eq!(graph.sent(), 0);
}

#[test]
fn a_session_id_is_never_added_to_a_complete_body() {
    let graph = Graph::start();
    let body = r#"{"availability": "Busy", "activity": "InACall"}"#;
    let error = graph.refusal(raw_set(body));
    assert_eq!((error.status(), graph.sent()), (Status::InvalidSessionId, 0));
    let error = graph.refusal(raw_set(body).skip_validation());
    assert_eq!(error.status(), Status::BadRequest);
    assert!(graph.emulator.sent()[0].body.get("sessionId").is_none());
}

#[test]
fn unknown_properties_are_sent_unchanged() {
    let graph = Graph::start();
    let odd = r#"{"sessionId": "another", "availability": "Busy", "activity": "InACall", "x": [1e+400, 12345678901234567890123, -0.10]}"#;
    let trace = graph.refusal(raw_set(odd).trace()).trace().to_string();
    assert!(trace.contains(r#""x":[1e+400, 12345678901234567890123, -0.10]"#), "{trace}");
}
