//! Claims challenges: <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator};
use serde_json::{Value, json};

use super::{anonymous, client_credentials, post, refusal, signed_in};
use crate::client::{Answer, Client};

fn read(emulator: &Emulator, token: &str) -> Answer {
    Client::new(emulator, token.to_owned()).get("/v1.0/users/adele/presence")
}

fn demand(emulator: &Emulator, body: Value) -> Answer {
    anonymous(emulator).call("PUT", "/_emulator/claimsChallenge", Some(body), &[])
}

/// What a challenge wants, as a client finds it.
fn demanded(answer: &Answer) -> String {
    let header = answer.header("www-authenticate");
    assert!(header.contains("error=\"insufficient_claims\""), "{header}");
    let claims = header.split("claims=\"").nth(1).unwrap().trim_end_matches('"');
    String::from_utf8(STANDARD.decode(claims).unwrap()).unwrap()
}

#[test]
fn a_token_with_the_claims_of_the_challenge_is_believed_and_no_other() {
    let emulator = Emulator::start();
    let token = |more: &[(&str, &str)]| {
        let secret = [("client_secret", CLIENT_SECRET)];
        let form = client_credentials(&[&secret, more].concat());
        post(&emulator, "token", &form).json()["access_token"].as_str().unwrap().to_owned()
    };
    let early = token(&[]);
    assert_eq!(demand(&emulator, json!({})).status, 204);
    let refused = read(&emulator, &early);
    assert_eq!(refused.status, 401);
    let claims = demanded(&refused);
    assert_eq!(claims, r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#);
    assert_eq!(read(&emulator, &token(&[])).status, 401, "it was not asked for");
    assert_eq!(read(&emulator, &token(&[("claims", &claims)])).status, 200);
    anonymous(&emulator).call("DELETE", "/_emulator/claimsChallenge", None, &[]);
    assert_eq!(read(&emulator, &early).status, 200);
}

#[test]
fn a_refresh_token_cannot_meet_a_challenge_for_a_user_who_is_present() {
    let emulator = Emulator::start();
    assert_eq!(demand(&emulator, json!({"interactive": true})).status, 204);
    let refresh = signed_in(&emulator, "Presence.Read offline_access")["refresh_token"].clone();
    let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let renew = |more: &[(&str, &str)]| {
        let token = refresh.as_str().unwrap();
        let form =
            [("grant_type", "refresh_token"), ("client_id", APP_ID), ("refresh_token", token)];
        post(&emulator, "token", &[&form, more].concat())
    };
    for harmless in ["{}", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#] {
        assert_eq!(renew(&[("claims", harmless)]).status, 200, "{harmless}");
    }
    let refused = renew(&[("claims", claims)]);
    assert_eq!(refusal(&refused), "400 interaction_required AADSTS50076");
    let body = refused.json();
    assert_eq!((&body["suberror"], &body["claims"]), (&json!("basic_action"), &json!(claims)));
}

#[test]
fn a_token_from_before_a_revocation_is_challenged() {
    let emulator = Emulator::builder().time_scale(0.0).start().unwrap();
    let early = emulator.app_token();
    emulator.advance("PT1S");
    let nbf = emulator.now().as_second().to_string();
    let claims = json!({"access_token": {"nbf": {"essential": true, "value": nbf}}});
    assert_eq!(demand(&emulator, json!({"claims": claims})).status, 204);
    assert_eq!(demanded(&read(&emulator, &early)), claims.to_string());
    assert_eq!(read(&emulator, &emulator.app_token()).status, 200);
}
