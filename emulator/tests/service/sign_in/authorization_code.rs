//! The authorization code flow: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mgpresence_emulator::{APP_ID, Emulator, TENANT_ID};
use serde_json::{Value, json};

use super::{anonymous, claims, post, refusal};
use crate::client::Answer;

const REDIRECT: &str = "http://localhost:8400/done";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0";

/// What the endpoint answers to a browser.
fn visit(emulator: &Emulator, more: &[(&str, &str)]) -> Answer {
    let challenge =
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()));
    let usual = [
        ("client_id", APP_ID),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid profile email Presence.ReadWrite"),
        ("state", "a b"),
        ("nonce", "n-1"),
        ("client_info", "1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let query: Vec<String> = more
        .iter()
        .chain(&usual)
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "%20")))
        .collect();
    anonymous(emulator).get(&format!("/{TENANT_ID}/oauth2/v2.0/authorize?{}", query.join("&")))
}

/// Where the browser is sent, as name and value.
fn authorize(emulator: &Emulator, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let answer = visit(emulator, more);
    assert_eq!(answer.status, 302, "{}", answer.text);
    let (place, parameters) = answer.header("location").split_once('?').unwrap();
    assert_eq!(place, REDIRECT);
    let pairs = parameters.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
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
    assert_eq!(value(&sent_back, "state"), "a%20b");
    let code = value(&sent_back, "code").replace("%2E", ".");
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
    let code = value(&authorize(&emulator, &[]), "code").replace("%2E", ".");
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
    for wrong in [("code_challenge_method", "s256"), ("code_challenge", "short")] {
        let refused = authorize(&emulator, &[wrong]);
        assert_eq!(refused[0], ("error".into(), "invalid%5Frequest".into()), "{wrong:?}");
    }
    let refused = authorize(&emulator, &[("login_hint", "nobody")]);
    let description = value(&refused, "error_description");
    assert!(
        description.contains("AADSTS50034") && description.contains("Trace%20ID"),
        "{refused:?}"
    );
    assert_eq!(value(&refused, "state"), "a%20b");
    for query in [
        format!("client_id={APP_ID}&redirect_uri=https://evil.example"),
        "client_id=nobody&redirect_uri=http://localhost".into(),
        format!("client_id={APP_ID}&redirect_uri=http://localhost@evil.example"),
        format!("client_id={APP_ID}&redirect_uri=http://localhost/%23f"),
        format!("client_id={APP_ID}&redirect_uri=http://localhost/%0D%0AX:y"),
        format!("client_id={APP_ID}&redirect_uri=http://localhost/a%20b"),
        format!("client_id={APP_ID}&redirect_uri=http://localhost:evil.example/"),
        format!("client_id={APP_ID}&redirect_uri=http://localhost:80:80/"),
        format!("client_id={APP_ID}&redirect_uri=http://localhost:99999/"),
    ] {
        let answer =
            anonymous(&emulator).get(&format!("/{TENANT_ID}/oauth2/v2.0/authorize?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text.contains("AADSTS"), "{}", answer.text);
    }
}

#[test]
fn parameters_travel_by_the_response_mode() {
    let emulator = Emulator::start();
    let answer = visit(&emulator, &[("response_mode", "fragment")]);
    let start = format!("{REDIRECT}#code=");
    assert!(answer.header("location").starts_with(&start), "{}", answer.header("location"));
    let page = visit(&emulator, &[("response_mode", "form_post")]);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for part in [&format!("action=\"{REDIRECT}\""), "name=\"code\"", "name=\"state\" value=\"a b\""]
    {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    let refused = authorize(&emulator, &[("response_mode", "web_message")]);
    assert!(value(&refused, "error_description").contains("AADSTS70007"), "{refused:?}");
}

#[test]
fn the_id_token_says_who_signed_in_to_the_client_that_asked() {
    let emulator = Emulator::start();
    let sent_back = authorize(&emulator, &[("login_hint", "alex")]);
    let code = value(&sent_back, "code").replace("%2E", ".");
    let body = redeem(&emulator, &code, &[("client_info", "1")]).json();
    assert_eq!(body["scope"], "openid profile email Presence.ReadWrite");
    let user = emulator.user_id("alex");
    let token = claims(body["id_token"].as_str().unwrap());
    for (name, expected) in [
        ("aud", APP_ID),
        ("iss", &format!("{}/{TENANT_ID}/v2.0", emulator.url())),
        ("tid", TENANT_ID),
        ("oid", &user),
        ("nonce", "n-1"),
        ("name", "Alex Wilber"),
        ("preferred_username", "AlexW@contoso.example"),
        ("email", "AlexW@contoso.example"),
        ("ver", "2.0"),
    ] {
        assert_eq!(token[name], expected, "{name}");
    }
    assert!(token["sub"].is_string() && token["exp"].as_i64() > token["iat"].as_i64());
    let info = URL_SAFE_NO_PAD.decode(body["client_info"].as_str().unwrap()).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    assert_eq!(info, json!({"uid": user, "utid": TENANT_ID}));
    assert_eq!(value(&sent_back, "client_info"), body["client_info"]);
}

#[test]
fn the_user_may_decline_in_the_browser_or_be_another_one() {
    let emulator = Emulator::start();
    let decide = |body: Value| anonymous(&emulator).post("/_emulator/signIns", body).status;
    assert_eq!(decide(json!({"decline": true})), 204);
    let refused = authorize(&emulator, &[]);
    let parts = ["error", "error_subcode"].map(|name| value(&refused, name));
    assert_eq!(parts, ["access%5Fdenied", "cancel"]);
    assert!(value(&refused, "error_description").contains("AADSTS65004"), "{refused:?}");
    assert_ne!(value(&authorize(&emulator, &[]), "code"), "", "it held for one sign-in");

    assert_eq!(decide(json!({"user": "megan"})), 204);
    let code = value(&authorize(&emulator, &[("login_hint", "alex")]), "code").replace("%2E", ".");
    let token = redeem(&emulator, &code, &[]).json()["access_token"].clone();
    assert_eq!(claims(token.as_str().unwrap())["upn"], "MeganB@contoso.example");
    assert_eq!(decide(json!({"slowDown": true})), 400);
}

#[test]
fn a_silent_sign_in_needs_a_user_who_is_known() {
    let emulator = Emulator::start();
    let refused = authorize(&emulator, &[("prompt", "none")]);
    assert_eq!(value(&refused, "error"), "login%5Frequired");
    assert_ne!(
        value(&authorize(&emulator, &[("prompt", "none"), ("login_hint", "alex")]), "code"),
        ""
    );
    assert_ne!(value(&authorize(&emulator, &[("prompt", "select_account")]), "code"), "");
    let refused = authorize(&emulator, &[("prompt", "always")]);
    assert!(value(&refused, "error_description").contains("AADSTS90023"), "{refused:?}");
}
