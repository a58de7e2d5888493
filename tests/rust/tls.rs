//! https: what is trusted, and how a connection that is not secure is told from one that is not there.

use mgpresence::{ClientBuilder, Credential, Error, Status};
use mgpresence_emulator::{Emulator, Fault};

use crate::support::get;

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
fn a_certificate_that_nobody_signed_is_refused_with_the_way_out() {
    let error = send(&https(), |builder| builder).unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    let text = error.to_string();
    assert!(text.contains("nobody known here has signed its certificate"), "{text}");
    assert!(text.contains("give its certificate as ca_file"), "{text}");
}

#[test]
fn a_handshake_that_fails_is_a_matter_of_tls() {
    let emulator = https();
    emulator.inject(Fault::tls());
    assert_eq!(send(&emulator, trusting(&emulator)).unwrap_err().status(), Status::Tls);
}

#[test]
fn a_host_that_speaks_no_tls_is_told_so() {
    let plain = Emulator::start();
    let url = plain.url().replace("http://", "https://");
    let error = send(&plain, |builder| builder.base_url(url)).unwrap_err();
    assert_eq!(error.status(), Status::Tls);
    assert!(error.to_string().contains("it does not speak TLS"), "{error}");
}
