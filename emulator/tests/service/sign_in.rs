//! The token endpoint and managed identities: <https://learn.microsoft.com/entra/identity-platform/v2-protocols>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, MANAGED_IDENTITY_ID, TENANT_ID};
use serde_json::{Value, json};

use crate::assertion::{CERTIFICATE, OTHER_CERTIFICATE, PUBLIC_KEY, sign, thumbprint};
use crate::client::{Answer, Client, session};

const DEFAULT_SCOPE: &str = "https://graph.microsoft.com/.default";
const REDIRECT: &str = "http://localhost:8400/done";

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
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let form = client_credentials(&[
        ("client_secret", CLIENT_SECRET),
        ("scope", "https://vault.azure.net/.default"),
    ]);
    let token = post(&emulator, "token", &form).json()["access_token"].as_str().unwrap().to_owned();
    let error = Client::new(&emulator, token).get("/v1.0/users/adele/presence").error();
    assert_eq!(
        error,
        "401 InvalidAuthenticationToken: Access token validation failure. Invalid audience."
    );
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
    assert_eq!(refusal(&send("iss", "https://other.example")), "401 invalid_client AADSTS700211");
    assert_eq!(refusal(&send("aud", "other")), "401 invalid_client AADSTS700212");
    assert_eq!(refusal(&send("sub", "repo:branch")), "401 invalid_client AADSTS700213");
}

#[test]
fn a_device_code_waits_for_the_user() {
    let emulator = Emulator::start();
    let scope = "Presence.ReadWrite offline_access";
    let opened = post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", scope)]).json();
    assert_eq!((&opened["expires_in"], &opened["interval"]), (&json!(900), &json!(5)));
    let code = opened["device_code"].as_str().unwrap().to_owned();
    let poll = || {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        post(
            &emulator,
            "token",
            &[("grant_type", grant), ("client_id", APP_ID), ("device_code", &code)],
        )
    };
    assert_eq!(refusal(&poll()), "400 authorization_pending AADSTS70016");

    let control = anonymous(&emulator);
    assert_eq!(control.get("/_emulator/signIns").json()[0]["userCode"], opened["user_code"]);
    let path = format!("/_emulator/signIns/{}", opened["user_code"].as_str().unwrap());
    assert_eq!(control.post(&path, json!({"user": "adele"})).status, 204);
    let body = poll().json();
    assert_eq!(body["scope"], "https://graph.microsoft.com/Presence.ReadWrite");
    let adele = Client::new(&emulator, body["access_token"].as_str().unwrap().into());
    assert_eq!(adele.post("/v1.0/me/presence/setPresence", session("Away", "Away")).status, 200);
    assert_eq!(refusal(&poll()), "400 bad_verification_code AADSTS70000");

    let refresh = body["refresh_token"].as_str().unwrap().to_owned();
    let form =
        [("grant_type", "refresh_token"), ("client_id", APP_ID), ("refresh_token", &refresh)];
    let renewed = post(&emulator, "token", &form).json();
    assert!(
        renewed["refresh_token"].is_string() && renewed["refresh_token"] != body["refresh_token"]
    );
    assert_eq!(control.call("DELETE", "/_emulator/signIns", None, &[]).status, 204);
    assert_eq!(refusal(&post(&emulator, "token", &form)), "400 invalid_grant AADSTS50173");
}

