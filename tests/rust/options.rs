//! What a client is set up with.

use std::sync::{Arc, Mutex};

use mgpresence::{Client, Cloud, Level, Status};
use mgpresence_emulator::Fault;

use crate::support::{Graph, busy};

#[test]
fn plain_http_needs_loopback_and_consent() {
    for (url, allow, text) in [
        ("http://127.0.0.1:1", false, "is plain http"),
        ("http://graph.microsoft.com", true, "would show the token on the wire"),
        ("https://graph.microsoft.com/v1.0", true, "has a path"),
        ("", true, "is not a URL"),
    ] {
        let builder = Client::builder().base_url(url);
        let builder = if allow { builder.allow_loopback_http() } else { builder };
        let error = builder.build().unwrap_err();
        assert_eq!(error.status(), Status::Option);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn numbers_and_proxies_that_cannot_be_are_refused_at_once() {
    let builder = Client::builder;
    for (error, text) in [
        (builder().max_attempts(0).build(), "max_attempts is 0"),
        (builder().max_in_flight(0).build(), "max_in_flight is 0"),
        (builder().proxy_url("not a url").build(), "option proxy_url is not a URL"),
    ] {
        let error = error.unwrap_err();
        assert_eq!(error.status(), Status::Option);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn a_ca_file_that_is_none_is_said_by_the_first_call() {
    let token = mgpresence::Credential::from_token("x").unwrap();
    let client = Client::builder().credential(token).ca_file("/nonexistent.pem").build().unwrap();
    let error = client.send(busy().access_token("x").unwrap().query("a", "b")).unwrap_err();
    // The session id is asked for before anything is opened.
    assert_eq!(error.status(), Status::InvalidSessionId);
    let get = mgpresence::Request::get_presence(mgpresence::Target::Me);
    let error = client.send(get).unwrap_err();
    assert_eq!(error.status(), Status::Option);
    assert!(error.to_string().contains("\"/nonexistent.pem\" cannot be read"), "{error}");
}

#[test]
fn each_cloud_has_its_host() {
    for (cloud, url) in [
        (Cloud::Global, "https://graph.microsoft.com"),
        (Cloud::UsGov, "https://graph.microsoft.us"),
        (Cloud::UsGovDod, "https://dod-graph.microsoft.us"),
        (Cloud::Bleu, "https://graph.svc.sovcloud.fr"),
    ] {
        assert_eq!(cloud.base_url(), url);
        Client::builder().cloud(cloud).build().unwrap();
    }
}

#[test]
fn a_proxy_that_was_given_is_used_even_for_loopback() {
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let graph = Graph::with(|options| options.proxy_url(url).max_attempts(1));
    let asked = std::thread::spawn(move || {
        let mut line = [0; 16];
        let (mut stream, _) = proxy.accept().unwrap();
        std::io::Read::read_exact(&mut stream, &mut line).unwrap();
        String::from_utf8(line.to_vec()).unwrap()
    });
    assert_eq!(graph.refusal(busy()).status(), Status::ConnectionLost);
    assert_eq!(asked.join().unwrap(), "POST http://127.");
    assert_eq!(graph.sent(), 0);
}

#[test]
fn the_log_tells_of_retries_and_ends_and_never_of_tokens() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let graph = Graph::with(|options| {
        options.log(Level::Info, move |level, subject, line| {
            sink.lock().unwrap().push(format!("{level:?} {subject} {line}"));
        })
    });
    graph.emulator.inject(Fault::answer(503).header("Retry-After", "0").error("x", "y").times(1));
    graph.send(busy()).unwrap();
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("Warning retry ") && lines[0].contains("(503)"), "{lines:?}");
    assert!(lines[1].starts_with("Info call ") && lines[1].contains("setPresence 200"));
    assert!(!lines.concat().contains(&graph.token));
}
