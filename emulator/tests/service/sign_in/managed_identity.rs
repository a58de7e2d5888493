//! Managed identities: <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview>

use mgpresence_emulator::{Emulator, MANAGED_IDENTITY_ID};
use serde_json::json;

use super::{anonymous, claims};
use crate::client::Client;

#[test]
fn the_machines_identity_needs_its_header() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://graph.microsoft.com/";
    let get = |path: &str, headers: &[(&str, &str)]| {
        anonymous(&emulator).call("GET", path, None, headers)
    };
    let body = get(path, &[("Metadata", "true")]).json();
    assert_eq!(
        (&body["client_id"], &body["expires_in"]),
        (&json!(MANAGED_IDENTITY_ID), &json!("86400"))
    );
    let app = Client::new(&emulator, body["access_token"].as_str().unwrap().into());
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 200);
    let with_slash = path.replace('?', "/?");
    assert_eq!(get(&with_slash, &[("Metadata", "true")]).status, 200);

    for (path, headers, description) in [
        (path.to_owned(), vec![], "Required metadata header not specified"),
        (
            path.to_owned(),
            vec![("Metadata", "true"), ("X-Forwarded-For", "10.0.0.1")],
            "Required metadata header not specified",
        ),
        (
            path.replace("api-version", "version"),
            vec![("Metadata", "true")],
            "Required query variable 'api-version' is missing or not supported",
        ),
        (
            path.replace("resource", "audience"),
            vec![("Metadata", "true")],
            "Required query variable 'resource' is missing",
        ),
        (format!("{path}&client_id=nobody"), vec![("Metadata", "true")], "Identity not found"),
    ] {
        let answer = get(&path, &headers);
        assert_eq!(
            (answer.status, &answer.json()["error_description"]),
            (400, &json!(description)),
            "{path}"
        );
    }
}

#[test]
fn app_services_identity_needs_its_secret() {
    let emulator = Emulator::start();
    let about = emulator.about();
    let path = "/msi/token?api-version=2019-08-01&resource=https://graph.microsoft.com";
    let header = about["identityHeader"].as_str().unwrap();
    let get =
        |value: &str| anonymous(&emulator).call("GET", path, None, &[("X-IDENTITY-HEADER", value)]);
    let body = get(header).json();
    assert_eq!(
        (&body["token_type"], &body["client_id"]),
        (&json!("Bearer"), &json!(MANAGED_IDENTITY_ID))
    );
    assert!(
        body["expires_on"].as_str().unwrap().parse::<i64>().unwrap() > emulator.now().as_second()
    );
    assert_eq!(get("guess").status, 401);
    assert_eq!(about["identityEndpoint"], format!("{}/msi/token", emulator.url()));
}

#[test]
fn a_user_assigned_identity_is_named_by_its_client_id() {
    let emulator = Emulator::start();
    // Its id comes before that of the system-assigned one, which is still the one without a name.
    let other = "00000000-bbbb-3333-cccc-4444dddd5555";
    let registration =
        json!({"appId": other, "isManagedIdentity": true, "roles": ["Presence.Read.All"]});
    assert_eq!(anonymous(&emulator).post("/_emulator/applications", registration).status, 204);
    let get = |more: &str| {
        let path = format!(
            "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://graph.microsoft.com{more}"
        );
        anonymous(&emulator).call("GET", &path, None, &[("Metadata", "true")]).json()
    };
    assert_eq!(get("")["client_id"], MANAGED_IDENTITY_ID);
    let body = get(&format!("&client_id={other}"));
    assert_eq!(body["client_id"], other);
    assert_eq!(
        claims(body["access_token"].as_str().unwrap())["roles"],
        json!(["Presence.Read.All"])
    );
}

#[test]
fn arc_gives_a_token_to_who_can_read_a_file_of_the_machine() {
    let folder = std::env::temp_dir().join(format!("mgpresence-arc-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let emulator =
        Emulator::builder().arc_key_folder(folder.clone()).verify_tokens().start().unwrap();
    let endpoint = emulator.about()["arcEndpoint"].as_str().unwrap().to_owned();
    let path = endpoint.strip_prefix(emulator.url()).unwrap().to_owned()
        + "?api-version=2020-06-01&resource=https://graph.microsoft.com";
    let get = |headers: &[(&str, &str)]| anonymous(&emulator).call("GET", &path, None, headers);
    assert_eq!(get(&[]).status, 400);

    let challenged = get(&[("Metadata", "true")]);
    assert_eq!(challenged.status, 401);
    let file = challenged.header("www-authenticate").strip_prefix("Basic realm=").unwrap();
    assert!(file.starts_with(folder.to_str().unwrap()) && file.ends_with(".key"), "{file}");
    let authorization = format!("Basic {}", std::fs::read_to_string(file).unwrap());
    let answered = get(&[("Metadata", "true"), ("Authorization", &authorization)]).json();
    let app = Client::new(&emulator, answered["access_token"].as_str().unwrap().into());
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 200);

    let again = get(&[("Metadata", "true"), ("Authorization", &authorization)]);
    assert_eq!(again.status, 401, "a key is good once");
    drop(emulator);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "no key file is left behind");
    std::fs::remove_dir(&folder).unwrap();
}
