//! Token requests: shared by concurrent requests, repeated if Graph rejects a token, and limited by the request's
//! timeout.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use mgpresence::{AccessToken, Client, Credential, Error, Status};
use mgpresence_emulator::Emulator;

use crate::support::{APP_ID, Graph, SOON, builder, busy, get};

/// A credential that counts its calls.
fn counting(
    client_id: Option<&str>,
    fetch: impl Fn(usize) -> Result<AccessToken, String> + Send + Sync + 'static,
) -> (Credential, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let fetch = move || fetch(counter.fetch_add(1, Ordering::SeqCst));
    (Credential::from_fn(client_id, fetch), count)
}

fn client(emulator: &Emulator, credential: Credential) -> Client {
    builder(emulator).credential(credential).build().unwrap()
}

#[test]
fn concurrent_requests_share_one_token_request_and_the_token_is_kept() {
    let emulator = Emulator::start();
    let token = emulator.app_token();
    let (credential, asked) = counting(None, move |_| {
        thread::sleep(Duration::from_millis(50));
        Ok(AccessToken::new(token.clone(), None))
    });
    let client = client(&emulator, credential);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.send(get()).unwrap());
        }
    });
    client.send(get()).unwrap();
    assert_eq!((asked.load(Ordering::SeqCst), emulator.sent().len()), (1, 9));
}

#[test]
fn a_token_that_graph_calls_invalid_is_replaced_once() {
    let emulator = Emulator::start();
    let good = emulator.app_token();
    let (credential, asked) = counting(None, move |n| {
        let text = if n == 0 { "stale".to_string() } else { good.clone() };
        Ok(AccessToken::new(text, None))
    });
    assert_eq!(client(&emulator, credential).send(get()).unwrap().http_status(), 200);
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    let (credential, asked) = counting(None, |_| Ok(AccessToken::new("stale", None)));
    let error = client(&emulator, credential).send(get()).unwrap_err();
    assert_eq!((error.status(), asked.load(Ordering::SeqCst)), (Status::Unauthorized, 2));
}

#[test]
fn a_403_for_another_user_does_not_renew_the_token() {
    let emulator = Emulator::start();
    let token = emulator.user_token("alex");
    let (credential, asked) = counting(None, move |_| Ok(AccessToken::new(token.clone(), None)));
    let error = client(&emulator, credential).send(busy()).unwrap_err();
    assert_eq!((error.status(), asked.load(Ordering::SeqCst)), (Status::Unauthorized, 1));
    assert!(error.to_string().contains("A delegated token writes only its own user"), "{error}");
}

#[test]
fn a_callback_that_fails_gives_its_reason() {
    let emulator = Emulator::start();
    let (credential, _) = counting(None, |_| Err("the vault is sealed".into()));
    let error = client(&emulator, credential).send(get()).unwrap_err();
    assert_eq!(error.status(), Status::Token);
    assert_eq!(error.to_string(), "The credential provided no token: the vault is sealed.");
    assert!(emulator.sent().is_empty());
}

#[test]
fn a_callback_that_panics_is_an_error() {
    let emulator = Emulator::start();
    let (credential, _) = counting(None, |_| panic!("on purpose"));
    let error = client(&emulator, credential).send(get()).unwrap_err();
    assert_eq!(error.status(), Status::Token);
    assert!(error.to_string().contains("its callback panicked"), "{error}");
}

#[test]
fn a_request_waits_for_a_token_no_longer_than_its_own_time() {
    let emulator = Emulator::start();
    let (credential, _) = counting(None, |_| {
        thread::sleep(Duration::from_secs(2));
        Err("late".into())
    });
    let error: Error =
        client(&emulator, credential).send(get().timeout(Duration::from_millis(50))).unwrap_err();
    assert_eq!(error.status(), Status::Timeout);
    assert!(
        error.to_string().contains("The credential provided no token within 0.05 s"),
        "{error}"
    );
}

