//! What clients look up: <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mgpresence_emulator::{Emulator, TENANT_ID};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::{anonymous, refusal, signed_in};

#[test]
fn the_configuration_names_the_endpoints_on_the_same_origin() {
    let emulator = Emulator::start();
    for (name, path, issuer) in [
        (TENANT_ID, TENANT_ID, TENANT_ID),
        ("contoso.example", TENANT_ID, TENANT_ID),
        ("organizations", "organizations", "{tenantid}"),
        ("common", "common", "{tenantid}"),
    ] {
        let place = format!("/{name}/v2.0/.well-known/openid-configuration");
        let body = anonymous(&emulator).get(&place).json();
        let root = format!("{}/{path}", emulator.url());
        assert_eq!(body["issuer"], format!("{}/{issuer}/v2.0", emulator.url()));
        assert_eq!(body["token_endpoint"], format!("{root}/oauth2/v2.0/token"));
        assert_eq!(body["jwks_uri"], format!("{root}/discovery/v2.0/keys"));
    }
    let unknown = anonymous(&emulator).get("/elsewhere/v2.0/.well-known/openid-configuration");
    assert_eq!(refusal(&unknown), "400 invalid_request AADSTS90002");
}

/// As a stranger checks a token: by the key that its header names.
fn is_signed_by_one_of(keys: &Value, token: &str) -> bool {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let header: Value = serde_json::from_slice(&bytes(signed.split('.').next().unwrap())).unwrap();
    assert_eq!(header["alg"], "RS256");
    let mut keys = keys["keys"].as_array().unwrap().iter();
    keys.find(|key| key["kid"] == header["kid"]).is_some_and(|key| {
        let [n, e] = ["n", "e"].map(|name| bytes(key[name].as_str().unwrap()));
        let key = RsaPublicKeyComponents { n, e };
        let signature = bytes(signature);
        key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
    })
}

#[test]
fn every_token_is_verified_by_the_published_keys() {
    let emulator = Emulator::start();
    let keys = |emulator: &Emulator| {
        anonymous(emulator).get(&format!("/{TENANT_ID}/discovery/v2.0/keys")).json()
    };
    let signed_in = signed_in(&emulator, "openid Presence.Read");
    for name in ["access_token", "id_token"] {
        let token = signed_in[name].as_str().unwrap();
        assert!(is_signed_by_one_of(&keys(&emulator), token), "{name}");
        assert!(!is_signed_by_one_of(&keys(&Emulator::start()), token), "{name} elsewhere");
    }
}

#[test]
fn instance_discovery_knows_the_own_host_and_no_other() {
    let emulator = Emulator::start();
    let ask = |host: &str| {
        let endpoint = format!("https://{host}/{TENANT_ID}/oauth2/v2.0/authorize");
        let path = "/common/discovery/instance?api-version=1.1&authorization_endpoint=";
        anonymous(&emulator).get(&format!("{path}{endpoint}"))
    };
    let body = ask("127.0.0.1").json();
    let place = format!("{}/{TENANT_ID}/v2.0/.well-known/openid-configuration", emulator.url());
    assert_eq!(body["tenant_discovery_endpoint"], place);
    assert_eq!(refusal(&ask("login.elsewhere.example")), "400 invalid_instance AADSTS50049");
}
