//! Tenants and registrations: who exists where, with which permissions, and what has expired.

use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, TENANT_ID};
use serde_json::{Value, json};

use super::{anonymous, claims, client_credentials, post, refusal, signed_in};
use crate::client::Answer;

const OTHER_TENANT: &str = "bbbbcccc-1111-dddd-2222-eeee3333ffff";

fn register(emulator: &Emulator, registration: Value) {
    assert_eq!(anonymous(emulator).post("/_emulator/applications", registration).status, 204);
}

/// A token of the application `app` with the secret `s`.
fn sign_in(emulator: &Emulator, tenant: &str, app: &str) -> Answer {
    let form = client_credentials(&[("client_id", app), ("client_secret", "s")]);
    anonymous(emulator).post_form(&format!("/{tenant}/oauth2/v2.0/token"), &form)
}

#[test]
fn an_application_has_its_own_roles_in_each_tenant() {
    let emulator = Emulator::start();
    let tenant =
        json!({"id": OTHER_TENANT, "domain": "fabrikam.example", "displayName": "Fabrikam"});
    assert_eq!(anonymous(&emulator).post("/_emulator/tenants", tenant.clone()).status, 204);
    assert_eq!(anonymous(&emulator).get("/_emulator/tenants").json()[1], tenant);
    register(&emulator, json!({"appId": "app", "secrets": ["s"], "roles": ["Presence.Read.All"]}));
    register(
        &emulator,
        json!({"appId": "app", "tenantId": OTHER_TENANT, "secrets": ["s"], "roles": ["Presence.ReadWrite.All"]}),
    );
    register(&emulator, json!({"appId": "single", "tenantId": OTHER_TENANT, "secrets": ["s"]}));
    for (tenant, id, role) in [
        (TENANT_ID, TENANT_ID, "Presence.Read.All"),
        ("fabrikam.example", OTHER_TENANT, "Presence.ReadWrite.All"),
    ] {
        let token = sign_in(&emulator, tenant, "app").json()["access_token"].clone();
        let claims = claims(token.as_str().unwrap());
        assert_eq!((&claims["tid"], &claims["roles"]), (&json!(id), &json!([role])));
    }
    assert_eq!(sign_in(&emulator, OTHER_TENANT, "single").status, 200);
    let elsewhere = sign_in(&emulator, TENANT_ID, "single");
    assert_eq!(refusal(&elsewhere), "400 unauthorized_client AADSTS700016");
}