#[test]
fn a_callback_that_hangs_is_not_called_again_and_serves_later_requests_once_it_returns() {
    let emulator = Emulator::start();
    let (token, (gate, opened)) = (emulator.app_token(), mpsc::channel::<()>());
    let opened = Mutex::new(opened);
    let (credential, asked) = counting(None, move |_| {
        let _ = opened.lock().unwrap().recv();
        Ok(AccessToken::new(token.clone(), None))
    });
    let client = client(&emulator, credential);
    for _ in 0..3 {
        let error = client.send(get().timeout(Duration::from_millis(50))).unwrap_err();
        assert_eq!(error.status(), Status::Timeout);
    }
    drop(gate);
    client.send(get().timeout(SOON)).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_blocking_call_inside_a_callback_is_refused() {
    let emulator = Emulator::start();
    let inner = client(&emulator, Credential::from_token(&emulator.app_token()).unwrap());
    let (credential, _) = counting(None, move |_| Err(inner.send(get()).unwrap_err().to_string()));
    let error = client(&emulator, credential).send(get()).unwrap_err();
    assert!(error.to_string().contains("would wait for itself"), "{error}");
}

#[test]
fn the_session_is_the_credentials_client_id_else_the_tokens() {
    for (client_id, session) in [(Some("not-me"), "not-me"), (None, APP_ID), (Some(""), APP_ID)] {
        let emulator = Emulator::builder().any_session_id().start().unwrap();
        let token = emulator.app_token();
        let (credential, _) =
            counting(client_id, move |_| Ok(AccessToken::new(token.clone(), None)));
        client(&emulator, credential).send(busy()).unwrap();
        assert_eq!(emulator.sent()[0].body["sessionId"], session);
    }
}

#[test]
fn a_requests_own_token_is_used_for_it_alone() {
    let graph = Graph::start();
    let other = graph.emulator.user_token("alex");
    let error = graph.refusal(busy().access_token(&other).unwrap().timeout(SOON));
    assert_eq!(error.status(), Status::Unauthorized);
    graph.send(busy()).unwrap();
}

#[test]
fn no_token_is_ever_printed() {
    let graph = Graph::start();
    let request = busy().access_token("secret-token").unwrap();
    let credential = Credential::from_token("secret-token").unwrap();
    let token = AccessToken::new("secret-token", None);
    let shown = format!("{request:?} {credential:?} {token:?} {:?}", graph.client);
    assert!(!shown.contains("secret") && !shown.contains(&graph.token), "{shown}");
}

#[test]
fn waiting_requests_share_a_failure_and_ask_only_once() {
    let emulator = Emulator::start();
    let (credential, asked) = counting(None, |_| {
        thread::sleep(Duration::from_millis(200));
        Err("no".into())
    });
    let client = client(&emulator, credential);
    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| client.send(get().timeout(Duration::from_millis(50))).unwrap_err());
        }
    });
    thread::sleep(Duration::from_millis(400));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_failed_renewal_keeps_the_trace_of_the_first_attempt() {
    let emulator = Emulator::start();
    let (credential, _) = counting(None, |n| match n {
        0 => Ok(AccessToken::new("stale", None)),
        _ => Err("no more".into()),
    });
    let error = client(&emulator, credential).send(get().trace()).unwrap_err();
    assert_eq!(
        (error.status(), error.attempts(), error.http_status()),
        (Status::Token, 1, Some(401))
    );
    assert!(error.trace().contains("< 401") && !error.client_request_id().is_empty());
}

#[test]
fn a_session_id_is_sent_only_to_operations_that_have_one() {
    let graph = Graph::start();
    let operation = mgpresence::Operation::ClearUserPreferredPresence;
    let request = mgpresence::Request::new(operation, crate::support::adele()).default_session_id();
    graph.send(request.body_json("{}").unwrap()).unwrap();
    assert_eq!(graph.emulator.sent()[0].body, serde_json::json!({}));
}

#[test]
fn a_function_runs_once_at_a_time_also_for_chains() {
    let at_once = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (running, highest) = (Arc::clone(&at_once), Arc::clone(&most));
    let (credential, _) = counting(None, move |_| {
        highest.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(50)); // the others come meanwhile, or the test shows less
        running.fetch_sub(1, Ordering::SeqCst);
        Ok(AccessToken::new("x", None))
    });
    let chain = || Credential::chain([credential.clone()]).build().unwrap();
    thread::scope(|scope| {
        for credential in [credential.clone(), chain(), chain()] {
            scope.spawn(move || credential.sign_in(SOON).unwrap());
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
}
