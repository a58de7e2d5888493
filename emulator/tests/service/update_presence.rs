//! PATCH, POST and DELETE of a presence: in the metadata, on no page, and 404 from the live service.

use mgpresence_emulator::Emulator;
use serde_json::json;

use crate::client::{Client, session};

#[test]
fn an_update_answers_with_the_object_and_is_shown() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    for path in
        ["/v1.0/me/presence", "/v1.0/users/adele/presence", "/beta/communications/presences/adele"]
    {
        emulator.reset();
        let body = json!({"@odata.type": "#microsoft.graph.presence", "availability": "Busy", "activity": "Focusing"});
        let answer = adele.call("PATCH", path, Some(body), &[]);
        assert_eq!(answer.status, 200, "{path}");
        let presence = answer.json();
        assert_eq!(presence["@odata.type"], "#microsoft.graph.presence");
        assert_eq!(presence["id"], "fa8bf3dc-eca7-46b7-bad1-db199b62afc3");
        assert_eq!(adele.shown("adele"), "Busy/Focusing", "{path}");
    }
}

#[test]
fn an_update_changes_only_what_it_names() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    let settings = json!({"message": "back in May", "isOutOfOffice": true});
    adele.call(
        "PATCH",
        "/v1.0/me/presence",
        Some(json!({"availability": "Busy", "activity": "Busy"})),
        &[],
    );
    adele.call("PATCH", "/v1.0/me/presence", Some(json!({"outOfOfficeSettings": settings})), &[]);
    let presence = adele.get("/v1.0/me/presence").json();
    assert_eq!(presence["outOfOfficeSettings"], settings);
    assert_eq!(presence["availability"], "Busy");
}

#[test]
fn a_presence_is_created_for_the_id_in_the_body_or_the_signed_in_user() {
    let emulator = Emulator::start();
    let path = "/v1.0/communications/presences";
    let app = Client::of_application(&emulator);
    let answer = app.post(path, json!({"id": "ba441c11-1c11-ba44-111c-44ba111c44ba", "availability": "Away", "activity": "Away"}));
    assert_eq!(
        (answer.status, &answer.json()["@odata.type"]),
        (201, &json!("#microsoft.graph.presence"))
    );
    assert_eq!(app.shown("megan"), "Away/Away");

    let body = json!({"availability": "Available", "activity": "Available"});
    let answer = Client::of_user(&emulator, "alex").post(path, body.clone());
    assert_eq!(
        (answer.status, answer.json()["id"].as_str().unwrap()),
        (201, emulator.user_id("alex").as_str())
    );

    let error =
        "400 InvalidArgument: [Id]: The Id field is required when the token belongs to no user.";
    assert_eq!(app.post(path, body).error(), error);
}

#[test]
fn the_next_documented_write_ends_an_update() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    adele.call("PATCH", "/v1.0/me/presence", Some(json!({"availability": "DoNotDisturb"})), &[]);
    adele.post("/v1.0/me/presence/setPresence", session("Away", "Away"));
    assert_eq!(adele.shown("adele"), "Away/Away");
}

#[test]
fn a_deleted_presence_is_offline() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    adele.post("/v1.0/me/presence/setPresence", session("Away", "Away"));
    assert_eq!(adele.call("DELETE", "/v1.0/me/presence", None, &[]).status, 204);
    assert_eq!(adele.shown("adele"), "Offline/Offline");
}

#[test]
fn a_delegated_token_updates_only_its_own_user() {
    let emulator = Emulator::start();
    let alex = Client::of_user(&emulator, "alex");
    let answer = alex.call(
        "PATCH",
        "/v1.0/users/adele/presence",
        Some(json!({"availability": "Away"})),
        &[],
    );
    assert_eq!(answer.error(), "401 Unauthorized: Cannot set the presence of another user");
}

#[test]
fn a_strict_emulator_answers_as_the_live_service() {
    let emulator = Emulator::builder().strict().start().unwrap();
    let adele = Client::of_user(&emulator, "adele");
    let body = Some(json!({"availability": "Busy", "activity": "Busy"}));
    for (method, path) in [
        ("PATCH", "/v1.0/me/presence"),
        ("PATCH", "/beta/users/adele/presence"),
        ("DELETE", "/v1.0/me/presence"),
        ("POST", "/v1.0/communications/presences"),
    ] {
        assert_eq!(
            adele.call(method, path, body.clone(), &[]).error(),
            "404 NotFound: ",
            "{method} {path}"
        );
    }
    assert_eq!(adele.shown("adele"), "Offline/Offline");
}