#[test]
fn a_user_signs_in_to_the_tenant_of_the_domain() {
    let emulator = Emulator::builder().user("zoe@fabrikam.example").start().unwrap();
    let tenant = json!({"id": OTHER_TENANT, "domain": "fabrikam.example"});
    assert_eq!(anonymous(&emulator).post("/_emulator/tenants", tenant).status, 204);
    let path = |end: &str| format!("/organizations/oauth2/v2.0/{end}");
    let open = [("client_id", APP_ID), ("scope", "openid profile Presence.Read")];
    let opened = anonymous(&emulator).post_form(&path("devicecode"), &open).json();
    let place = format!("/_emulator/signIns/{}", opened["user_code"].as_str().unwrap());
    anonymous(&emulator).post(&place, json!({"user": "zoe"}));
    let code = opened["device_code"].as_str().unwrap();
    let form = [("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)];
    let body = anonymous(&emulator).post_form(&path("token"), &form).json();
    let token = claims(body["id_token"].as_str().unwrap());
    assert_eq!(token["iss"], format!("{}/{OTHER_TENANT}/v2.0", emulator.url()));
    assert_eq!(claims(body["access_token"].as_str().unwrap())["tid"], OTHER_TENANT);
}

#[test]
fn a_secret_is_refused_after_its_end() {
    let emulator = Emulator::start();
    let end = emulator.now() + jiff::SignedDuration::from_hours(1);
    let secret = json!({"secretText": "s", "endDateTime": end});
    register(&emulator, json!({"appId": "app", "secrets": [secret]}));
    assert_eq!(sign_in(&emulator, TENANT_ID, "app").status, 200);
    emulator.advance("PT1H");
    let refused = sign_in(&emulator, TENANT_ID, "app");
    assert_eq!(refusal(&refused), "401 invalid_client AADSTS7000222");
}

#[test]
fn an_application_may_be_disabled_or_deleted() {
    let emulator = Emulator::start();
    register(&emulator, json!({"appId": "app", "secrets": ["s"], "isDisabled": true}));
    let disabled = sign_in(&emulator, TENANT_ID, "app");
    assert_eq!(refusal(&disabled), "400 unauthorized_client AADSTS7000112");
    let delete = || anonymous(&emulator).call("DELETE", "/_emulator/applications/app", None, &[]);
    assert_eq!((delete().status, delete().status), (204, 404));
    let deleted = sign_in(&emulator, TENANT_ID, "app");
    assert_eq!(refusal(&deleted), "400 unauthorized_client AADSTS700016");
}

#[test]
fn without_an_administrators_consent_there_are_no_roles_and_no_users() {
    let emulator = Emulator::start();
    register(
        &emulator,
        json!({"appId": APP_ID, "secrets": [CLIENT_SECRET], "isPublic": true, "needsAdminConsent": true}),
    );
    let roles = || {
        let form = client_credentials(&[("client_secret", CLIENT_SECRET)]);
        claims(post(&emulator, "token", &form).json()["access_token"].as_str().unwrap())["roles"]
            .clone()
    };
    assert_eq!(roles(), json!([]));
    let refused = signed_in(&emulator, "Presence.ReadWrite");
    assert_eq!(
        (&refused["error_codes"][0], &refused["suberror"]),
        (&json!(65001), &json!("consent_required"))
    );
    let page = |path: &str| {
        let query = format!("client_id={APP_ID}&redirect_uri=http://localhost/done&state=1");
        let more = "response_type=code&scope=https://graph.microsoft.com/.default";
        let answer = anonymous(&emulator).get(&format!("/{TENANT_ID}/{path}?{query}&{more}"));
        answer.header("location").to_owned()
    };
    assert!(page("oauth2/v2.0/authorize").contains("AADSTS90094"));
    let consented = page("v2.0/adminconsent");
    assert!(
        consented.starts_with("http://localhost/done?admin_consent=True&tenant="),
        "{consented}"
    );
    assert!(consented.ends_with("&state=1"), "{consented}");
    assert_eq!(roles(), json!(["Presence.ReadWrite.All"]));
    assert!(signed_in(&emulator, "Presence.ReadWrite")["access_token"].is_string());
}

#[test]
fn an_application_without_an_id_is_refused() {
    let emulator = Emulator::start();
    let answer = anonymous(&emulator).post("/_emulator/applications", json!({"appId": ""}));
    assert!(answer.error().contains("appId is empty"), "{}", answer.error());
}

#[test]
fn an_administrator_consents_for_one_tenant() {
    let emulator = Emulator::start();
    let tenant = json!({"id": OTHER_TENANT, "domain": "fabrikam.example"});
    assert_eq!(anonymous(&emulator).post("/_emulator/tenants", tenant).status, 204);
    let registration = json!({"appId": "app", "secrets": ["s"], "needsAdminConsent": true});
    register(&emulator, registration.clone());
    let has_roles = |tenant: &str| {
        let token = sign_in(&emulator, tenant, "app").json()["access_token"].clone();
        claims(token.as_str().unwrap())["roles"] != json!([])
    };
    let query = "client_id=app&redirect_uri=http://localhost/done";
    let page = anonymous(&emulator).get(&format!("/{TENANT_ID}/v2.0/adminconsent?{query}"));
    assert_eq!(page.status, 302);
    assert_eq!((has_roles(TENANT_ID), has_roles(OTHER_TENANT)), (true, false));
    register(&emulator, registration);
    assert!(!has_roles(TENANT_ID), "a registration that is replaced has no consent");
    let link = format!("/{TENANT_ID}/adminconsent?client_id=app");
    assert_eq!(anonymous(&emulator).get(&link).status, 200, "the link that an error names");
    assert!(has_roles(TENANT_ID));
}

#[test]
fn a_permission_without_consent_is_refused() {
    let emulator = Emulator::start();
    register(&emulator, json!({"appId": APP_ID, "isPublic": true, "scopes": ["Presence.Read"]}));
    assert_eq!(signed_in(&emulator, "Presence.ReadWrite")["error_codes"], json!([65001]));
    assert_eq!(signed_in(&emulator, "Presence.Read")["scope"], "Presence.Read");
}
