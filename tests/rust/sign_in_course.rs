//! The lifetime of a fetched token: it is renewed in time, once for all requests, and again after a claims challenge.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mgpresence::{Credential, Level, Status};
use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, Fault, TENANT_ID};

use crate::http::exchange;
use crate::sign_in::{at, client, read, refusal, sign_ins};
use crate::support::{SOON, builder, get};

fn secret(emulator: &Emulator) -> Credential {
    let builder = Credential::client_secret(TENANT_ID, APP_ID, CLIENT_SECRET);
    at(emulator, builder).build().unwrap()
}

/// The number of tokens that were issued for a grant.
fn issued(emulator: &Emulator, grant_type: &str) -> u64 {
    let counted = emulator.token_requests();
    let rows = counted.as_array().unwrap().iter().filter(|row| row["grantType"] == grant_type);
    rows.map(|row| row["issued"].as_u64().unwrap()).sum()
}

#[test]
fn two_credentials_with_the_same_ids_share_no_token() {
    let emulator = Emulator::start();
    read(&emulator, secret(&emulator)).unwrap();
    let wrong = at(&emulator, Credential::client_secret(TENANT_ID, APP_ID, "another secret"));
    assert_eq!(refusal(&emulator, wrong.build().unwrap()).status(), Status::SignIn);
}

#[test]
fn clients_of_one_credential_share_its_token() {
    let emulator = Emulator::start();
    let credential = secret(&emulator);
    for _ in 0..3 {
        client(&emulator, credential.clone()).send(get()).unwrap();
    }
    assert_eq!(issued(&emulator, "client_credentials"), 1);
}

#[test]
fn a_log_says_who_signed_in() {
    let emulator = Emulator::start();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let client = builder(&emulator)
        .credential(secret(&emulator))
        .log(Level::Info, move |level, subject, line| {
            log.lock().unwrap().push(format!("{level:?} {subject} {line}"));
        })
        .build()
        .unwrap();
    client.send(get()).unwrap();
    client.send(get()).unwrap();
    client.close(SOON).unwrap();
    let lines = lines.lock().unwrap();
    let sign_ins: Vec<&String> = lines.iter().filter(|line| line.contains("sign_in")).collect();
    let told = format!("Info sign_in clientSecret of client {APP_ID}: a token for 35");
    assert!(sign_ins.len() == 1 && sign_ins[0].starts_with(&told), "{lines:?}");
}

#[test]
fn a_claims_challenge_is_answered_once() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let url = format!("{}/_emulator/claimsChallenge", emulator.url());
    let client = client(&emulator, secret(&emulator));
    client.send(get()).unwrap();
    assert_eq!(exchange("PUT", &url, "{}").status, 204);
    client.send(get()).unwrap();
    client.send(get()).unwrap();
    assert_eq!(issued(&emulator, "client_credentials"), 2);
}

#[test]
fn a_challenge_that_meets_the_callers_own_token_says_what_is_missing() {
    let emulator = Emulator::start();
    let url = format!("{}/_emulator/claimsChallenge", emulator.url());
    assert_eq!(exchange("PUT", &url, "{}").status, 204);
    let token = Credential::from_token(&emulator.token(APP_ID).mint()).unwrap();
    let error = refusal(&emulator, token);
    assert_eq!(
        error.advice(),
        Some(
            "The token lacks claims that Graph demands (a claims challenge). Get a token with the claims of the \
             WWW-Authenticate header, or give the client a credential that signs in."
        ),
        "{error}"
    );
}

#[test]
fn a_valid_token_that_is_rejected_is_not_said_to_have_expired() {
    let emulator = Emulator::start();
    emulator.inject(Fault::answer(401).body(
        r#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token validation failure."}}"#,
    ));
    let token = Credential::from_token(&emulator.token(APP_ID).mint()).unwrap();
    let error = refusal(&emulator, token);
    assert_eq!(
        error.advice(),
        Some("The token was revoked or is not for Microsoft Graph. Get a new one."),
        "{error}"
    );
}

#[test]
fn a_challenge_that_no_token_satisfies_is_not_answered_twice() {
    let emulator = Emulator::start();
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnt9fQ==";
    let challenge =
        format!(r#"PoP nonce="x", Bearer error="insufficient_claims", claims="{claims}""#);
    emulator.inject(Fault::answer(401).header("WWW-Authenticate", &challenge).on("GET", "/v1.0/*"));
    let error = client(&emulator, secret(&emulator)).send(get()).unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Status::Unauthorized, 2));
    assert_eq!(issued(&emulator, "client_credentials"), 2);
}

#[test]
fn a_redirect_of_the_login_host_is_not_followed() {
    let (emulator, other) = (Emulator::start(), Emulator::start());
    let elsewhere = format!("{}/{TENANT_ID}/oauth2/v2.0/token", other.url());
    emulator.inject(Fault::answer(307).header("Location", &elsewhere).on("POST", "*/token"));
    let error = refusal(&emulator, secret(&emulator));
    assert_eq!(error.status(), Status::Redirect);
    assert!(error.to_string().contains("Set the authority if that is right"), "{error}");
    assert!(other.sent().is_empty());
}

#[test]
fn a_login_host_that_is_busy_is_asked_again() {
    let emulator = Emulator::start();
    emulator.inject(Fault::answer(503).on("POST", "*/token").times(1));
    emulator.inject(Fault::reset().on("POST", "*/token").times(1));
    read(&emulator, secret(&emulator)).unwrap();
    assert_eq!(sign_ins(&emulator).len(), 3);
}

#[test]
fn an_answer_that_is_no_token_is_told_apart_from_a_refusal() {
    let hotel = "<html>Sign in to the hotel</html>".to_string();
    let endless = " ".repeat(9 * 1024 * 1024);
    for (http_status, body, status, told) in [
        (
            200,
            hotel,
            Status::SignIn,
            "answered the sign-in (200) with something that is not a token. Check the authority",
        ),
        (
            204,
            String::new(),
            Status::SignIn,
            "answered the sign-in (204) with something that is not a token. Check the authority",
        ),
        (
            200,
            endless,
            Status::Response,
            "answered 200 with more than 8388608 bytes. Check the authority",
        ),
    ] {
        let emulator = Emulator::start();
        emulator.inject(Fault::answer(http_status).body(body).on("POST", "*/token"));
        let error = refusal(&emulator, secret(&emulator));
        assert_eq!(error.status(), status);
        assert!(error.to_string().contains(told), "{error}");
        assert!(error.to_string().ends_with("whether a proxy answers in its place."), "{error}");
    }
}

#[test]
fn a_request_waits_for_a_sign_in_no_longer_than_its_own_time() {
    let emulator = Emulator::start();
    emulator.inject(Fault::delay(Duration::from_secs(5)).on("POST", "*/token"));
    let client = builder(&emulator)
        .credential(secret(&emulator))
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    assert_eq!(client.send(get()).unwrap_err().status(), Status::Timeout);
}