#[test]
fn a_device_code_may_be_declined_or_expire() {
    let emulator = Emulator::start();
    let open = || {
        post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", "Presence.Read")]).json()
    };
    let poll = |opened: &Value| {
        let code = opened["device_code"].as_str().unwrap();
        post(
            &emulator,
            "token",
            &[("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)],
        )
    };
    let declined = open();
    let path = format!("/_emulator/signIns/{}", declined["user_code"].as_str().unwrap());
    anonymous(&emulator).post(&path, json!({"decline": true}));
    assert_eq!(refusal(&poll(&declined)), "400 authorization_declined AADSTS70017");
    let late = open();
    emulator.advance("PT15M");
    assert_eq!(refusal(&poll(&late)), "400 expired_token AADSTS70020");
}

#[test]
fn device_sign_ins_are_approved_at_once_on_request() {
    let emulator = Emulator::builder().approve_sign_ins("alex").start().unwrap();
    let opened =
        post(&emulator, "devicecode", &[("client_id", APP_ID), ("scope", "Presence.Read")]).json();
    let code = opened["device_code"].as_str().unwrap();
    let answer = post(
        &emulator,
        "token",
        &[("grant_type", "device_code"), ("client_id", APP_ID), ("device_code", code)],
    );
    assert_eq!(
        claims(answer.json()["access_token"].as_str().unwrap())["upn"],
        "AlexW@contoso.example"
    );
}

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0";

/// Where the browser is sent, as name and value.
fn authorize(emulator: &Emulator, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let challenge =
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()));
    let usual = [
        ("client_id", APP_ID),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "Presence.ReadWrite"),
        ("state", "a b"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let query: Vec<String> = more
        .iter()
        .chain(&usual)
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "%20")))
        .collect();
    let answer =
        anonymous(emulator).get(&format!("/{TENANT_ID}/oauth2/v2.0/authorize?{}", query.join("&")));
    assert_eq!(answer.status, 302, "{}", answer.text);
    let (place, parameters) = answer.header("location").split_once('?').unwrap();
    assert_eq!(place, REDIRECT);
    let pairs = parameters.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn redeem(emulator: &Emulator, code: &str, more: &[(&str, &str)]) -> Answer {
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", APP_ID),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    post(emulator, "token", &more.iter().copied().chain(usual).collect::<Vec<_>>())
}

#[test]
fn a_code_is_redeemed_once_and_only_by_who_asked() {
    let emulator = Emulator::start();
    let sent_back = authorize(&emulator, &[("login_hint", "alex")]);
    assert_eq!(sent_back[1], ("state".into(), "a%20b".into()));
    let code = sent_back[0].1.replace("%2E", ".");
    for (wrong, expected) in [
        (
            ("code_verifier", "another-verifier-of-forty-three-characters-000"),
            "400 invalid_grant AADSTS501481",
        ),
        (("code_verifier", "short"), "400 invalid_grant AADSTS501491"),
        (("redirect_uri", "http://localhost/other"), "400 invalid_client AADSTS500112"),
        (("code", "unknown"), "400 invalid_grant AADSTS9002313"),
    ] {
        assert_eq!(refusal(&redeem(&emulator, &code, &[wrong])), expected, "{wrong:?}");
    }
    let token = redeem(&emulator, &code, &[]).json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(claims(&token)["upn"], "AlexW@contoso.example");
    assert_eq!(refusal(&redeem(&emulator, &code, &[])), "400 invalid_grant AADSTS54005");
}

#[test]
fn a_code_expires_after_ten_minutes() {
    let emulator = Emulator::start();
    let code = authorize(&emulator, &[])[0].1.replace("%2E", ".");
    emulator.advance("PT10M");
    assert_eq!(refusal(&redeem(&emulator, &code, &[])), "400 invalid_grant AADSTS70008");
}

#[test]
fn a_mistake_travels_back_or_is_shown_as_a_page() {
    let emulator = Emulator::start();
    assert_eq!(
        authorize(&emulator, &[("response_type", "token")])[0],
        ("error".into(), "unsupported%5Fresponse%5Ftype".into())
    );
    assert_eq!(authorize(&emulator, &[("login_hint", "nobody")])[0].0, "error");
    for query in [
        format!("client_id={APP_ID}&redirect_uri=https://evil.example"),
        "client_id=nobody&redirect_uri=http://localhost".into(),
        format!("client_id={APP_ID}&redirect_uri=http://localhost@evil.example"),
    ] {
        let answer =
            anonymous(&emulator).get(&format!("/{TENANT_ID}/oauth2/v2.0/authorize?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text.contains("AADSTS"), "{}", answer.text);
    }
}

#[test]
fn the_configuration_names_the_endpoints_on_the_same_origin() {
    let emulator = Emulator::start();
    let body = anonymous(&emulator).get("/common/v2.0/.well-known/openid-configuration").json();
    assert_eq!(body["token_endpoint"], format!("{}/{TENANT_ID}/oauth2/v2.0/token", emulator.url()));
}

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
