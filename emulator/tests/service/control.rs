//! The control API and the handle: what a test may do to the emulator.

use mgpresence_emulator::{Emulator, Fault};
use serde_json::{Value, json};

use crate::client::{Client, session};

/// The control API needs no token.
fn control(emulator: &Emulator) -> Client {
    Client::new(emulator, String::new())
}

#[test]
fn what_was_received_can_be_read_back_and_forgotten() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let control = control(&emulator);
    let body = session("Away", "Away");
    app.call(
        "POST",
        "/v1.0/users/adele/presence/setPresence?x=1",
        Some(body.clone()),
        &[("X-Mine", "1")],
    );

    let requests = control.get("/_emulator/requests").json();
    assert_eq!(requests.as_array().unwrap().len(), 1);
    let request = &requests[0];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["path"], "/v1.0/users/adele/presence/setPresence?x=1");
    assert_eq!(
        (&request["status"], &request["headers"]["x-mine"], &request["body"]),
        (&json!(200), &json!("1"), &body)
    );
    assert_eq!(emulator.sent()[0].header("X-Mine"), Some("1"));

    assert_eq!(control.call("DELETE", "/_emulator/requests", None, &[]).status, 204);
    assert!(emulator.sent().is_empty());
}

#[test]
fn a_web_page_can_neither_steer_the_emulator_nor_read_from_it() {
    let emulator = Emulator::start();
    let control = control(&emulator);
    let origin = [("Origin", "https://contoso.com"), ("Content-Type", "text/plain")];
    let posted = control.call("POST", "/_emulator/reset", None, &origin);
    assert!(posted.error().starts_with("403 Forbidden: The control API is not for web pages"));

    let requests = |host| control.call("GET", "/_emulator/requests", None, &[("Host", host)]);
    assert!(requests("contoso.com:80").error().contains("--allow-remote"));
    assert_eq!((requests("localhost:80").status, requests("127.0.0.1").status), (200, 200));
}

#[test]
fn other_machines_may_use_any_name_of_a_remote_emulator() {
    let emulator = Emulator::builder().allow_remote().start().unwrap();
    let host = [("Host", "emulator.contoso.com")];
    assert_eq!(control(&emulator).call("GET", "/_emulator/requests", None, &host).status, 200);
}

#[test]
fn many_received_requests_arrive_in_order_in_one_answer() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    for number in 0..300 {
        app.get(&format!("/v1.0/users/adele/presence?number={number}"));
    }
    let requests = control(&emulator).get("/_emulator/requests").json();
    let paths = requests.as_array().unwrap().iter().map(|request| request["path"].clone());
    let expected = (0..300).map(|number| format!("/v1.0/users/adele/presence?number={number}"));
    assert!(paths.eq(expected.map(Value::from)), "{requests}");
}

#[test]
fn the_clock_can_be_set_advanced_and_scaled() {
    let emulator = Emulator::builder().time_scale(0.0).start().unwrap();
    let control = control(&emulator);
    let answer =
        control.post("/_emulator/clock", json!({"set": "2026-08-18T10:00:00Z", "advance": "PT5M"}));
    assert_eq!(answer.json(), json!({"now": "2026-08-18T10:05:00Z", "scale": 0.0}));
    control.post("/_emulator/clock", json!({"advance": 30}));
    assert_eq!(emulator.now().to_string(), "2026-08-18T10:05:30Z");
    assert_eq!(control.post("/_emulator/clock", json!({"scale": 60})).json()["scale"], 60.0);
    for wrong in [
        json!({"advance": "5 minutes"}),
        json!({"scale": -1}),
        json!({"forward": "PT5M"}),
        json!({"set": "noon"}),
    ] {
        assert_eq!(control.post("/_emulator/clock", wrong.clone()).status, 400, "{wrong}");
    }
}

#[test]
fn faults_are_added_listed_and_removed() {
    let emulator = Emulator::start();
    let control = control(&emulator);
    let rules = json!([{"kind": "answer", "status": 503, "match": {"path": "/v1.0/*"}}, {"kind": "close", "nth": 9}]);
    assert_eq!(control.post("/_emulator/faults", rules).json(), json!({"ids": [1, 2]}));
    let app = Client::of_application(&emulator);
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 503);
    assert_eq!(control.get("/_emulator/faults").json()[0]["done"], 1);
    assert_eq!(control.call("DELETE", "/_emulator/faults/1", None, &[]).status, 204);
    assert_eq!(control.call("DELETE", "/_emulator/faults/1", None, &[]).status, 404);
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 200);
    assert_eq!(control.post("/_emulator/faults", json!({"kind": "explode"})).status, 400);
    let refused = control.post("/_emulator/faults", json!([{}, {"status": 1000}])).error();
    assert_eq!(
        refused,
        "400 BadRequest: status 1000 is not the status of an answer; use 200 to 599"
    );
    assert_eq!(control.get("/_emulator/faults").json().as_array().unwrap().len(), 1);
}

#[test]
fn a_user_without_a_name_is_refused() {
    let emulator = Emulator::start();
    for user in [
        json!({}),
        json!(""),
        json!({"id": ""}),
        json!({"displayName": "Zoe"}),
        json!(["zoe", " "]),
    ] {
        let answer = control(&emulator).post("/_emulator/users", user.clone());
        assert!(answer.error().contains("a user needs an id"), "{user}: {}", answer.text);
    }
    assert_eq!(control(&emulator).get("/_emulator/users").json().as_array().unwrap().len(), 4);
}

