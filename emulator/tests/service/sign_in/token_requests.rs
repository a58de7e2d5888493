//! The counts of token requests.

use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, MANAGED_IDENTITY_ID, TENANT_ID};
use serde_json::json;

use super::{anonymous, client_credentials, post, signed_in};

#[test]
fn token_requests_are_counted_by_grant_application_and_tenant() {
    let emulator = Emulator::start();
    for secret in ["wrong", CLIENT_SECRET, CLIENT_SECRET] {
        post(&emulator, "token", &client_credentials(&[("client_secret", secret)]));
    }
    signed_in(&emulator, "Presence.Read");
    let path = format!(
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r&client_id={MANAGED_IDENTITY_ID}"
    );
    anonymous(&emulator).call("GET", &path, None, &[("Metadata", "true")]);
    let counted = json!([
        {"grantType": "client_credentials", "appId": APP_ID, "tenant": TENANT_ID, "issued": 2, "refused": 1},
        {"grantType": "device_code", "appId": APP_ID, "tenant": TENANT_ID, "issued": 1, "refused": 0},
        {"grantType": "managed_identity", "appId": MANAGED_IDENTITY_ID, "tenant": null, "issued": 1, "refused": 0},
    ]);
    assert_eq!(anonymous(&emulator).get("/_emulator/tokenRequests").json(), counted);
    assert_eq!(emulator.token_requests(), counted);
    emulator.clear_sent();
    assert_eq!(emulator.token_requests(), json!([]));
}
