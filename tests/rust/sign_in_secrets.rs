//! No secret of a sign-in is shown or logged. The tests search the errors, their debug output, the traces and the log
//! lines of every kind of sign-in for the secrets that were sent.

use std::sync::{Arc, Mutex};
use std::thread;

use mgpresence::{Certificate, Credential, Level};
use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, Fault, TENANT_ID};
use serde_json::json;

use crate::http::{browse, exchange};
use crate::sign_in::at;
use crate::support::{SOON, builder, get};

const WRONG: &str = "wrong~secret~value~1234567890";
const PASSWORD: &str = "hush-hush-hush";

/// Texts that are shown or logged.
type Texts = Arc<Mutex<Vec<String>>>;

/// A service that knows the certificate of these tests, and a login host that echoes what it was sent.
fn service() -> Emulator {
    let certificate = include_str!("../../emulator/tests/data/client-certificate.pem");
    let emulator = Emulator::builder().client_certificate(certificate).unwrap().start().unwrap();
    let echo = json!({
        "error": "invalid_client", "error_description": format!("AADSTS7000215: you sent {WRONG}"),
    });
    let echo = Fault::answer(401).body(echo).header("X-Echo", WRONG);
    emulator.inject(echo.on("POST", "*/echo.example/oauth2/v2.0/token"));
    emulator
}

/// Sends a request that must sign in, and collects all texts about it.
fn sign_in(emulator: &Emulator, credential: &Credential, shown: &Texts) {
    let log = Arc::clone(shown);
    let client = builder(emulator)
        .credential(credential.clone())
        .log(Level::Debug, move |level, subject, line| {
            log.lock().unwrap().push(format!("{level:?} {subject} {line}"));
        })
        .build()
        .unwrap();
    let said = match client.send(get().trace()) {
        Ok(response) => format!("{} {response:?}", response.trace()),
        Err(error) => format!("{error} {error:?} {} {:?}", error.trace(), error.response()),
    };
    client.close(SOON).unwrap();
    shown.lock().unwrap().extend([said, format!("{credential:?} {client:?}")]);
}

/// Applications that authenticate with a secret, a key or an assertion.
fn applications(emulator: &Emulator) -> Vec<Credential> {
    let pfx = format!("{}/tests/data/aes-256.pfx", env!("CARGO_MANIFEST_DIR"));
    let certificate = Certificate::from_file(pfx).password(PASSWORD);
    let secret = |tenant_id: &str, secret: &str| {
        at(emulator, Credential::client_secret(tenant_id, APP_ID, secret)).build().unwrap()
    };
    let certificate = Credential::client_certificate(TENANT_ID, APP_ID, certificate);
    let assertion = Credential::client_assertion(TENANT_ID, APP_ID, || Ok(WRONG.into()));
    vec![
        secret(TENANT_ID, CLIENT_SECRET),
        secret(TENANT_ID, WRONG),
        secret("echo.example", WRONG),
        at(emulator, certificate).build().unwrap(),
        at(emulator, assertion).build().unwrap(),
        Credential::chain([secret(TENANT_ID, CLIENT_SECRET)]).build().unwrap(),
    ]
}

/// Sign-ins with the identity of the environment. `secrets` are the secrets in the environment.
fn machines(emulator: &Emulator, secrets: &mut Vec<String>) -> Vec<Credential> {
    let about = emulator.about();
    let text = |name: &str| about[name].as_str().unwrap().to_string();
    secrets.extend([text("identityHeader"), text("actionsToken")]);
    let host = [
        ("IDENTITY_ENDPOINT", text("identityEndpoint")),
        ("IDENTITY_HEADER", text("identityHeader")),
    ];
    let workflow = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", text("actionsTokenUrl")),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", text("actionsToken")),
    ];
    let variables = [
        ("AZURE_TENANT_ID", TENANT_ID),
        ("AZURE_CLIENT_ID", APP_ID),
        ("AZURE_CLIENT_SECRET", WRONG),
    ];
    let workflow = Credential::github_actions(TENANT_ID, APP_ID).environment(workflow);
    let variables = Credential::environment().environment(variables);
    vec![
        Credential::managed_identity().environment(host).build().unwrap(),
        at(emulator, workflow).build().unwrap(),
        at(emulator, variables).build().unwrap(),
    ]
}

/// Sign-ins of a person. `refresh_tokens` are the tokens that the host receives.
fn people(emulator: &Emulator, refresh_tokens: &Texts) -> Vec<Credential> {
    let (url, told) = (emulator.url().to_string(), Arc::clone(refresh_tokens));
    let code = Credential::device_code(move |prompt| {
        let code = prompt.user_code.as_deref().unwrap();
        exchange("POST", &format!("{url}/_emulator/signIns/{code}"), r#"{"user": "adele"}"#);
        Ok(())
    });
    let code = code.on_refresh_token(move |token| {
        told.lock().unwrap().extend(token.map(String::from));
    });
    let browser = Credential::interactive_browser().prompt(|prompt| {
        let url = prompt.url.clone();
        thread::spawn(move || browse(&url));
        Ok(())
    });
    vec![
        at(emulator, code).client_id(APP_ID).build().unwrap(),
        at(emulator, browser).client_id(APP_ID).build().unwrap(),
    ]
}

/// The secrets in the forms and headers that the emulator received.
fn sent_secrets(emulator: &Emulator) -> Vec<String> {
    const FIELDS: [&str; 5] =
        ["client_assertion", "device_code", "refresh_token", "code", "code_verifier"];
    let sent = emulator.sent();
    let bodies = sent.iter().filter_map(|it| it.body.as_str());
    let pairs = bodies.flat_map(|body| body.split('&')).filter_map(|pair| pair.split_once('='));
    let fields = pairs.filter(|(name, _)| FIELDS.contains(name)).map(|(_, value)| value);
    let headers =
        sent.iter().flat_map(|it| &it.headers).filter(|(name, _)| name == "authorization");
    let tokens = headers.map(|(_, value)| value.trim_start_matches("Bearer "));
    fields.chain(tokens).map(String::from).collect()
}

#[test]
fn no_secret_is_ever_shown() {
    let emulator = service();
    let (shown, refresh_tokens) = (Texts::default(), Texts::default());
    let mut secrets = vec![CLIENT_SECRET.to_string(), WRONG.into(), PASSWORD.into()];
    let mut credentials = applications(&emulator);
    credentials.extend(machines(&emulator, &mut secrets));
    credentials.extend(people(&emulator, &refresh_tokens));
    for credential in &credentials {
        sign_in(&emulator, credential, &shown);
    }
    secrets.extend(sent_secrets(&emulator));
    secrets.extend(refresh_tokens.lock().unwrap().clone());
    assert!(secrets.len() > 15, "{secrets:?}");
    let shown = shown.lock().unwrap().join("\n");
    assert!(shown.contains("you sent [secret]"), "{shown}");
    for secret in secrets {
        assert!(!shown.contains(&secret), "{secret} was shown: {shown}");
    }
}
