//! setPresence and clearPresence: <https://learn.microsoft.com/graph/api/presence-setpresence>

use mgpresence_emulator::{APP_ID, Emulator};
use serde_json::{Value, json};

use crate::client::{Client, session};

const PATH: &str = "/v1.0/users/adele/presence/setPresence";

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[test]
fn the_five_pairs_are_accepted_and_shown() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    for (availability, activity) in [
        ("Available", "Available"),
        ("Busy", "InACall"),
        ("Busy", "InAConferenceCall"),
        ("Away", "Away"),
        ("DoNotDisturb", "Presenting"),
    ] {
        let answer = app.post(PATH, session(availability, activity));
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        assert_eq!(app.shown("adele"), format!("{availability}/{activity}"));
    }
}

#[test]
fn every_binding_reaches_the_same_user_in_both_versions() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    for binding in [
        "me/presence",
        "users/AdeleV@contoso.example/presence",
        "communications/presences/fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
    ] {
        for (version, status) in [("v1.0", 200), ("beta", 204)] {
            for action in ["setPresence", "microsoft.graph.setPresence"] {
                emulator.reset();
                let path = format!("/{version}/{binding}/{action}");
                assert_eq!(adele.post(&path, session("Busy", "InACall")).status, status, "{path}");
                assert_eq!(emulator.presence("adele")["activity"], "InACall", "{path}");
            }
        }
    }
}

#[test]
fn a_refused_body_is_refused_in_the_services_words() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let good = session("Available", "Available");
    let range = "400 InvalidArgument: The provided [ExpirationDuration] is out of range.";
    let pair = "400 InvalidArgument: The provided combination of [Availability] and [Activity] is not supported.";
    for (body, error) in [
        (json!({}), "400 InvalidArgument: [SessionId]: The SessionId field is required."),
        (
            with(good.clone(), "sessionId", "".into()),
            "400 InvalidArgument: [SessionId]: The SessionId field is required.",
        ),
        (
            with(good.clone(), "sessionId", "other".into()),
            "400 InvalidArgument: The provided [SessionId] is not the id of the calling application.",
        ),
        (
            with(good.clone(), "availability", Value::Null),
            "400 InvalidArgument: [Availability]: The Availability field is required.",
        ),
        (
            with(good.clone(), "activity", Value::Null),
            "400 InvalidArgument: [Activity]: The Activity field is required.",
        ),
        (session("Busy", "Busy"), pair),
        (session("available", "available"), pair),
        (session("BeRightBack", "BeRightBack"), pair),
        (with(good.clone(), "expirationDuration", "PT4M59S".into()), range),
        (with(good.clone(), "expirationDuration", "PT4H1S".into()), range),
        (with(good.clone(), "expirationDuration", "-PT1H".into()), range),
        (with(good.clone(), "expirationDuration", "PT".into()), range),
        (
            with(good.clone(), "expirationDuration", "1h".into()),
            "400 BadRequest: Cannot convert the literal '1h' to the expected type 'Edm.Duration'.",
        ),
        (
            with(good.clone(), "expirationDuration", "P1W".into()),
            "400 BadRequest: Cannot convert the literal 'P1W' to the expected type 'Edm.Duration'.",
        ),
        (
            with(good.clone(), "sessionId", 5.into()),
            "400 BadRequest: Cannot convert the literal '5' to the expected type 'Edm.String'.",
        ),
    ] {
        assert_eq!(app.post(PATH, body.clone()).error(), error, "{body}");
    }
    assert_eq!(app.shown("adele"), "Offline/Offline");
    for duration in ["PT5M", "PT240M", "PT3600S", "P0DT4H"] {
        assert_eq!(
            app.post(PATH, with(good.clone(), "expirationDuration", duration.into())).status,
            200,
            "{duration}"
        );
    }
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    assert_eq!(
        app.call("POST", PATH, None, &[]).error(),
        "400 BadRequest: Empty Payload. JSON content expected."
    );
    assert_eq!(app.post(PATH, json!([1])).status, 400);
    assert_eq!(app.post(PATH, "text".into()).status, 400);
}

