//! Applications that sign in as themselves: by secret, by certificate, by an identity elsewhere.

use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, MANAGED_IDENTITY_ID, TENANT_ID};
use serde_json::{Value, json};

use super::{anonymous, claims, client_credentials, post, refusal};
use crate::assertion::{CERTIFICATE, OTHER_CERTIFICATE, PUBLIC_KEY, sign, thumbprint};
use crate::client::{Answer, Client, session};

#[test]
fn a_secret_gives_a_token_that_the_service_believes() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let answer = post(&emulator, "token", &client_credentials(&[("client_secret", CLIENT_SECRET)]));
    let body = answer.json();
    assert_eq!(
        (answer.status, &body["token_type"], &body["expires_in"]),
        (200, &json!("Bearer"), &json!(3599))
    );
    let token = body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(claims(&token)["roles"], json!(["Presence.ReadWrite.All"]));
    let app = Client::new(&emulator, token);
    assert_eq!(
        app.post("/v1.0/users/adele/presence/setPresence", session("Away", "Away")).status,
        200
    );
    emulator.advance("PT1H");
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 401);
}

#[test]
fn a_token_for_another_resource_is_none_for_graph() {
    for builder in [Emulator::builder(), Emulator::builder().verify_tokens()] {
        let emulator = builder.start().unwrap();
        let form = client_credentials(&[
            ("client_secret", CLIENT_SECRET),
            ("scope", "https://vault.azure.net/.default"),
        ]);
        let answer = post(&emulator, "token", &form).json();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        let error = Client::new(&emulator, token).get("/v1.0/users/adele/presence").error();
        assert_eq!(
            error,
            "401 InvalidAuthenticationToken: Access token validation failure. Invalid audience."
        );
    }
}

#[test]
fn what_is_wrong_with_a_request_has_entras_number() {
    let emulator = Emulator::start();
    let secret = ("client_secret", CLIENT_SECRET);
    for (form, expected) in [
        (vec![], "400 invalid_request AADSTS900144"),
        (client_credentials(&[]), "401 invalid_client AADSTS7000216"),
        (client_credentials(&[("client_secret", "wrong")]), "401 invalid_client AADSTS7000215"),
        (
            client_credentials(&[secret, ("client_id", "nobody")]),
            "400 unauthorized_client AADSTS700016",
        ),
        (
            client_credentials(&[secret, ("scope", "Presence.ReadWrite.All")]),
            "400 invalid_scope AADSTS1002012",
        ),
        (
            client_credentials(&[secret, ("grant_type", "password")]),
            "400 unsupported_grant_type AADSTS70003",
        ),
        (
            client_credentials(&[
                ("client_id", MANAGED_IDENTITY_ID),
                ("grant_type", "refresh_token"),
            ]),
            "401 invalid_client AADSTS7000218",
        ),
    ] {
        assert_eq!(refusal(&post(&emulator, "token", &form)), expected, "{form:?}");
    }
    let elsewhere = anonymous(&emulator)
        .post_form("/elsewhere/oauth2/v2.0/token", &client_credentials(&[secret]));
    assert_eq!(refusal(&elsewhere), "400 invalid_request AADSTS90002");
    let got = anonymous(&emulator).get(&format!("/{TENANT_ID}/oauth2/v2.0/token"));
    assert_eq!(refusal(&got), "400 invalid_request AADSTS900561");
}

/// Claims that the endpoint believes, for a test to spoil.
fn assertion_claims(emulator: &Emulator) -> Value {
    let now = emulator.now().as_second();
    let audience = format!("{}/{TENANT_ID}/oauth2/v2.0/token", emulator.url());
    json!({"aud": audience, "iss": APP_ID, "sub": APP_ID, "exp": now + 600, "nbf": now, "jti": "1"})
}

fn with_assertion(emulator: &Emulator, assertion: &str) -> Answer {
    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    post(emulator, "token", &client_credentials(&[("client_assertion", assertion), kind]))
}

#[test]
fn an_assertion_signed_with_the_registered_certificate_is_believed() {
    let emulator = Emulator::builder().client_certificate(CERTIFICATE).unwrap().start().unwrap();
    for header in
        [json!({"alg": "PS256", "x5t#S256": thumbprint(CERTIFICATE)}), json!({"alg": "RS256"})]
    {
        let answer = with_assertion(&emulator, &sign(&header, &assertion_claims(&emulator)));
        assert_eq!(answer.status, 200, "{header}: {}", answer.text);
    }
}

