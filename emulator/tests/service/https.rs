//! https: the certificate is trusted by its file and by nothing else.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use mgpresence_emulator::{Emulator, Fault};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// One GET over TLS, trusting the certificates of `trusted` only.
fn get(emulator: &Emulator, trusted: &Emulator, name: &'static str) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    let file = trusted.ca_file().expect("it serves https");
    roots
        .add(CertificateDer::from_pem_file(file).map_err(io::Error::other)?)
        .map_err(io::Error::other)?;
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(name).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect(emulator.address())?);
    let token = emulator.app_token();
    write!(
        stream,
        "GET /v1.0/users/adele/presence HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

fn emulator() -> Emulator {
    Emulator::builder().https().start().unwrap()
}

#[test]
fn the_certificate_holds_for_the_loopback_names() {
    let emulator = emulator();
    assert!(emulator.url().starts_with("https://127.0.0.1:"));
    for name in ["127.0.0.1", "localhost", "::1"] {
        assert!(get(&emulator, &emulator, name).unwrap().starts_with("HTTP/1.1 200 OK"), "{name}");
    }
    assert!(get(&emulator, &emulator, "graph.microsoft.com").is_err());
}

#[test]
fn another_emulators_authority_is_not_trusted() {
    let error = get(&emulator(), &emulator(), "localhost").unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn the_file_goes_with_the_emulator() {
    let emulator = emulator();
    let path = emulator.ca_file().unwrap().to_owned();
    assert_eq!(emulator.about()["caFile"], path.to_str().unwrap());
    assert!(path.exists());
    drop(emulator);
    assert!(!path.exists());
}

#[test]
fn a_handshake_fails_on_order() {
    let emulator = emulator();
    emulator.inject(Fault::tls().times(1));
    let error = get(&emulator, &emulator, "localhost").unwrap_err();
    assert!(error.to_string().contains("HandshakeFailure"), "{error}");
    assert!(get(&emulator, &emulator, "localhost").is_ok());
}

#[test]
fn faults_work_under_tls_too() {
    let emulator = emulator();
    emulator.inject(Fault::half().times(1));
    let half = get(&emulator, &emulator, "localhost").unwrap();
    assert!(!half.ends_with('}'), "{half}");
    emulator.inject(Fault::reset().times(1));
    assert_eq!(
        get(&emulator, &emulator, "localhost").unwrap_err().kind(),
        io::ErrorKind::ConnectionReset
    );
}
