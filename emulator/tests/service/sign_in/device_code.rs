//! The device code flow: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>

use mgpresence_emulator::{APP_ID, Emulator};
use serde_json::{Value, json};

use super::{anonymous, claims, post, refusal};
use crate::client::{Client, session};

#[test]
fn a_device_code_waits_for_the_user() {
    let emulator = Emulator::builder().device_code_interval(1).start().unwrap();
    let scope = "Presence.ReadWrite offline_access";
    let opened = post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", scope)]).json();
    assert_eq!((&opened["expires_in"], &opened["interval"]), (&json!(900), &json!(1)));
    let code = opened["device_code"].as_str().unwrap().to_owned();
    let poll = || {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        post(
            &emulator,
            "token",
            &[("grant_type", grant), ("client_id", APP_ID), ("device_code", &code)],
        )
    };
    assert_eq!(refusal(&poll()), "400 authorization_pending AADSTS70016");

    let control = anonymous(&emulator);
    assert_eq!(control.get("/_emulator/signIns").json()[0]["userCode"], opened["user_code"]);
    let path = format!("/_emulator/signIns/{}", opened["user_code"].as_str().unwrap());
    assert_eq!(control.post(&path, json!({"user": "adele"})).status, 204);
    let body = poll().json();
    assert_eq!(body["scope"], "Presence.ReadWrite");
    let adele = Client::new(&emulator, body["access_token"].as_str().unwrap().into());
    assert_eq!(adele.post("/v1.0/me/presence/setPresence", session("Away", "Away")).status, 200);
    assert_eq!(refusal(&poll()), "400 bad_verification_code AADSTS70000");

    let refresh = body["refresh_token"].as_str().unwrap().to_owned();
    let form =
        [("grant_type", "refresh_token"), ("client_id", APP_ID), ("refresh_token", &refresh)];
    let renewed = post(&emulator, "token", &form).json();
    assert!(
        renewed["refresh_token"].is_string() && renewed["refresh_token"] != body["refresh_token"]
    );
    assert_eq!(control.call("DELETE", "/_emulator/signIns", None, &[]).status, 204);
    assert_eq!(refusal(&post(&emulator, "token", &form)), "400 invalid_grant AADSTS50173");
}

#[test]
fn a_device_code_may_be_declined_or_expire() {
    let emulator = Emulator::start();
    let open = || {
        post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", "Presence.Read")]).json()
    };
    let poll = |opened: &Value| {
        let code = opened["device_code"].as_str().unwrap();
        post(
            &emulator,
            "token",
            &[("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)],
        )
    };
    let declined = open();
    let path = format!("/_emulator/signIns/{}", declined["user_code"].as_str().unwrap());
    anonymous(&emulator).post(&path, json!({"decline": true}));
    assert_eq!(refusal(&poll(&declined)), "400 authorization_declined AADSTS70017");
    let late = open();
    emulator.advance("PT15M");
    assert_eq!(refusal(&poll(&late)), "400 expired_token AADSTS70020");
}

#[test]
fn a_device_may_be_told_to_slow_down() {
    let emulator = Emulator::start();
    let open = [("client_id", APP_ID), ("scope", "Presence.Read")];
    let opened = post(&emulator, "devicecode", &open).json();
    let path = format!("/_emulator/signIns/{}", opened["user_code"].as_str().unwrap());
    let code = opened["device_code"].as_str().unwrap();
    let form = [("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)];
    assert_eq!(anonymous(&emulator).post(&path, json!({"slowDown": true})).status, 204);
    assert_eq!(refusal(&post(&emulator, "token", &form)), "400 slow_down AADSTS70016");
    assert_eq!(anonymous(&emulator).post(&path, json!({"user": "adele"})).status, 204);
    assert_eq!(post(&emulator, "token", &form).status, 200);
}

#[test]
fn device_sign_ins_are_approved_at_once_on_request() {
    let emulator = Emulator::builder().approve_sign_ins("alex").start().unwrap();
    let opened =
        post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", "Presence.Read")]).json();
    let code = opened["device_code"].as_str().unwrap();
    let answer = post(
        &emulator,
        "token",
        &[("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)],
    );
    assert_eq!(
        claims(answer.json()["access_token"].as_str().unwrap())["upn"],
        "AlexW@contoso.example"
    );
}

#[test]
fn signing_in_works_in_the_last_minutes_of_the_calendar() {
    let emulator = Emulator::builder().device_code_interval(0).start().unwrap();
    let control = anonymous(&emulator);
    control.post("/_emulator/clock", json!({"set": "9999-12-30T21:55:00Z"}));
    let scope = "Presence.ReadWrite offline_access";
    let opened = post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", scope)]).json();
    let code = opened["device_code"].as_str().expect("a device code");
    let path = format!("/_emulator/signIns/{}", opened["user_code"].as_str().unwrap());
    control.post(&path, json!({"user": "adele"}));
    let form = [("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)];
    assert!(post(&emulator, "token", &form).json()["refresh_token"].is_string());
}
