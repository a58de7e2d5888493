//! Signing in as an application, against endpoints that verify what they receive.

use mgpresence::{Certificate, Client, Credential, CredentialBuilder, Error, Status};
use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, TENANT_ID};

use crate::support::{assert_is_sentences, builder, get};

/// The same for each credential: where it signs in.
pub(crate) fn at<K>(emulator: &Emulator, builder: CredentialBuilder<K>) -> CredentialBuilder<K> {
    builder.authority(emulator.url()).allow_loopback_http()
}

/// Reads a presence with a credential, which has to sign in for it.
pub(crate) fn read(emulator: &Emulator, credential: Credential) -> Result<(), Error> {
    client(emulator, credential).send(get()).map(drop)
}

pub(crate) fn client(emulator: &Emulator, credential: Credential) -> Client {
    builder(emulator).credential(credential).build().unwrap()
}

/// The paths of the sign-ins that the emulator saw.
pub(crate) fn sign_ins(emulator: &Emulator) -> Vec<String> {
    let sent = emulator.sent().into_iter().map(|request| request.path);
    sent.filter(|path| !path.starts_with("/v1.0") && !path.starts_with("/beta")).collect()
}

/// An emulator that believes only tokens that it has issued itself.
fn strict() -> Emulator {
    Emulator::builder().verify_tokens().client_certificate(CERTIFICATE).unwrap().start().unwrap()
}

const CERTIFICATE: &str = include_str!("../../emulator/tests/data/client-certificate.pem");
const OTHER_CERTIFICATE: &str = include_str!("../../emulator/tests/data/other-certificate.pem");

fn secret(emulator: &Emulator, secret: &str) -> Credential {
    at(emulator, Credential::client_secret(TENANT_ID, APP_ID, secret)).build().unwrap()
}

fn certificate(emulator: &Emulator, file: &str) -> Credential {
    let file = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let certificate = Certificate::from_file(file).password("hush-hush-hush");
    at(emulator, Credential::client_certificate(TENANT_ID, APP_ID, certificate)).build().unwrap()
}

/// The error of a request that must fail. Checks that its text consists of sentences.
pub(crate) fn refusal(emulator: &Emulator, credential: Credential) -> Error {
    let error = read(emulator, credential).expect_err("the sign-in must be refused");
    assert_is_sentences(&error.to_string());
    error
}

#[test]
fn a_client_secret_signs_in_once_for_many_requests() {
    let emulator = strict();
    let client = client(&emulator, secret(&emulator, CLIENT_SECRET));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.send(get()).unwrap());
        }
    });
    assert_eq!(sign_ins(&emulator), [format!("/{TENANT_ID}/oauth2/v2.0/token")]);
}

#[test]
fn a_certificate_signs_in_from_pem_and_pfx() {
    let emulator = strict();
    for file in ["pkcs1.pem", "encrypted-key.pem", "aes-256.pfx", "rc2-40.pfx"] {
        read(&emulator, certificate(&emulator, file)).unwrap();
    }
}

#[test]
fn a_signing_callback_signs_in() {
    use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};

    let emulator = strict();
    let pem = include_str!("../../emulator/tests/data/client-key.pem");
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, base64).unwrap();
    let key = RsaKeyPair::from_pkcs8(&der).unwrap();
    let held = Certificate::from_signer(CERTIFICATE, move |bytes| {
        let mut signature = vec![0; key.public().modulus_len()];
        let random = ring::rand::SystemRandom::new();
        key.sign(&RSA_PSS_SHA256, &random, bytes, &mut signature).map_err(|_| "no".to_string())?;
        Ok(signature)
    });
    let builder = Credential::client_certificate(TENANT_ID, APP_ID, held).send_certificate_chain();
    read(&emulator, at(&emulator, builder).build().unwrap()).unwrap();
}

#[test]
fn an_error_of_entra_reaches_the_caller() {
    let emulator =
        Emulator::builder().client_certificate(OTHER_CERTIFICATE).unwrap().start().unwrap();
    let elsewhere = Credential::client_secret("elsewhere.example", APP_ID, CLIENT_SECRET);
    let unknown = Credential::client_secret(TENANT_ID, "nobody", CLIENT_SECRET);
    for (credential, code, advice) in [
        (secret(&emulator, "not the secret"), "AADSTS7000215", "Give the value of the secret"),
        (certificate(&emulator, "aes-256.pfx"), "AADSTS700027", "Check that the certificate is"),
        (at(&emulator, elsewhere).build().unwrap(), "AADSTS90002", "Check `tenant_id`"),
        (at(&emulator, unknown).build().unwrap(), "AADSTS700016", "Check `client_id`"),
    ] {
        let error = refusal(&emulator, credential);
        assert_eq!((error.status(), error.graph_code()), (Status::SignIn, Some(code)), "{error}");
        assert!(error.advice().unwrap().starts_with(advice), "{error}");
        assert!(error.request_id().is_some_and(|id| error.to_string().contains(id)), "{error}");
        assert!(error.to_string().contains("correlation ID"), "{error}");
        assert!(matches!(error.http_status(), Some(400 | 401)));
    }
    let graph = emulator.sent().into_iter().filter(|request| request.path.starts_with("/v1.0"));
    assert_eq!(graph.count(), 0);
}

#[test]
fn a_certificate_that_entra_would_refuse_is_not_sent() {
    let emulator = Emulator::start();
    for (file, why) in [
        ("ec.pfx", "takes RSA only"),
        ("no-key.pfx", "There is no private key"),
        ("absent.pfx", "cannot be read"),
    ] {
        let error = refusal(&emulator, certificate(&emulator, file));
        assert_eq!(error.status(), Status::Certificate);
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(emulator.sent().is_empty());
}

#[test]
fn a_credential_without_a_required_value_is_not_created() {
    for (builder, why) in [
        (Credential::client_secret("", APP_ID, "x"), "tenant_id"),
        (Credential::client_secret("a/b", APP_ID, "x"), "tenant_id"),
        (Credential::client_secret(TENANT_ID, "../x", "x"), "client_id"),
        (Credential::client_secret(TENANT_ID, APP_ID, ""), "client_secret"),
        (
            Credential::client_secret(TENANT_ID, APP_ID, "x").authority("http://login.example"),
            "Authority",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.status(), Status::Option);
        assert!(error.to_string().contains(why), "{error}");
        assert_is_sentences(&error.to_string());
    }
}

#[test]
fn the_session_of_a_client_is_that_of_its_credential() {
    let emulator = strict();
    let client = client(&emulator, secret(&emulator, CLIENT_SECRET));
    client.send(crate::support::busy()).unwrap();
    let sent = emulator.sent();
    let set = sent.iter().find(|request| request.path.ends_with("setPresence")).unwrap();
    assert_eq!(set.body["sessionId"], APP_ID);
}
