//! Faults over a socket: what a client sees of each kind.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use mgpresence_emulator::{APP_ID, Emulator, Fault};
use serde_json::json;

use crate::assertion::sign;
use crate::client::{Client, session};

const PATH: &str = "/v1.0/users/adele/presence/setPresence";

/// One GET on a bare socket: the bytes that came, or the error instead.
fn raw_get(emulator: &Emulator) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(emulator.address())?;
    let token = emulator.app_token();
    write!(
        stream,
        "GET /v1.0/users/adele/presence HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map(|_| bytes)
}

#[test]
fn the_nth_request_is_answered_as_ordered() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    emulator.inject(
        Fault::answer(429).header("Retry-After", "2.128").on("POST", "*/setPresence").nth(2),
    );
    assert_eq!(app.post(PATH, session("Away", "Away")).status, 200);
    let throttled = app.post(PATH, session("Busy", "InACall"));
    assert_eq!(
        (throttled.error().as_str(), throttled.header("retry-after")),
        ("429 TooManyRequests: Too many requests.", "2.128")
    );
    assert_eq!(app.shown("adele"), "Away/Away");
    assert_eq!(app.post(PATH, session("Busy", "InACall")).status, 200);
    let statuses: Vec<u16> = emulator.sent().iter().map(|received| received.status).collect();
    assert_eq!(statuses, [200, 429, 200, 200]);
}

#[test]
fn a_rule_for_a_user_applies_to_me_whatever_the_token_calls_the_user() {
    let emulator = Emulator::start();
    emulator.inject(Fault::answer(503).user("adele"));
    for (claim, name) in
        [("oid", "fa8bf3dc-eca7-46b7-bad1-db199b62afc3"), ("upn", "AdeleV@contoso.example")]
    {
        let claims = json!({"appid": APP_ID, "scp": "Presence.Read", claim: name});
        let adele = Client::new(&emulator, sign(&json!({}), &claims));
        assert_eq!(adele.get("/v1.0/me/presence").status, 503, "{claim}");
    }
}

#[test]
fn an_answer_may_be_anything() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    emulator.inject(Fault::answer(500).body("<html>Bad gateway</html>").times(1));
    let html = app.get("/v1.0/users/adele/presence");
    assert_eq!(
        (html.status, html.header("content-type"), html.text.as_str()),
        (500, "text/html", "<html>Bad gateway</html>")
    );
    emulator.inject(
        Fault::answer(307).header("Location", "http://127.0.0.2:9/v1.0/me/presence").times(1),
    );
    assert_eq!(
        app.get("/v1.0/users/adele/presence").header("location"),
        "http://127.0.0.2:9/v1.0/me/presence"
    );
    emulator.inject(
        Fault::answer(200)
            .header("Warning", "199 - \"soon gone\"")
            .body(json!({"id": "x"}))
            .times(1),
    );
    let warned = app.get("/v1.0/users/adele/presence");
    assert_eq!(
        (warned.header("warning"), warned.json()),
        ("199 - \"soon gone\"", json!({"id": "x"}))
    );
}

#[test]
fn a_delay_holds_back_the_right_answer() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    emulator.inject(Fault::delay(Duration::from_millis(50)));
    let start = std::time::Instant::now();
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 200);
    assert!(start.elapsed() >= Duration::from_millis(50));
}

#[test]
fn a_closed_connection_leaves_no_trace_unless_it_took_effect() {
    for (fault, shown) in [
        (Fault::close(), "Offline/Offline"),
        (Fault::reset(), "Offline/Offline"),
        (Fault::close().after_taking_effect(), "Busy/InACall"),
    ] {
        let emulator = Emulator::start();
        let app = Client::of_application(&emulator);
        // ureq repeats a request whose kept connection turns out dead, so the connection must be new.
        emulator.inject(fault.on("POST", "*"));
        assert!(app.try_call("POST", PATH, Some(session("Busy", "InACall")), &[]).is_err());
        assert_eq!(emulator.sent().last().unwrap().status, 0);
        emulator.clear_faults();
        assert_eq!(app.shown("adele"), shown);
    }
}

#[test]
fn a_close_sends_nothing_and_a_reset_breaks_the_connection() {
    let emulator = Emulator::start();
    emulator.inject(Fault::close().times(1));
    assert_eq!(raw_get(&emulator).unwrap(), b"");
    emulator.inject(Fault::reset().times(1));
    assert_eq!(raw_get(&emulator).unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn half_a_body_is_less_than_was_announced() {
    let emulator = Emulator::start();
    emulator.inject(Fault::half().times(1));
    let half = String::from_utf8(raw_get(&emulator).unwrap()).unwrap();
    let (head, body) = half.split_once("\r\n\r\n").unwrap();
    let announced: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(body.len(), announced / 2);
}

#[test]
fn garbage_is_no_http_and_repeats_under_a_seed() {
    let garbage = || {
        let emulator = Emulator::builder().seed(5).fault(Fault::garbage()).start().unwrap();
        raw_get(&emulator).unwrap()
    };
    let bytes = garbage();
    assert_eq!(bytes.len(), 256);
    assert!(!bytes.starts_with(b"HTTP"));
    assert_eq!(bytes, garbage());
}

#[test]
fn a_trickle_arrives_whole() {
    let emulator = Emulator::start();
    emulator.inject(Fault::trickle(Duration::from_micros(1)));
    let text = String::from_utf8(raw_get(&emulator).unwrap()).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with('}'), "{text}");
}

#[test]
fn an_outage_lasts_from_then_to_then() {
    let emulator = Emulator::builder().time_scale(0.0).start().unwrap();
    let start = emulator.now();
    let minutes = |count: i64| start + jiff::SignedDuration::from_mins(count);
    emulator.inject(Fault::outage(minutes(1), minutes(2)));
    let is_up = || raw_get(&emulator).is_ok_and(|bytes| bytes.starts_with(b"HTTP/1.1 200"));
    assert!(is_up());
    emulator.advance("PT1M");
    assert!(!is_up());
    emulator.advance("PT1M");
    assert!(is_up());
}
