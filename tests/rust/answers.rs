//! Answers that are not what Graph sends: the status is never lost, the token never goes elsewhere.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use mgpresence::{ClientBuilder, Credential, Error, Request, Response, Status};
use mgpresence_emulator::{Emulator, Fault};

use crate::support::{Graph, builder, busy, get, told};

fn once(options: ClientBuilder) -> ClientBuilder {
    options.max_attempts(1)
}

fn faulty(fault: Fault) -> Graph {
    let graph = Graph::with(once);
    graph.emulator.inject(fault);
    graph
}

#[test]
fn html_with_500_keeps_its_status_and_body() {
    let graph =
        faulty(Fault::answer(500).header("Content-Type", "text/html").body("<h1>Oops</h1>"));
    let error = graph.refusal(busy());
    assert_eq!((error.status(), error.http_status()), (Status::Unavailable, Some(500)));
    assert_eq!(error.response().unwrap().body(), "<h1>Oops</h1>");
    assert!(
        error.to_string().contains("(500) with text/html instead of an error object"),
        "{error}"
    );
}

#[test]
fn html_with_200_is_no_success() {
    let graph =
        faulty(Fault::answer(200).header("Content-Type", "text/html").body("<h1>Sign in</h1>"));
    for request in [busy(), get()] {
        let error = graph.refusal(request);
        assert_eq!((error.status(), error.http_status()), (Status::Response, Some(200)));
        assert!(error.to_string().contains("a sign-in page may have answered"), "{error}");
    }
}

#[test]
fn half_a_body_keeps_its_status() {
    let graph = faulty(Fault::half());
    let error = graph.refusal(get());
    assert_eq!((error.status(), error.http_status()), (Status::ConnectionLost, Some(200)));
}

#[test]
fn garbage_and_nothing_are_told_apart() {
    let garbage = faulty(Fault::garbage()).refusal(busy());
    assert_eq!((garbage.status(), garbage.http_status()), (Status::Response, None), "{garbage}");
    let nothing = faulty(Fault::close()).refusal(busy());
    assert_eq!(
        (nothing.status(), nothing.http_status()),
        (Status::ConnectionLost, None),
        "{nothing}"
    );
}

#[test]
fn an_error_object_without_a_message_is_still_explained() {
    let emulator = Emulator::start();
    let token =
        emulator.token(mgpresence_emulator::APP_ID).permissions(&["Presence.Read.All"]).mint();
    let graph =
        Graph::on(emulator, |options| options.credential(Credential::from_token(&token).unwrap()));
    let error = graph.refusal(busy());
    assert_eq!((error.status(), error.graph_message()), (Status::Forbidden, Some("")));
    assert!(error.to_string().contains("the token lacks Presence.ReadWrite.All"), "{error}");
}

#[test]
fn a_redirect_elsewhere_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", elsewhere.local_addr().unwrap());
    let graph = faulty(Fault::answer(307).header("Location", &url));
    let (status, text) = told(&graph.refusal(busy()));
    assert_eq!(status, Status::Redirect);
    assert!(text.contains(&url), "{text}");
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "nobody may have connected");
}

#[test]
fn a_next_link_elsewhere_is_not_followed() {
    let graph = Graph::start();
    let error =
        graph.refusal(Request::next_page("https://graph.microsoft.com.evil.example/v1.0/x"));
    assert_eq!(error.status(), Status::Origin);
    assert_eq!(graph.sent(), 0);
}

#[test]
fn a_token_that_the_service_echoes_reaches_no_error_and_no_trace() {
    let graph = Graph::with(once);
    let token = graph.token.clone();
    graph.emulator.inject(Fault::answer(400).error("BadRequest", &format!("what is {token}?")));
    let error = graph.refusal(busy().trace());
    assert!(error.to_string().contains("what is [token]?"), "{error}");
    assert!(!format!("{error:?}").contains(&token) || error.response().is_some());
    assert!(!error.trace().contains(&token));
    assert!(!error.graph_message().unwrap().contains(&token));
}

#[test]
fn an_answer_that_does_not_end_in_time_is_a_timeout() {
    let graph = Graph::with(once);
    graph.emulator.inject(Fault::delay(Duration::from_secs(30)));
    let error = graph.refusal(busy().timeout(Duration::from_millis(200)));
    assert_eq!(error.status(), Status::Timeout);
    assert!(error.to_string().contains("no answer within 0.2 s and 1 attempt;"), "{error}");
}

#[test]
fn a_host_that_is_not_there_is_said_so() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let token = Credential::from_token("x").unwrap();
    let client = mgpresence::Client::builder()
        .base_url(format!("http://{free}"))
        .allow_loopback_http()
        .credential(token)
        .build()
        .unwrap();
    let error = client.send(get()).unwrap_err();
    assert_eq!(error.status(), Status::Connect);
    assert!(error.to_string().contains(&format!("http://{free} cannot be reached: ")), "{error}");
}

#[test]
fn a_body_without_end_is_cut_off() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let flood = thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
        while stream.write_all(&[b' '; 65_536]).is_ok() {}
    });
    let result: Result<Response, Error> = {
        let token = Credential::from_token("x").unwrap();
        let client = mgpresence::Client::builder()
            .base_url(url)
            .allow_loopback_http()
            .credential(token)
            .build()
            .unwrap();
        client.send(get())
    };
    let error = result.unwrap_err();
    assert_eq!((error.status(), error.http_status()), (Status::Response, Some(200)));
    flood.join().unwrap();
}

#[test]
fn words_of_a_later_graph_are_kept() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::answer(200).header("Content-Type", "application/json").body(
        serde_json::json!({"value": [{"id": "a", "availability": "Focusing", "activity": "Thinking"}]}),
    ));
    let answer = graph.send(get()).unwrap();
    assert_eq!(answer.presence().unwrap().availability.as_ref().unwrap().as_str(), "Focusing");
    assert_eq!(answer.presence().unwrap().activity.as_ref().unwrap().as_str(), "Thinking");
}

#[test]
fn a_client_without_a_token_says_so_before_it_connects() {
    let emulator = Emulator::start();
    let error = builder(&emulator).build().unwrap().send(get()).unwrap_err();
    assert_eq!(error.status(), Status::NoCredential);
    assert!(emulator.sent().is_empty());
}
