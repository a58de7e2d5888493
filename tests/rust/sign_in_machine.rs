//! Sign-ins with the identity of the host, such as a pod, a workflow or an Azure virtual machine, and with a chain of
//! these.

use std::fs;
use std::path::PathBuf;

use mgpresence::{Credential, CredentialBuilder, ManagedIdentity, Status};
use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, Fault, MANAGED_IDENTITY_ID, TENANT_ID};
use serde_json::{Value, json};

use crate::http::exchange;
use crate::sign_in::{at, client, read, refusal, sign_ins};
use crate::support::get;

const ISSUER: &str = "https://cluster.example";
const SUBJECT: &str = "system:serviceaccount:default:presence";

/// An application that trusts assertions, of this cluster and of GitHub Actions.
const FEDERATED: &str = "11111111-2222-3333-4444-555555555555";

fn federated() -> Emulator {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let federated = |issuer: &str, subject: &str| json!({"issuer": issuer, "subject": subject});
    let github = "https://token.actions.githubusercontent.com";
    let registration = json!({
        "appId": FEDERATED,
        "federatedCredentials": [
            federated(ISSUER, SUBJECT),
            federated(github, "repo:contoso/presence:ref:refs/heads/main"),
        ],
    });
    control(&emulator, "applications", &registration);
    emulator
}

fn control(emulator: &Emulator, path: &str, body: &Value) -> Value {
    let url = format!("{}/_emulator/{path}", emulator.url());
    let answer = exchange("POST", &url, &body.to_string());
    assert!((200..300).contains(&answer.status), "{answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// A token of the cluster for a pod.
fn assertion(emulator: &Emulator) -> String {
    let wanted = json!({
        "issuer": ISSUER, "subject": SUBJECT, "audience": "api://AzureADTokenExchange",
    });
    control(emulator, "assertions", &wanted)["assertion"].as_str().unwrap().into()
}

/// A file that only this test uses.
fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("mgpresence-{}-{name}", std::process::id()));
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn an_assertion_of_a_callback_signs_in() {
    let emulator = federated();
    let assertion = assertion(&emulator);
    let builder = Credential::client_assertion(TENANT_ID, FEDERATED, move || Ok(assertion.clone()));
    read(&emulator, at(&emulator, builder).build().unwrap()).unwrap();

    let sealed = Credential::client_assertion(TENANT_ID, FEDERATED, || Err("no issuer".into()));
    let error = refusal(&emulator, at(&emulator, sealed).build().unwrap());
    assert_eq!(error.to_string(), "The credential provided no token: no issuer.");

    let odd = Credential::client_assertion(TENANT_ID, FEDERATED, || Ok("not a token".into()));
    let error = refusal(&emulator, at(&emulator, odd).build().unwrap());
    assert_eq!(error.status(), Status::Token);
    assert!(error.to_string().contains("its assertion callback set something"), "{error}");
}

#[test]
fn the_token_file_of_a_pod_is_read_again_for_each_sign_in() {
    let emulator = federated();
    let path = file("pod", "not a token yet");
    let environment = [
        ("AZURE_TENANT_ID", TENANT_ID),
        ("AZURE_CLIENT_ID", FEDERATED),
        ("AZURE_FEDERATED_TOKEN_FILE", path.to_str().unwrap()),
        ("AZURE_AUTHORITY_HOST", emulator.url()),
    ];
    let builder = Credential::workload_identity().environment(environment).allow_loopback_http();
    let credential = builder.build().unwrap();
    let error = refusal(&emulator, credential.clone());
    assert!(error.to_string().contains("AZURE_FEDERATED_TOKEN_FILE"), "{error}");

    fs::write(&path, assertion(&emulator)).unwrap();
    read(&emulator, credential).unwrap();
    fs::remove_file(&path).unwrap();
}

#[test]
fn an_error_about_a_token_file_names_its_source_and_the_reason() {
    let emulator = federated();
    let path = file("bad", "");
    let given = path.to_str().unwrap();
    let pod = Credential::workload_identity().environment([
        ("AZURE_TENANT_ID", TENANT_ID),
        ("AZURE_CLIENT_ID", FEDERATED),
        ("AZURE_AUTHORITY_HOST", emulator.url()),
    ]);
    let credential = pod.token_file(given).allow_loopback_http().build().unwrap();
    for (content, reason) in
        [("", "it is empty"), ("a b", "it has something else in it than a JWT")]
    {
        fs::write(&path, content).unwrap();
        let expected =
            format!("The file \"{given}\" of `assertion_file` cannot be read: {reason}.");
        assert_eq!(refusal(&emulator, credential.clone()).to_string(), expected);
    }
    fs::remove_file(&path).unwrap();
}

#[test]
fn an_assertion_that_no_federated_credential_trusts_is_explained() {
    let emulator = federated();
    let wanted = json!({
        "issuer": ISSUER, "subject": "system:serviceaccount:default:other",
        "audience": "api://AzureADTokenExchange",
    });
    let text = control(&emulator, "assertions", &wanted)["assertion"].as_str().unwrap().to_string();
    let path = file("other", &text);
    let builder = Credential::client_assertion_file(TENANT_ID, FEDERATED, path.to_str().unwrap());
    let error = refusal(&emulator, at(&emulator, builder).build().unwrap());
    assert_eq!((error.status(), error.graph_code()), (Status::SignIn, Some("AADSTS700213")));
    assert!(error.advice().unwrap().contains("federated credential"), "{error}");
    assert!(!error.to_string().contains(&text) && !format!("{error:?}").contains(&text));
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_workflow_of_github_actions_signs_in() {
    let emulator = federated();
    let about = emulator.about();
    let text = |name: &str| about[name].as_str().unwrap().to_string();
    let environment = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", text("actionsTokenUrl")),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", text("actionsToken")),
    ];
    let builder = Credential::github_actions(TENANT_ID, FEDERATED).environment(environment.clone());
    read(&emulator, at(&emulator, builder).build().unwrap()).unwrap();

    let wrong =
        [environment[0].clone(), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "wrong-token-of-it".into())];
    let builder = Credential::github_actions(TENANT_ID, FEDERATED).environment(wrong);
    let error = refusal(&emulator, at(&emulator, builder).build().unwrap());
    assert_eq!((error.status(), error.http_status()), (Status::SignIn, Some(401)));

    let ids = [("AZURE_TENANT_ID", TENANT_ID.into()), ("AZURE_CLIENT_ID", FEDERATED.into())];
    let builder = Credential::github_actions("", "").environment([&environment[..], &ids].concat());
    read(&emulator, at(&emulator, builder).build().unwrap()).unwrap();
}

