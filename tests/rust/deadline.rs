//! A deadline holds regardless of the peer and the host program, and a client that is blocked does not block another
//! one.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use mgpresence::{
    AccessToken, Client, Credential, Error, GetPresencesByUserId, Level, Queue, Request, Response,
    Status,
};

use crate::support::{Graph, SOON, builder, busy, get};

/// The end of a call with a timeout of 300 ms, which must come within two seconds.
fn in_time(call: impl FnOnce(Duration) -> Result<Response, Error>) -> Error {
    let began = Instant::now();
    let error = call(Duration::from_millis(300)).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}: {error}", began.elapsed());
    error
}

/// A client without a server, whose ca_file is a pipe without a writer.
#[cfg(unix)]
fn blocked_by_its_ca_file(folder: &std::path::Path) -> Client {
    let pipe = folder.join("ca.pem");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let options = Client::builder().base_url("https://127.0.0.1:1").proxy_url("");
    let options = options.credential(Credential::from_token("x").unwrap());
    options.ca_file(pipe.to_str().unwrap()).build().unwrap()
}

#[cfg(unix)]
#[test]
fn a_ca_file_that_blocks_holds_up_its_own_client_and_only_to_the_deadline() {
    let folder = std::env::temp_dir().join(format!("mgpresence-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let blocked = blocked_by_its_ca_file(&folder);
    for _ in 0..2 {
        let error = in_time(|timeout| blocked.send(get().timeout(timeout)));
        assert_eq!((error.status(), error.attempts()), (Status::Timeout, 0));
        assert!(error.to_string().contains("could not be read within 0.3 s"), "{error}");
    }
    Graph::start().send(busy()).unwrap();

    // Once there is something to read, the client goes on. It may read twice: what blocked it may end before the call.
    let pipe = folder.join("ca.pem");
    thread::spawn(move || {
        while pipe.exists() {
            let _ = std::fs::write(&pipe, "nothing");
        }
    });
    let error = blocked.send(get()).unwrap_err();
    assert_eq!(error.status(), Status::Option);
    assert!(error.to_string().contains("contains no certificate"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_time_that_is_over_before_the_request_is_sent_is_not_blamed_on_the_slots() {
    let error = Graph::start().send(get().timeout(Duration::from_nanos(1))).unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Status::Timeout, 0));
    assert!(!error.to_string().contains("slot"), "{error}");
}

#[test]
fn a_slow_log_holds_up_no_request_and_no_close_beyond_its_time() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let graph = Graph::with(|options| {
        options.log(Level::Debug, move |_, _, _| {
            let _ = gate.lock().unwrap().recv();
        })
    });
    let began = Instant::now();
    graph.send(busy()).unwrap();
    Graph::start().send(busy()).unwrap();
    assert_eq!(graph.client.close(Duration::from_millis(50)).unwrap(), 0);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    drop(open);
}

#[test]
fn callbacks_that_block_do_not_keep_other_names_from_being_looked_up() {
    const MANY: usize = 600; // tokio has 512 threads for all that blocks
    let emulator = mgpresence_emulator::Emulator::start();
    let (open, gate) = mpsc::channel::<()>();
    let gate = std::sync::Arc::new(std::sync::Mutex::new(gate));
    let queue = Queue::new();
    for _ in 0..MANY {
        let gate = std::sync::Arc::clone(&gate);
        let credential = Credential::from_fn(None, move || {
            let _ = gate.lock().unwrap().recv();
            Ok(AccessToken::new("x", None))
        });
        let client = builder(&emulator).credential(credential).build().unwrap();
        client.submit(get(), &queue, ()).unwrap();
    }
    let token = emulator.app_token();
    let by_name = emulator.url().replace("127.0.0.1", "localhost");
    let client = builder(&emulator).base_url(by_name);
    let client = client.credential(Credential::from_token(&token).unwrap()).build().unwrap();
    assert_eq!(client.send(get().timeout(SOON)).unwrap().http_status(), 200);
    drop(open);
    drop(queue);
}

#[test]
fn a_body_with_a_million_ids_does_not_block_other_requests() {
    let ids = (0..1_000_000).map(|n| format!("{n:08}-0000-0000-0000-000000000000")).collect();
    let request = Request::get_presences_by_user_id(&GetPresencesByUserId { ids });
    let (graph, other) = (Graph::start(), Graph::start());
    let queue = Queue::new();
    graph.client.submit(request.clone(), &queue, ()).unwrap();
    let began = Instant::now();
    other.send(get()).unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let error = in_time(|timeout| graph.send(request.timeout(timeout)));
    assert_eq!(error.status(), Status::Timeout);
}

#[test]
fn an_overflowing_timeout_means_no_timeout() {
    let graph = Graph::start();
    graph.send(busy().timeout(Duration::MAX)).unwrap();
    let queue = Queue::new();
    graph.client.submit(busy().timeout(Duration::MAX), &queue, ()).unwrap();
    queue.wait(Some(SOON)).unwrap().result.unwrap();
}
