//! Answers that Graph would not send. The HTTP status is always reported, and the token is never sent to another host.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mgpresence::{Client, ClientBuilder, Credential, Request, Status};
use mgpresence_emulator::{Emulator, Fault};

use crate::support::{Graph, builder, busy, get, told};

fn once(options: ClientBuilder) -> ClientBuilder {
    options.max_attempts(1)
}

/// A server that answers one request with the given bytes, and a client for it.
fn server(answer: impl FnOnce(TcpStream) + Send + 'static) -> (Client, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        answer(stream);
    });
    let token = Credential::from_token("x").unwrap();
    let builder = Client::builder().base_url(url).allow_loopback_http().credential(token);
    (builder.build().unwrap(), serve)
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
fn a_page_in_place_of_an_error_object_is_not_explained_as_graphs() {
    for http_status in [401, 403, 404, 405] {
        let page =
            Fault::answer(http_status).header("Content-Type", "text/html").body("<h1>Blocked</h1>");
        let graph = faulty(page);
        let (_, text) = told(&graph.refusal(get()));
        let expected = format!(
            "{} refused to read the presence of adele ({http_status}) with text/html instead of an error object. \
             A proxy, a firewall or a sign-in page may have answered.",
            graph.emulator.url()
        );
        assert_eq!(text, expected);
    }
}

#[test]
fn html_with_200_is_not_a_success() {
    let graph =
        faulty(Fault::answer(200).header("Content-Type", "text/html").body("<h1>Sign in</h1>"));
    for request in [busy(), get()] {
        let error = graph.refusal(request);
        assert_eq!((error.status(), error.http_status()), (Status::Response, Some(200)));
        assert!(error.to_string().contains("a sign-in page may have answered"), "{error}");
    }
}

#[test]
fn a_truncated_body_keeps_its_status() {
    let graph = faulty(Fault::half());
    let error = graph.refusal(get());
    assert_eq!((error.status(), error.http_status()), (Status::ConnectionLost, Some(200)));
}

