//! https: the trusted certificates, and the difference between an insecure connection and a missing one.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use mgpresence::{ClientBuilder, Credential, Error, Status};
use mgpresence_emulator::{Emulator, Fault};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::support::get;

/// A host with a certificate that it has signed itself, and that certificate in a file.
struct Host {
    url: String,
    certificate: PathBuf,
}

impl Host {
    /// Answers one request on each connection with a presence.
    fn start(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        Self::answering(PRESENCE, name, change)
    }

    /// Answers one request on each connection, and closes that without TLS's close_notify.
    fn answering(
        response: &'static str,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let mut params = CertificateParams::new([name.to_string()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = match params.is_ca {
            IsCa::ExplicitNoCa => params.signed_by(&key, &unknown_authority()).unwrap(),
            _ => params.self_signed(&key).unwrap(),
        };
        let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let file = format!("mgpresence-test-{}-{port}.pem", std::process::id());
        let file = std::env::temp_dir().join(file);
        std::fs::write(&file, certificate.pem()).unwrap();
        let config = Arc::new(config);
        thread::spawn(move || {
            loop {
                answer(&listener, Arc::clone(&config), response);
            }
        });
        Self { url: format!("https://localhost:{port}"), certificate: file }
    }

    fn send(&self, trusts: bool) -> Result<u16, Error> {
        let builder = mgpresence::Client::builder().base_url(&self.url);
        let builder = match trusts {
            true => builder.ca_file(self.certificate.to_str().unwrap()),
            false => builder,
        };
        let token = Credential::from_token("x").unwrap();
        let client = builder.credential(token).max_attempts(1).build()?;
        client.send(get()).map(|answer| answer.http_status())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.certificate);
    }
}

const PRESENCE: &str =
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"id\":\"a\"}";

fn answer(listener: &TcpListener, config: Arc<ServerConfig>, response: &str) {
    let (mut socket, _) = listener.accept().unwrap();
    let mut tls = ServerConnection::new(config).unwrap();
    let mut stream = Stream::new(&mut tls, &mut socket);
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write_all(response.as_bytes());
}

fn authority(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

/// Has the certificate signed by an authority that nobody knows.
fn signed(params: &mut CertificateParams) {
    params.is_ca = IsCa::ExplicitNoCa;
}

/// One with the name that the certificates of the hosts have, too.
fn unknown_authority() -> Issuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    authority(&mut params);
    Issuer::new(params, KeyPair::generate().unwrap())
}

fn expired(params: &mut CertificateParams) {
    params.not_after = date_time_ymd(2020, 1, 1);
}

#[test]
fn a_certificate_that_a_host_signed_itself_is_trusted_as_ca_file() {
    assert_eq!(Host::start("localhost", |_| ()).send(true).unwrap(), 200);
    // As openssl req -x509 makes it.
    assert_eq!(Host::start("localhost", authority).send(true).unwrap(), 200);
}

#[test]
fn a_hosts_own_certificate_is_trusted_as_ca_file_whoever_signed_it() {
    assert_eq!(Host::start("localhost", signed).send(true).unwrap(), 200);
    assert_eq!(Host::start("localhost", signed).send(false).unwrap_err().status(), Status::Tls);
    let late = |params: &mut CertificateParams| {
        signed(params);
        expired(params);
    };
    for (host, problem) in [
        (Host::start("localhost", late), "its certificate has expired"),
        (Host::start("other.example", signed), "its certificate is for another host"),
    ] {
        let told = host.send(true).unwrap_err().to_string();
        assert!(told.contains(problem), "{told}");
    }
}

#[test]
fn a_ca_file_that_was_missing_is_read_by_the_next_call() {
    let host = Host::start("localhost", |_| ());
    let later = host.certificate.with_extension("later");
    let builder = mgpresence::Client::builder().base_url(&host.url);
    let builder = builder.ca_file(later.to_str().unwrap()).max_attempts(1);
    let client = builder.credential(Credential::from_token("x").unwrap()).build().unwrap();
    assert_eq!(client.send(get()).unwrap_err().status(), Status::Option);
    std::fs::rename(&host.certificate, &later).unwrap();
    assert_eq!(client.send(get()).map(|answer| answer.http_status()).unwrap(), 200);
    std::fs::remove_file(later).unwrap();
}

/// The status of a request to a host from a client that trusts the platform's certificates and those of another host.
fn send_trusting_another(url: &str) -> Result<u16, Error> {
    let another = Host::start("localhost", |params| {
        params.distinguished_name.push(DnType::CommonName, "another");
    });
    let ca_file = another.certificate.to_str().unwrap();
    let builder = mgpresence::Client::builder().base_url(url).ca_file(ca_file);
    let token = Credential::from_token("x").unwrap();
    let client = builder.credential(token).max_attempts(1).build()?;
    client.send(get()).map(|answer| answer.http_status())
}