#[test]
fn a_workflow_whose_variables_are_not_set_is_found_at_the_sign_in() {
    let emulator = federated();
    for (tenant_id, client_id, missing) in [
        (TENANT_ID, FEDERATED, "ACTIONS_ID_TOKEN_REQUEST_URL is not set"),
        (TENANT_ID, "", "AZURE_CLIENT_ID is not set"),
        ("", "", "AZURE_TENANT_ID is not set"),
    ] {
        let builder = Credential::github_actions(tenant_id, client_id).environment([("HOME", "/")]);
        let error = refusal(&emulator, at(&emulator, builder).build().unwrap());
        assert_eq!(error.status(), Status::NoCredential);
        assert!(error.to_string().contains(missing), "{error}");
    }
}

/// A credential for a managed identity in an environment.
fn managed(environment: &[(&str, &str)]) -> CredentialBuilder<ManagedIdentity> {
    Credential::managed_identity().environment(environment.iter().copied())
}

#[test]
fn a_virtual_machine_signs_in_with_its_identity() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let host = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.url())];
    read(&emulator, managed(&host).build().unwrap()).unwrap();
    let own = managed(&host).client_id(MANAGED_IDENTITY_ID).build().unwrap();
    read(&emulator, own).unwrap();
    let sent = emulator.sent();
    let first = sent.iter().find(|it| it.path.starts_with("/metadata")).unwrap();
    assert!(first.headers.contains(&("metadata".into(), "true".into())), "{first:?}");
    assert!(first.path.contains("resource=https%3A%2F%2Fgraph%2Emicrosoft%2Ecom"), "{first:?}");

    let error = refusal(&emulator, managed(&host).client_id("nobody").build().unwrap());
    assert_eq!(error.status(), Status::NoCredential);
    assert!(error.to_string().contains("none of that client id"), "{error}");
}

#[test]
fn a_metadata_service_that_is_busy_is_asked_again() {
    let emulator = Emulator::start();
    for status in [410, 503] {
        emulator.inject(Fault::answer(status).on("GET", "/metadata/*").times(1));
    }
    let host = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.url())];
    read(&emulator, managed(&host).build().unwrap()).unwrap();
    assert_eq!(sign_ins(&emulator).len(), 3);
}

#[test]
fn app_service_signs_in_with_the_header_of_its_endpoint() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let about = emulator.about();
    let endpoint = ("IDENTITY_ENDPOINT", about["identityEndpoint"].as_str().unwrap());
    let header = ("IDENTITY_HEADER", about["identityHeader"].as_str().unwrap());
    read(&emulator, managed(&[endpoint, header]).build().unwrap()).unwrap();

    let wrong = managed(&[endpoint, ("IDENTITY_HEADER", "wrong-header-of-it")]);
    let error = refusal(&emulator, wrong.build().unwrap());
    assert_eq!((error.status(), error.http_status()), (Status::SignIn, Some(401)));
    assert!(error.to_string().contains("identity endpoint of App Service refused"), "{error}");
}