#[test]
fn users_clients_and_tokens_come_on_request() {
    let emulator = Emulator::start();
    let control = control(&emulator);
    let users = control
        .post("/_emulator/users", json!(["zoe", {"userPrincipalName": "yan@contoso.example"}]))
        .json();
    assert_eq!(users[0]["userPrincipalName"], "zoe@contoso.example");

    let body = json!({"name": "web", "availability": "Busy", "activity": "InAMeeting"});
    assert_eq!(control.post("/_emulator/users/zoe/clients", body).status, 200);
    let request = json!({"user": "zoe", "permissions": ["Presence.Read"]});
    let token =
        control.post("/_emulator/tokens", request).json()["token"].as_str().unwrap().to_owned();
    let zoe = Client::new(&emulator, token);
    assert_eq!(zoe.get("/v1.0/me/presence").json()["activity"], "InAMeeting");
    assert_eq!(control.call("DELETE", "/_emulator/users/zoe/clients/web", None, &[]).status, 204);
    assert_eq!(control.call("DELETE", "/_emulator/users/zoe/clients/web", None, &[]).status, 404);
    assert_eq!(zoe.get("/v1.0/me/presence").json()["activity"], "Offline");
}

#[test]
fn what_comes_from_mailbox_and_calendar_is_set_by_the_test() {
    let emulator = Emulator::start();
    let settings = json!({"message": "away", "isOutOfOffice": true});
    let body = json!({"outOfOfficeSettings": settings, "scheduledLocation": {"workLocationType": "office"}});
    assert_eq!(
        control(&emulator).call("PATCH", "/_emulator/users/adele", Some(body), &[]).status,
        204
    );
    assert_eq!(emulator.presence("adele")["outOfOfficeSettings"], settings);
    assert_eq!(emulator.presence("adele")["workLocation"]["source"], "scheduled");
}

#[test]
fn a_reset_restores_the_start() {
    let emulator = Emulator::builder().user("adele").start().unwrap();
    let app = Client::of_application(&emulator);
    let control = control(&emulator);
    let added = ["applications", "tenants"].map(|name| format!("/_emulator/{name}"));
    let at_start = added.each_ref().map(|list| control.get(list).json());
    control.post(&added[0], json!({"appId": "other", "secrets": ["secret"]}));
    control.post(&added[1], json!({"id": "fabrikam", "domain": "fabrikam.example"}));
    assert_ne!(added.each_ref().map(|list| control.get(list).json()), at_start);
    control.post("/_emulator/users", json!("zoe"));
    control.post("/_emulator/faults", json!({"kind": "answer", "status": 503, "nth": 2}));
    app.post("/v1.0/users/adele/presence/setPresence", session("Away", "Away"));
    emulator.advance("P1D");
    assert_eq!(control.post("/_emulator/reset", Value::Null).status, 204);
    assert!(emulator.sent().is_empty());
    assert_eq!(added.each_ref().map(|list| control.get(list).json()), at_start);
    assert_eq!(app.shown("adele"), "Offline/Offline");
    assert_eq!(app.shown("adele"), "Offline/Offline");
    assert_eq!(app.get("/v1.0/users/zoe/presence").status, 404);
}

#[test]
fn chance_is_the_same_after_a_reset_and_whoever_asked_for_tokens() {
    let emulator = Emulator::builder().fault(Fault::answer(503).probability(0.5)).start().unwrap();
    let statuses = |client: &Client| {
        (0..20).map(|_| client.get("/v1.0/users/adele/presence").status).collect::<Vec<_>>()
    };
    let at_start = statuses(&Client::of_application(&emulator));
    emulator.reset();
    assert_eq!(statuses(&Client::of_application(&emulator)), at_start);
    emulator.reset();
    let (_, adele) = (Client::of_application(&emulator), Client::of_user(&emulator, "adele"));
    assert_eq!(statuses(&adele), at_start);
}

#[test]
fn a_wrong_control_path_or_method_says_so() {
    let emulator = Emulator::start();
    let control = control(&emulator);
    assert_eq!(control.get("/_emulator").json()["url"], emulator.url());
    assert_eq!(control.get("/_emulator/nothing").status, 404);
    assert_eq!(control.call("PUT", "/_emulator/requests", None, &[]).status, 405);
    assert!(emulator.sent().is_empty());
}

#[test]
fn an_address_that_is_not_loopback_must_be_asked_for_twice() {
    let address = "0.0.0.0".parse().unwrap();
    let error = Emulator::builder().address(address).start().unwrap_err();
    assert!(error.to_string().starts_with("0.0.0.0 is not a loopback address"), "{error}");
    assert!(Emulator::builder().address(address).allow_remote().start().is_ok());
}

#[test]
fn two_emulators_with_one_seed_make_up_the_same() {
    let run = || {
        let emulator = Emulator::builder().seed(11).made_up_users(3).start().unwrap();
        let answer = Client::new(&emulator, String::new()).get("/v1.0/me/presence");
        (answer.header("request-id").to_owned(), control(&emulator).get("/_emulator/users").text)
    };
    assert_eq!(run(), run());
}

#[test]
fn the_port_is_closed_after_the_drop() {
    let emulator = Emulator::start();
    let address = emulator.address();
    assert!(std::net::TcpStream::connect(address).is_ok());
    drop(emulator);
    assert!(std::net::TcpStream::connect(address).is_err());
}
