//! Identities elsewhere, whose assertions the emulator signs itself: GitHub Actions, and any issuer that a test names.

use mgpresence_emulator::{APP_ID, Emulator};
use serde_json::{Value, json};

use super::{anonymous, claims, client_credentials, post, refusal};
use crate::client::Answer;

/// Lets the default application be an identity elsewhere.
fn trust(emulator: &Emulator, issuer: &str, subject: &str) {
    let federated = json!({"issuer": issuer, "subject": subject});
    let registration = json!({"appId": APP_ID, "federatedCredentials": [federated]});
    assert_eq!(anonymous(emulator).post("/_emulator/applications", registration).status, 204);
}

fn exchange(emulator: &Emulator, assertion: &str) -> Answer {
    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    post(emulator, "token", &client_credentials(&[("client_assertion", assertion), kind]))
}

#[test]
fn a_workflow_of_github_actions_is_believed() {
    let emulator = Emulator::start();
    trust(
        &emulator,
        "https://token.actions.githubusercontent.com",
        "repo:contoso/presence:ref:refs/heads/main",
    );
    let about = emulator.about();
    let url = about["actionsTokenUrl"].as_str().unwrap();
    let path = format!("{}&audience=api://AzureADTokenExchange", &url[emulator.url().len()..]);
    let get = |token: &str| {
        let header = format!("bearer {token}");
        anonymous(&emulator).call("GET", &path, None, &[("Authorization", &header)])
    };
    let answer = get(about["actionsToken"].as_str().unwrap()).json();
    assert_eq!(exchange(&emulator, answer["value"].as_str().unwrap()).status, 200);
    assert_eq!(get("guess").status, 401);
}

#[test]
fn any_issuer_is_believed_as_it_was_registered_until_its_assertion_ends() {
    let emulator = Emulator::start();
    trust(&emulator, "https://cluster.example", "system:serviceaccount:ns:app");
    let assertion = |subject: &str| -> Value {
        let body = json!({"issuer": "https://cluster.example", "subject": subject});
        anonymous(&emulator).post("/_emulator/assertions", body).json()["assertion"].clone()
    };
    let good = assertion("system:serviceaccount:ns:app");
    let good = good.as_str().unwrap();
    assert_eq!(claims(good)["aud"], "api://AzureADTokenExchange");
    assert_eq!(exchange(&emulator, good).status, 200);
    let other = assertion("system:serviceaccount:ns:other");
    let other = exchange(&emulator, other.as_str().unwrap());
    assert_eq!(refusal(&other), "401 invalid_client AADSTS700213");
    emulator.advance("PT15M");
    assert_eq!(refusal(&exchange(&emulator, good)), "401 invalid_client AADSTS700024");
}

#[test]
fn another_emulator_signs_for_nobody_here() {
    let (emulator, other) = (Emulator::start(), Emulator::start());
    trust(&emulator, "https://cluster.example", "s");
    let body = json!({"issuer": "https://cluster.example", "subject": "s"});
    let answer = anonymous(&other).post("/_emulator/assertions", body).json();
    let refused = exchange(&emulator, answer["assertion"].as_str().unwrap());
    assert_eq!(refusal(&refused), "401 invalid_client AADSTS700027");
}