#[test]
fn an_invalid_answer_and_a_missing_answer_differ() {
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
    assert!(error.to_string().contains("The token lacks Presence.ReadWrite.All"), "{error}");
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
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
fn a_next_link_to_another_host_is_not_followed() {
    let graph = Graph::start();
    let error =
        graph.refusal(Request::next_page("https://graph.microsoft.com.evil.example/v1.0/x"));
    assert_eq!(error.status(), Status::Origin);
    assert_eq!(graph.sent(), 0);
}

#[test]
fn an_echoed_token_is_redacted_everywhere() {
    let graph = Graph::with(once);
    let token = &graph.token;
    graph.emulator.inject(
        Fault::answer(400)
            .header("X-Echo", token)
            .error(&format!("Bad-{token}"), &format!("what is {token}?")),
    );
    let error = graph.refusal(busy().trace());
    assert!(error.to_string().contains("what is [token]?"), "{error}");
    assert_eq!(error.response().unwrap().header("x-echo"), Some("[token]"));
    let everything = format!("{error} {error:?} {} {:?}", error.trace(), error.graph_code());
    assert!(!everything.contains(token.as_str()));
}

#[test]
fn an_echoed_token_with_escapes_is_redacted_everywhere() {
    let token = "EwB4+A8l/6BAAUeyXa+secret==";
    let escaped = token.replace('+', r"\u002B").replace('/', r"\/");
    let graph = Graph::with(once);
    graph.emulator.inject(
        Fault::answer(400)
            .header("Content-Type", "application/json")
            .header("X-Echo", &token.replace('+', "%2B"))
            .body(
                format!(r#"{{"error": {{"code": "C", "message": "what is {escaped}?"}}}}"#)
                    .as_str(),
            ),
    );
    let error = graph.refusal(get().access_token(token).unwrap().trace());
    assert_eq!(error.graph_message(), Some("what is [token]?"));
    let everything = format!("{error} {error:?} {} {:?}", error.trace(), error.graph_code());
    assert!(!everything.contains("secret"), "{everything}");
}

#[test]
fn an_answer_that_stalls_within_its_body_keeps_its_status() {
    let (client, server) = server(|mut stream| {
        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\nrequest-id: r1\r\nContent-Length: 9\r\n\r\n{")
            .unwrap();
        let _ = stream.read(&mut [0; 16]); // until the client gives up
    });
    let error = client.send(get().trace().timeout(Duration::from_millis(300))).unwrap_err();
    assert_eq!((error.status(), error.http_status()), (Status::Timeout, Some(403)));
    assert_eq!(error.request_id(), Some("r1"));
    assert!(error.trace().contains("< 403"), "{}", error.trace());
    drop(client);
    server.join().unwrap();
}

#[test]
fn json_that_is_not_a_presence_is_reported() {
    for (body, given) in
        [(serde_json::json!([]), "a JSON array"), (serde_json::json!(7), "a JSON number")]
    {
        let graph =
            faulty(Fault::answer(200).header("Content-Type", "application/json").body(body));
        let (status, text) = told(&graph.refusal(get()));
        assert_eq!(status, Status::Response);
        assert!(text.contains(&format!("with {given} where a presence was expected")), "{text}");
    }
}

fn answering(body: &str) -> Graph {
    faulty(Fault::answer(200).header("Content-Type", "application/json").body(body))
}

#[test]
fn an_error_object_with_200_is_not_a_success() {
    let body = r#"{"error": {"code": "ServiceError", "message": "An error has occurred."}}"#;
    for request in [get(), busy(), Request::list_presences()] {
        let error = answering(body).refusal(request);
        assert_eq!((error.status(), error.http_status()), (Status::Response, Some(200)));
        let text = error.to_string();
        assert!(text.contains("answered 200 with an error (ServiceError: An error has"), "{text}");
    }
}

#[test]
fn an_object_without_any_property_of_a_presence_is_not_one() {
    for (request, body) in [
        (get(), "{}"),
        (get(), r#"{"value": []}"#),
        (Request::list_presences(), "{}"),
        (Request::list_presences(), r#"{"value": [{"id": "a"}, {}]}"#),
        (Request::list_presences(), r#"{"value": [{"id": "a"}, null]}"#),
    ] {
        let error = answering(body).refusal(request);
        assert_eq!(error.status(), Status::Response, "{body}: {error}");
    }
}

#[test]
fn a_presence_with_one_selected_property_is_a_presence() {
    let graph = Graph::start();
    let answer = graph.send(get().query("$select", "availability")).unwrap();
    let presence = answer.presence().unwrap();
    assert!(presence.availability.is_some() && presence.activity.is_none(), "{presence:?}");
    let newer = answering(r#"{"@odata.context": "x", "mood": "fine"}"#);
    assert!(newer.send(get().query("$select", "mood")).unwrap().presence().is_some());
}

#[test]
fn an_invalid_property_does_not_discard_the_presence() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let private = r#"{"$serde_json::private::RawValue": "{\"availability\": \"Away\"}"}"#;
    for odd in ["1e400", r#""\ud800""#, &deep, private] {
        let body = format!(r#"{{"mood": {odd}, "availability": "Busy", "activity": {odd}}}"#);
        let answer = answering(&body).send(get()).unwrap();
        let presence = answer.presence().unwrap();
        assert_eq!(presence.availability, Some(mgpresence::Availability::Busy));
        assert_eq!(presence.json, body);
    }
}

#[test]
fn serde_jsons_private_key_in_an_answer_is_not_interpreted() {
    let body = r#"{"$serde_json::private::RawValue": "{\"availability\": \"Busy\"}"}"#;
    assert_eq!(answering(body).refusal(get()).status(), Status::Response);
}

#[test]
fn truncated_json_is_not_called_json() {
    let text = answering(r#"{"id": "a", "#).refusal(get()).to_string();
    assert!(text.contains("with application/json that is not JSON at line 1, column 12"), "{text}");
    assert!(!text.contains("sign-in page"), "{text}");
}

#[test]
fn a_servers_message_is_truncated_and_control_characters_are_removed() {
    let graph = faulty(Fault::answer(400).error("C", &format!("\u{1b}[31m{}", "x".repeat(3000))));
    let text = graph.refusal(busy()).to_string();
    assert!(text.len() < 300 && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn an_answer_that_does_not_end_in_time_is_a_timeout() {
    let graph = Graph::with(once);
    graph.emulator.inject(Fault::delay(Duration::from_secs(30)));
    let error = graph.refusal(busy().timeout(Duration::from_millis(200)));
    assert_eq!(error.status(), Status::Timeout);
    assert!(error.to_string().contains("timed out after 0.2 s and 1 attempt."), "{error}");
}

#[test]
fn an_unknown_host_is_reported() {
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
fn an_endless_body_is_rejected() {
    let (client, server) = server(|mut stream| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
        let _ = stream.write_all(head);
        while stream.write_all(&[b' '; 65_536]).is_ok() {}
    });
    let error = client.send(get()).unwrap_err();
    assert_eq!((error.status(), error.http_status()), (Status::Response, Some(200)));
    server.join().unwrap();
}

#[test]
fn unknown_values_of_an_enumeration_are_kept() {
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
    // An id that was not sent would lead nowhere.
    assert_eq!((error.attempts(), error.client_request_id()), (0, ""));
    assert!(emulator.sent().is_empty());
}
