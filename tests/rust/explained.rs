//! Errors because of a missing permission name the permission and how to get it, in addition to the service's own
//! message.

use std::time::Duration;

use mgpresence::{Activity, Availability, Credential, Error, Request, SetPresence, Status, Target};
use mgpresence_emulator::{APP_ID, Emulator, Fault, TENANT_ID};

use crate::support::{assert_is_sentences, builder, busy, get};

/// The error of a request with a token. Checks that exactly one request was sent.
fn refused(emulator: &Emulator, token: String, request: Request) -> Error {
    emulator.clear_sent();
    let credential = Credential::from_token(&token).unwrap();
    let client = builder(emulator).credential(credential).build().unwrap();
    let error = client.send(request).expect_err("the request must be refused");
    assert_eq!(emulator.sent().len(), 1, "{error}");
    assert_is_sentences(&error.to_string());
    assert!(!error.graph_code().unwrap_or_default().is_empty(), "{error}");
    error
}

fn set_me() -> Request {
    Request::set_presence(Target::Me, SetPresence::new(Availability::Busy, Activity::InACall))
}

#[test]
fn each_missing_permission_is_named_with_advice() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let consent = format!("{}/{TENANT_ID}/adminconsent?client_id={APP_ID}", emulator.url());
    let app = |permissions: &[&str]| emulator.token(APP_ID).permissions(permissions).mint();
    let person = |user: &str, permissions: &[&str]| {
        emulator.token(APP_ID).user(user).permissions(permissions).mint()
    };
    for (token, request, status, told) in [
        (
            app(&["Presence.ReadWrite.All"]),
            set_me(),
            Status::BadRequest,
            vec!["/me request is only valid with delegated", "Name the user in place of /me"],
        ),
        (
            app(&[]),
            busy(),
            Status::Forbidden,
            vec!["lacks Presence.ReadWrite.All (application)", &consent],
        ),
        (
            app(&["Presence.ReadWrite.All"]),
            Request::get_presence(Target::Me),
            Status::BadRequest,
            vec!["Name the user in place of /me"],
        ),
        (
            app(&["Presence.ReadWrite.All"]),
            Request::clear_location(Target::user("adele")),
            Status::Forbidden,
            vec!["A work location is set and cleared by its own user only. Sign in as that user"],
        ),
        (
            person("alex", &["Presence.ReadWrite"]),
            Request::clear_location(Target::user("adele")),
            Status::Unauthorized,
            vec!["another user", "Sign in as that user, with Presence.ReadWrite."],
        ),
        (
            app(&["User.Read.All"]),
            get(),
            Status::Forbidden,
            vec!["lacks Presence.Read.All (application)", &consent],
        ),
        (
            person("alex", &["Presence.ReadWrite"]),
            busy(),
            Status::Unauthorized,
            vec!["Cannot set the presence of another user", "Use an application token"],
        ),
        (
            person("adele", &["User.Read"]),
            set_me(),
            Status::Forbidden,
            vec!["lacks Presence.ReadWrite (delegated", "Sign in again with that scope", &consent],
        ),
        (
            person("alex", &["Presence.Read"]),
            get(),
            Status::Forbidden,
            vec!["lacks Presence.Read.All (delegated)"],
        ),
    ] {
        let error = refused(&emulator, token, request);
        assert_eq!(error.status(), status, "{error}");
        for part in told {
            assert!(error.to_string().contains(part), "{part} is not in: {error}");
        }
    }
}

#[test]
fn a_permission_that_includes_another_is_not_missed() {
    let fault = Fault::answer(403).error("Forbidden", "No.");
    let emulator = Emulator::builder().verify_tokens().fault(fault).start().unwrap();
    let app = emulator.token(APP_ID).permissions(&["Presence.ReadWrite.All"]).mint();
    let error = refused(&emulator, app, get());
    assert!(error.to_string().contains("The token has Presence.ReadWrite.All: if"), "{error}");
    let person = emulator.token(APP_ID).user("adele").permissions(&["Presence.ReadWrite"]).mint();
    let error = refused(&emulator, person, Request::get_presence(Target::Me));
    assert!(error.to_string().contains("The token has Presence.ReadWrite: if"), "{error}");
}

#[test]
fn an_expired_token_is_reported_with_its_expiration() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let token = emulator.token(APP_ID).expires_in(Duration::from_secs(60)).mint();
    emulator.advance("PT2M");
    let error = refused(&emulator, token, get());
    assert_eq!(error.status(), Status::Unauthorized);
    assert!(error.advice().unwrap().starts_with("The token expired on "), "{error}");
    assert!(error.advice().unwrap().contains("GMT"), "{error}");
}

#[test]
fn a_token_for_another_resource_is_reported_with_that_resource() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let secret = mgpresence_emulator::CLIENT_SECRET;
    let elsewhere = Credential::client_secret(TENANT_ID, APP_ID, secret)
        .authority(emulator.url())
        .allow_loopback_http()
        .scopes(["https://vault.azure.net/.default"])
        .build()
        .unwrap();
    let client = builder(&emulator).credential(elsewhere).build().unwrap();
    let error = client.send(get()).unwrap_err();
    let told = "The token is for \"https://vault.azure.net\"";
    assert!(error.to_string().contains(told), "{error}");
}