#[test]
fn the_times_of_an_assertion_may_have_fractions() {
    let emulator = Emulator::builder().client_certificate(CERTIFICATE).unwrap().start().unwrap();
    let mut claims = assertion_claims(&emulator);
    for name in ["exp", "nbf"] {
        claims[name] = (claims[name].as_f64().unwrap() + 0.25).into();
    }
    let answer = with_assertion(&emulator, &sign(&json!({"alg": "RS256"}), &claims));
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[test]
fn a_spoilt_assertion_is_refused_for_what_is_wrong_with_it() {
    let emulator = Emulator::builder().client_certificate(CERTIFICATE).unwrap().start().unwrap();
    let header = json!({"alg": "PS256"});
    let spoilt = |name: &str, value: Value| {
        let mut claims = assertion_claims(&emulator);
        claims[name] = value;
        sign(&header, &claims)
    };
    let now = emulator.now().as_second();
    let good = sign(&header, &assertion_claims(&emulator));
    let (signed, _) = good.rsplit_once('.').unwrap();
    for (assertion, expected) in [
        (spoilt("aud", "https://elsewhere.example".into()), "401 invalid_client AADSTS700023"),
        (spoilt("exp", (now - 301).into()), "401 invalid_client AADSTS700024"),
        (spoilt("exp", Value::Null), "401 invalid_client AADSTS700024"),
        (spoilt("nbf", (now + 900).into()), "401 invalid_client AADSTS700024"),
        (spoilt("sub", "other".into()), "401 invalid_client AADSTS700021"),
        (spoilt("iss", "other".into()), "401 invalid_client AADSTS700021"),
        (format!("{signed}.AAAA"), "401 invalid_client AADSTS700027"),
        (
            sign(
                &json!({"alg": "PS256", "x5t#S256": thumbprint(OTHER_CERTIFICATE)}),
                &assertion_claims(&emulator),
            ),
            "401 invalid_client AADSTS700027",
        ),
        (
            sign(&json!({"alg": "none"}), &assertion_claims(&emulator)),
            "401 invalid_client AADSTS700027",
        ),
        ("garbage".into(), "400 invalid_request AADSTS50027"),
    ] {
        assert_eq!(refusal(&with_assertion(&emulator, &assertion)), expected, "{assertion}");
    }
    let keyless = Emulator::start();
    let answer = with_assertion(&keyless, &sign(&header, &assertion_claims(&keyless)));
    assert_eq!(refusal(&answer), "401 invalid_client AADSTS700026");
    let stranger =
        Emulator::builder().client_certificate(OTHER_CERTIFICATE).unwrap().start().unwrap();
    let answer = with_assertion(&stranger, &sign(&header, &assertion_claims(&stranger)));
    assert_eq!(refusal(&answer), "401 invalid_client AADSTS700027");
}

#[test]
fn a_federated_assertion_must_match_what_was_registered() {
    let emulator = Emulator::start();
    let federated =
        json!({"issuer": "https://ci.example", "subject": "repo:main", "publicKey": PUBLIC_KEY});
    let registration = json!({"appId": APP_ID, "federatedCredentials": [federated]});
    assert_eq!(anonymous(&emulator).post("/_emulator/applications", registration).status, 204);
    let now = emulator.now().as_second();
    let good = json!({"iss": "https://ci.example", "sub": "repo:main", "aud": "api://AzureADTokenExchange", "exp": now + 60});
    let send = |name: &str, value: &str| {
        let mut claims = good.clone();
        claims[name] = value.into();
        with_assertion(&emulator, &sign(&json!({"alg": "RS256"}), &claims))
    };
    assert_eq!(send("sub", "repo:main").status, 200);
    // As Kubernetes writes the audience.
    let mut several = good.clone();
    several["aud"] = json!(["https://other.example", "api://AzureADTokenExchange"]);
    let answer = with_assertion(&emulator, &sign(&json!({"alg": "RS256"}), &several));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(refusal(&send("iss", "https://other.example")), "401 invalid_client AADSTS700211");
    assert_eq!(refusal(&send("aud", "other")), "401 invalid_client AADSTS700212");
    assert_eq!(refusal(&send("sub", "repo:branch")), "401 invalid_client AADSTS700213");
}