#[test]
fn a_host_that_ca_file_does_not_name_is_judged_by_the_platform() {
    const URL: &str = "MGP_TEST_URL";
    if let Ok(url) = std::env::var(URL) {
        // In a process of its own, whose platform trusts the host.
        assert_eq!(send_trusting_another(&url).unwrap(), 200);
        return;
    }
    let host = Host::start("localhost", |_| ());
    let error = send_trusting_another(&host.url).unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    assert!(error.to_string().contains("not signed by a known authority"), "{error}");

    if cfg!(target_os = "linux") {
        let mut trusting = std::process::Command::new(std::env::current_exe().unwrap());
        trusting
            .args(["--exact", "tls::a_host_that_ca_file_does_not_name_is_judged_by_the_platform"]);
        trusting
            .env(URL, &host.url)
            .env("SSL_CERT_FILE", &host.certificate)
            .env_remove("SSL_CERT_DIR");
        let output = trusting.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn an_authoritys_certificate_is_trusted_for_its_name_and_time_only() {
    let other = Host::start("other.example", authority).send(true).unwrap_err().to_string();
    assert!(other.contains("its certificate is for another host"), "{other}");
    let late = |params: &mut CertificateParams| {
        authority(params);
        expired(params);
    };
    let expired = Host::start("localhost", late).send(true).unwrap_err().to_string();
    assert!(expired.contains("its certificate has expired"), "{expired}");
    let unknown = Host::start("localhost", authority).send(false).unwrap_err();
    assert_eq!(unknown.status(), Status::Tls);
    let text = unknown.to_string();
    assert!(text.ends_with("If you trust that certificate, give it as `ca_file`."), "{text}");
}

#[test]
fn a_ca_file_is_advised_only_where_it_would_help() {
    let old = || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let _ = socket.read(&mut [0; 4096]);
            // TLS 1.0: alert, fatal, protocol_version.
            let _ = socket.write_all(&[21, 3, 1, 0, 2, 2, 70]);
        });
        Host { url, certificate: PathBuf::new() }
    };
    let next_century =
        |params: &mut CertificateParams| params.not_before = date_time_ymd(2100, 1, 1);
    for (host, trusts, text) in [
        (Host::start("localhost", expired), true, "has expired. Check this machine's clock"),
        (
            Host::start("localhost", next_century),
            true,
            "is not valid yet. Check this machine's clock",
        ),
        (Host::start("other.example", |_| ()), true, "is for another host. Check the base URL"),
        (old(), false, "it does not support TLS 1.2 or later. Ask for an update"),
    ] {
        let error = host.send(trusts).unwrap_err();
        assert_eq!(error.status(), Status::Tls);
        let told = error.to_string();
        assert!(told.contains(text) && !told.contains("ca_file"), "{told}");
    }
}

#[test]
fn a_body_that_may_have_been_truncated_by_an_attacker_is_rejected() {
    let until_closed = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"id\":\"a\"}";
    let error = Host::answering(until_closed, "localhost", |_| ()).send(true).unwrap_err();
    assert_eq!(error.status(), Status::ConnectionLost);
    let text = error.to_string();
    assert!(
        text.contains("without sending TLS close_notify") && !text.contains("docs.rs"),
        "{text}"
    );
}

#[test]
fn an_error_about_a_certificate_is_a_sentence() {
    let for_clients = |params: &mut CertificateParams| {
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    };
    let error = Host::start("localhost", for_clients).send(true).unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    let text = error.to_string();
    assert!(text.contains("its certificate is not for a server. Ask for another"), "{text}");
}

fn https() -> Emulator {
    Emulator::builder().https().start().unwrap()
}

fn send(
    emulator: &Emulator,
    options: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<u16, Error> {
    let token = Credential::from_token(&emulator.app_token()).unwrap();
    let builder = mgpresence::Client::builder().base_url(emulator.url()).credential(token);
    options(builder).build()?.send(get()).map(|answer| answer.http_status())
}

fn trusting(emulator: &Emulator) -> impl FnOnce(ClientBuilder) -> ClientBuilder + use<> {
    let ca_file = emulator.ca_file().unwrap().to_str().unwrap().to_string();
    move |builder| builder.ca_file(ca_file)
}

#[test]
fn a_certificate_of_the_ca_file_is_trusted_beside_the_systems() {
    let emulator = https();
    assert_eq!(send(&emulator, trusting(&emulator)).unwrap(), 200);
}

#[test]
fn an_untrusted_certificate_is_rejected_with_advice() {
    let error = send(&https(), |builder| builder).unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    let text = error.to_string();
    assert!(text.contains("its certificate is not signed by a known authority"), "{text}");
    assert!(text.contains("give its certificate as `ca_file`"), "{text}");
}

#[test]
fn a_failed_handshake_has_the_tls_status() {
    let emulator = https();
    emulator.inject(Fault::tls());
    assert_eq!(send(&emulator, trusting(&emulator)).unwrap_err().status(), Status::Tls);
}

#[test]
fn a_host_without_tls_is_reported() {
    let plain = Emulator::start();
    let url = plain.url().replace("http://", "https://");
    let error = send(&plain, |builder| builder.base_url(url)).unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    assert!(error.to_string().contains("it does not speak TLS"), "{error}");
}