#[test]
fn the_body_is_checked_before_the_permission() {
    let emulator = Emulator::start();
    let reader = Client::new(
        &emulator,
        emulator.token(APP_ID).user("adele").permissions(&["User.Read"]).mint(),
    );
    assert_eq!(
        reader.post(PATH, json!({})).error(),
        "400 InvalidArgument: [SessionId]: The SessionId field is required."
    );
    assert_eq!(reader.post(PATH, session("Away", "Away")).error(), "403 Forbidden: ");
}

#[test]
fn a_delegated_token_writes_only_its_own_user() {
    let emulator = Emulator::start();
    let alex = Client::of_user(&emulator, "alex");
    assert_eq!(
        alex.post(PATH, session("Away", "Away")).error(),
        "401 Unauthorized: Cannot set the presence of another user"
    );
}

#[test]
fn me_needs_a_signed_in_user() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let answer = app.post("/v1.0/me/presence/setPresence", session("Away", "Away"));
    assert_eq!(
        answer.error(),
        "400 BadRequest: /me request is only valid with delegated authentication flow."
    );
}

#[test]
fn an_unknown_user_is_not_found() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    for id in ["nobody", "..%2F..%2Fx", "a%2Fb%3Fc%23d"] {
        let path = format!("/v1.0/users/{id}/presence/setPresence");
        let error = app.post(&path, session("Away", "Away")).error();
        assert!(error.starts_with("404 Request_ResourceNotFound: "), "{id}: {error}");
    }
}

#[test]
fn a_session_is_offline_when_it_expires_and_available_fades_before() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    app.post(PATH, with(session("Available", "Available"), "expirationDuration", "PT1H".into()));
    for (step, shown) in [
        ("PT4M", "Available/Available"),
        ("PT1M", "Available/AvailableInactive"),
        ("PT5M", "Away/Away"),
        ("PT49M", "Away/Away"),
        ("PT1M", "Offline/Offline"),
    ] {
        emulator.advance(step);
        assert_eq!(app.shown("adele"), shown, "after {step} more");
    }
}

#[test]
fn renewing_keeps_available() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    for _ in 0..4 {
        app.post(PATH, session("Available", "Available"));
        emulator.advance("PT4M");
        assert_eq!(app.shown("adele"), "Available/Available");
    }
}

#[test]
fn each_application_has_its_own_session() {
    let emulator = Emulator::start();
    let other = Client::new(&emulator, emulator.token("other-app").mint());
    let app = Client::of_application(&emulator);
    app.post(PATH, session("Away", "Away"));
    other.post(
        PATH,
        json!({"sessionId": "other-app", "availability": "Busy", "activity": "InACall"}),
    );
    assert_eq!(app.shown("adele"), "Busy/InACall");
    other.post("/v1.0/users/adele/presence/clearPresence", json!({"sessionId": "other-app"}));
    assert_eq!(app.shown("adele"), "Away/Away");
}

#[test]
fn clearing_the_only_session_leaves_offline_and_a_second_time_404() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let (path, body) = ("/v1.0/users/adele/presence/clearPresence", json!({"sessionId": APP_ID}));
    assert_eq!(
        app.post(path, json!({})).error(),
        "400 InvalidArgument: [SessionId]: The SessionId field is required."
    );
    app.post(PATH, session("Busy", "InACall"));
    assert_eq!(app.post(path, body.clone()).status, 200);
    assert_eq!(app.shown("adele"), "Offline/Offline");
    assert_eq!(app.post(path, body).error(), "404 NotFound: The presence session was not found.");
}

#[test]
fn another_applications_session_cannot_be_cleared() {
    let emulator = Emulator::start();
    let other = Client::new(&emulator, emulator.token("other-app").mint());
    Client::of_application(&emulator).post(PATH, session("Busy", "InACall"));
    let answer =
        other.post("/v1.0/users/adele/presence/clearPresence", json!({"sessionId": APP_ID}));
    assert_eq!(answer.status, 404);
    assert_eq!(other.shown("adele"), "Busy/InACall");
}

#[test]
fn a_session_id_or_spelling_of_ones_own_is_an_option() {
    let emulator = Emulator::builder().any_session_id().any_case().start().unwrap();
    let app = Client::of_application(&emulator);
    let body = json!({"sessionId": "mine", "availability": "busy", "activity": "inACall"});
    assert_eq!(app.post(PATH, body).status, 200);
    assert_eq!(app.shown("adele"), "Busy/InACall");
}
