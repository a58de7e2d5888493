//! Bad input: the emulator answers or drops, and goes on.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use mgpresence_emulator::Emulator;
use serde_json::{Value, json};

use crate::client::Client;
use crate::program::Program;

const PATH: &str = "/v1.0/users/adele/presence/setPresence";

/// Sends bytes and reads until the other side closes; empty when it closed without a word.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    talk(address, bytes, false)
}

/// The same, and says that nothing more will come: for what is no whole request.
fn exchange_and_end(address: SocketAddr, bytes: &[u8]) -> String {
    talk(address, bytes, true)
}

fn talk(address: SocketAddr, bytes: &[u8], is_end: bool) -> String {
    let mut stream = TcpStream::connect(address).expect("the emulator listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    // It may close while we still write.
    let _ = stream.write_all(bytes);
    if is_end {
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => {
            panic!("{error} after {} bytes", answer.len())
        }
        _ => String::from_utf8_lossy(&answer).into_owned(),
    }
}

fn is_alive(emulator: &Emulator) -> bool {
    Client::of_application(emulator).get("/v1.0/users/adele/presence").status == 200
}

#[test]
fn malformed_http_is_answered_with_400_or_dropped() {
    let emulator = Emulator::start();
    for bytes in [
        &b"\0\0\0\0"[..],
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: \0\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = exchange_and_end(emulator.address(), bytes);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{bytes:?}: {answer}");
        assert!(is_alive(&emulator), "after {bytes:?}");
    }
}

#[test]
fn huge_heads_are_refused() {
    let emulator = Emulator::start();
    let long_header = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(10 << 20));
    let many_headers = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(100_000));
    let long_path = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(10 << 20));
    for head in [long_header, many_headers, long_path] {
        let answer = exchange(emulator.address(), head.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{}: {answer}", &head[..30]);
        assert!(is_alive(&emulator));
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_and_the_client_reads_the_answer() {
    let emulator = Emulator::start();
    let announced = exchange(
        emulator.address(),
        b"POST /v1.0/$batch HTTP/1.1\r\nhost: x\r\ncontent-length: 4194305\r\n\r\n",
    );
    assert!(announced.starts_with("HTTP/1.1 413 "), "{announced}");
    let mut chunked =
        b"POST /v1.0/$batch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..5 {
        chunked.extend_from_slice(b"100000\r\n");
        chunked.extend(std::iter::repeat_n(b' ', 1 << 20));
        chunked.extend_from_slice(b"\r\n");
    }
    let answer = exchange(emulator.address(), &chunked);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let mut whole =
        b"POST /v1.0/$batch HTTP/1.1\r\nhost: x\r\ncontent-length: 8000000\r\n\r\n".to_vec();
    whole.resize(whole.len() + 8_000_000, b' ');
    let answer = exchange(emulator.address(), &whole);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let statuses: Vec<u16> = emulator.sent().iter().map(|received| received.status).collect();
    assert_eq!(statuses, [413, 413, 413]);
}

#[test]
fn the_control_api_does_not_act_on_a_body_that_it_could_not_read() {
    let emulator = Emulator::builder().max_body_bytes(20_000).start().unwrap();
    let head = |length: usize| {
        format!(
            "POST /_emulator/faults HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let large = exchange(emulator.address(), head(20_001).as_bytes());
    assert!(large.starts_with("HTTP/1.1 413 ") && large.contains("20000 bytes"), "{large}");
    let cut = format!("{}{{\"status\": 500", head(100));
    let cut = exchange_and_end(emulator.address(), cut.as_bytes());
    assert!(cut.is_empty() || cut.starts_with("HTTP/1.1 400 "), "{cut}");
    let faults = Client::new(&emulator, String::new()).get("/_emulator/faults").json();
    assert_eq!(faults, json!([]));
}

#[test]
fn json_bombs_are_refused() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let token = emulator.app_token();
    for body in [
        "[".repeat(1_000_000),
        r#"{"a":"#.repeat(500_000),
        format!("{{\"sessionId\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000)),
    ] {
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let answer =
            exchange(emulator.address(), [head.as_bytes(), body.as_bytes()].concat().as_slice());
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    let wide = json!({"ids": vec![""; 300_000]});
    assert_eq!(app.post("/v1.0/communications/getPresencesByUserId", wide).status, 400);
    assert!(is_alive(&emulator));
}

#[test]
fn hostile_paths_and_tokens_match_no_user() {
    let emulator = Emulator::start();
    let long = "a".repeat(60_000);
    for path in [
        "//",
        "/v1.0//",
        "/%",
        "/v1.0/users/%ff/presence",
        "/v1.0/users/%00/presence",
        "/_emulator/../v1.0",
        "/_emulatorx",
        &format!("/v1.0/users/{long}/presence"),
    ] {
        let answer = exchange(
            emulator.address(),
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 4"), "{}: {answer}", &path[..path.len().min(40)]);
    }
    let bomb = Client::new(&emulator, format!("{0}.{0}.", &long[..20_000]));
    assert_eq!(bomb.get("/v1.0/me/presence").status, 401);
}

/// Linux tells; elsewhere there is nothing to compare.
fn resident_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// EMULATOR_CONNECTIONS=100000 attempts as many as a machine's limits allow; the figures are printed.
#[test]
fn idle_connections_do_not_lock_others_out_and_memory_stays_bounded() {
    let attempts: usize = std::env::var("EMULATOR_CONNECTIONS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(3_000);
    let program = Program::start(&["--max-connections", "1000", "--until-stdin-closes"]);
    let address: SocketAddr = program.text("url").trim_start_matches("http://").parse().unwrap();
    let before = resident_kib(program.id());

    let mut held = std::collections::VecDeque::new();
    for _ in 0..attempts {
        held.push_back(TcpStream::connect(address).expect("it accepts"));
        if held.len() > 2_500 {
            held.pop_front();
        }
    }
    assert!(program.is_alive(), "the longest idle give way to a client that asks something");
    let after = resident_kib(program.id());
    println!("{attempts} connections attempted, RSS {before:?} KiB before and {after:?} KiB after");
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after - before < 64 * 1024, "{before} KiB before, {after} KiB after");
    }
    assert_eq!(
        held.front_mut().expect("many are held").read(&mut [0; 1]).expect("it was closed"),
        0
    );
    drop(held);
    assert!(program.is_alive());
}

/// Each of them held up the next client for a second, far beyond the time limit of [`exchange`].
#[test]
fn clients_that_stop_within_a_head_do_not_lock_others_out() {
    let emulator = Emulator::builder().max_connections(40).start().unwrap();
    let half = |_| {
        let mut stream = TcpStream::connect(emulator.address()).unwrap();
        stream.write_all(b"GET /_emulator HTTP/1.1\r\nhost: localhost\r\nx-").unwrap();
        stream
    };
    let _held: Vec<TcpStream> = (0..80).map(half).collect();
    let whole = b"GET /_emulator HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let answer = exchange(emulator.address(), whole);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn a_client_that_is_sending_its_request_is_not_idle() {
    let emulator = Emulator::builder().max_connections(2).start().unwrap();
    let address = emulator.address();
    let mut uploading = TcpStream::connect(address).unwrap();
    uploading.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = "POST /v1.0/me/presence HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n";
    uploading.write_all(head.as_bytes()).unwrap();
    let mut line = [0; 25];
    uploading.read_exact(&mut line).unwrap();
    assert!(line.starts_with(b"HTTP/1.1 100 "), "{line:?}");

    let mut idle = TcpStream::connect(address).unwrap();
    let answer = exchange(
        address,
        b"GET /_emulator HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    uploading.write_all(b"{}").unwrap();
    let mut answer = String::new();
    uploading.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(idle.read(&mut [0; 1]).expect("it was closed in favour of the new one"), 0);
}

#[test]
fn a_client_that_hangs_up_leaves_a_zero() {
    let emulator = Emulator::builder()
        .fault(mgpresence_emulator::Fault::delay(Duration::from_secs(60)))
        .start()
        .unwrap();
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    stream.write_all(b"GET /v1.0/me/presence HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    while emulator.sent().is_empty() {
        std::thread::yield_now();
    }
    drop(stream);
    let received = emulator.sent();
    assert_eq!((received[0].status, &received[0].body), (0, &Value::Null));
}