#[test]
fn an_endpoint_that_is_not_of_this_machine_gets_no_secret() {
    let emulator = Emulator::start();
    for (endpoint, header) in [
        ("http://192.0.2.1/msi/token", "the-secret-of-it"),
        ("https://identity.evil.example/msi/token", "the-secret-of-it"),
    ] {
        let environment = [("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", header)];
        let error = refusal(&emulator, managed(&environment).build().unwrap());
        assert_eq!(error.status(), Status::Option);
        assert!(error.to_string().contains("IDENTITY_ENDPOINT"), "{error}");
        assert!(!error.to_string().contains(header), "{error}");
    }
}

#[test]
fn a_chain_says_which_link_it_used_and_why_the_others_did_not() {
    let emulator = Emulator::start();
    let no_variables = [("HOME", "/")];
    let environment = Credential::environment().environment(no_variables).build().unwrap();
    let pod = Credential::workload_identity().environment(no_variables).build().unwrap();
    let secret = at(&emulator, Credential::client_secret(TENANT_ID, APP_ID, CLIENT_SECRET));
    let chain = Credential::chain([environment.clone(), pod.clone(), secret.build().unwrap()]);
    let client = client(&emulator, chain.build().unwrap());
    client.send(get()).unwrap();

    let none = Credential::chain([environment, pod]).build().unwrap();
    let error = refusal(&emulator, none);
    assert_eq!(error.status(), Status::NoCredential);
    for part in ["The environment is not set up here: AZURE_TENANT_ID", "Workload identity is not"]
    {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn chains_are_nested_only_so_deep_as_the_stack_allows() {
    let link = Credential::from_token("x").unwrap();
    let within = |link| Credential::chain([link]).build();
    let deepest = (0..16).try_fold(link, |link, _| within(link)).unwrap();
    let error = within(deepest).unwrap_err();
    assert_eq!(error.status(), Status::Option);
    assert!(error.to_string().contains("`chain` is nested more than 16 deep"), "{error}");
}

#[test]
fn the_default_chain_ends_with_the_managed_identity() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let host = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.url())];
    read(&emulator, Credential::chain([]).environment(host).build().unwrap()).unwrap();

    let ids = [("AZURE_TENANT_ID", TENANT_ID), ("AZURE_CLIENT_ID", APP_ID)];
    let secret = [("AZURE_CLIENT_SECRET", CLIENT_SECRET)];
    let variables = host.into_iter().chain(ids).chain(secret);
    emulator.clear_sent();
    read(&emulator, at(&emulator, Credential::chain([]).environment(variables)).build().unwrap())
        .unwrap();
    assert_eq!(sign_ins(&emulator), [format!("/{TENANT_ID}/oauth2/v2.0/token")]);
}

#[test]
fn a_link_that_entra_refuses_ends_the_chain() {
    let emulator = Emulator::start();
    let wrong = at(&emulator, Credential::client_secret(TENANT_ID, APP_ID, "not the secret"));
    let right = at(&emulator, Credential::client_secret(TENANT_ID, APP_ID, CLIENT_SECRET));
    let links = [wrong.build().unwrap(), right.build().unwrap()];
    let error = refusal(&emulator, Credential::chain(links).build().unwrap());
    assert_eq!(error.graph_code(), Some("AADSTS7000215"));
}

#[test]
fn the_variables_of_azure_sign_in() {
    let emulator = Emulator::builder()
        .client_certificate(include_str!("../../emulator/tests/data/client-certificate.pem"))
        .unwrap()
        .start()
        .unwrap();
    let pfx = format!("{}/tests/data/aes-256.pfx", env!("CARGO_MANIFEST_DIR"));
    let ids = [("AZURE_TENANT_ID", TENANT_ID), ("AZURE_CLIENT_ID", APP_ID)];
    for proof in [
        vec![("AZURE_CLIENT_SECRET", CLIENT_SECRET)],
        vec![
            ("AZURE_CLIENT_CERTIFICATE_PATH", pfx.as_str()),
            ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "hush-hush-hush"),
        ],
    ] {
        let builder = Credential::environment().environment(ids.into_iter().chain(proof.clone()));
        let credential = at(&emulator, builder).build().unwrap();
        read(&emulator, credential).unwrap_or_else(|error| panic!("{proof:?}: {error}"));
    }
}
