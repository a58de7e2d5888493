//! The token endpoint and managed identities: <https://learn.microsoft.com/entra/identity-platform/v2-protocols>

mod actions;
mod application;
mod authorization_code;
mod claims;
mod device_code;
mod discovery;
mod managed_identity;
mod registration;
mod token_requests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mgpresence_emulator::{APP_ID, Emulator, TENANT_ID};
use serde_json::{Value, json};

use crate::client::{Answer, Client};

const DEFAULT_SCOPE: &str = "https://graph.microsoft.com/.default";

fn anonymous(emulator: &Emulator) -> Client {
    Client::new(emulator, String::new())
}

fn post(emulator: &Emulator, endpoint: &str, form: &[(&str, &str)]) -> Answer {
    anonymous(emulator).post_form(&format!("/{TENANT_ID}/oauth2/v2.0/{endpoint}"), form)
}

/// `400 invalid_grant AADSTS54005`
fn refusal(answer: &Answer) -> String {
    let body = answer.json();
    let description = body["error_description"].as_str().unwrap_or_default();
    let code = description.split(':').next().unwrap_or_default();
    assert_eq!(body["error_codes"][0].to_string(), code.trim_start_matches("AADSTS"), "{body}");
    for name in ["timestamp", "trace_id", "correlation_id", "error_uri"] {
        assert!(body[name].is_string(), "{name} in {body}");
    }
    format!("{} {} {code}", answer.status, body["error"].as_str().unwrap())
}

fn client_credentials<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let form =
        [("grant_type", "client_credentials"), ("client_id", APP_ID), ("scope", DEFAULT_SCOPE)];
    // The first value of a name counts, so what is given replaces what is usual.
    more.iter().copied().chain(form).collect()
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A refresh token and what came with it: adele has signed in.
fn signed_in(emulator: &Emulator, scope: &str) -> Value {
    let open = [("client_id", APP_ID), ("scope", scope)];
    let opened = post(emulator, "devicecode", &open).json();
    let path = format!("/_emulator/signIns/{}", opened["user_code"].as_str().unwrap());
    assert_eq!(anonymous(emulator).post(&path, json!({"user": "adele"})).status, 204);
    let code = opened["device_code"].as_str().unwrap();
    let form = [
        ("grant_type", "device_code"),
        ("client_id", APP_ID),
        ("device_code", code),
        ("client_info", "1"),
    ];
    post(emulator, "token", &form).json()
}
