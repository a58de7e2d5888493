//! Batched requests: up to 20 in a `$batch`. Each completes once, with its own result.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use mgpresence::{
    AccessToken, Activity, ApiVersion, Availability, Client, ClientBuilder, Completion, Credential,
    Operation, Queue, Request, SetPresence, Status, Target, WritePresence,
};
use mgpresence_emulator::{APP_ID, Emulator, Fault, Received};
use serde_json::{Value, json};

use crate::support::{Gated, Graph, SOON, builder, busy, get, until};

/// An emulator with this many users (`user1`, …), and a client that has one request in flight at a time.
fn with_users(count: usize) -> Graph {
    let emulator = Emulator::builder().made_up_users(count).start().unwrap();
    Graph::on(emulator, |options| options.max_in_flight(1))
}

fn user(number: usize) -> Target {
    Target::user(format!("user{number}"))
}

fn set(number: usize) -> Request {
    let busy = SetPresence::new(Availability::Busy, Activity::InACall);
    Request::set_presence(user(number), busy).batched()
}

/// Submits requests while another one is in flight, so that they share a batch even on a slow machine.
fn submit<T: Send + 'static + std::fmt::Debug>(
    graph: &Graph,
    requests: impl IntoIterator<Item = (T, Request)>,
) -> Queue<T> {
    submit_through(&graph.client, graph, requests)
}

/// The same through another client, which has one request in flight at a time, too.
fn submit_through<T: Send + 'static + std::fmt::Debug>(
    client: &Client,
    graph: &Graph,
    requests: impl IntoIterator<Item = (T, Request)>,
) -> Queue<T> {
    const COUNT: &str = "/v1.0/communications/presences/$count";
    graph.emulator.inject(Fault::delay(Duration::from_millis(200)).on("GET", COUNT).times(1));
    let (before, queue) = (Queue::new(), Queue::new());
    let count = Request::new(Operation::CountPresences, Target::Me).batched();
    client.submit(count, &before, ()).unwrap();
    while !paths(graph).iter().any(|path| path == COUNT) {
        std::thread::yield_now();
    }
    graph.emulator.clear_sent();
    for (ticket, request) in requests {
        client.submit(request, &queue, ticket).unwrap();
    }
    client.flush().unwrap();
    before.wait(Some(SOON)).unwrap().result.unwrap();
    queue
}

fn ends<T>(queue: &Queue<T>, count: usize) -> Vec<Completion<T>> {
    (0..count).map(|_| queue.wait(Some(SOON)).unwrap()).collect()
}

/// The status of each completion by its ticket; `None` for a response.
fn statuses<T: Ord>(completions: &[Completion<T>]) -> BTreeMap<&T, Option<Status>> {
    completions
        .iter()
        .map(|it| (&it.ticket, it.result.as_ref().err().map(mgpresence::Error::status)))
        .collect()
}

fn paths(graph: &Graph) -> Vec<String> {
    graph.emulator.sent().into_iter().map(|received| received.path).collect()
}

/// The items of a batch that was received.
fn items(received: &Received) -> &Vec<Value> {
    received.body["requests"].as_array().unwrap()
}

fn users_of(received: &Received) -> Vec<&str> {
    items(received)
        .iter()
        .map(|item| item["url"].as_str().unwrap().split('/').nth(2).unwrap())
        .collect()
}

#[test]
fn twenty_requests_share_a_batch_and_each_has_its_own_result() {
    let graph = with_users(50);
    let queue = submit(&graph, (1..=40).map(|number| (number, set(number))));
    let completions = ends(&queue, 40);
    for Completion { result, .. } in &completions {
        let response = result.as_ref().unwrap();
        assert_eq!((response.http_status(), response.attempts()), (200, 1));
        assert!(response.request_id().is_some());
    }
    assert_eq!(statuses(&completions).len(), 40);
    assert!(paths(&graph).iter().all(|path| path == "/v1.0/$batch"), "{:?}", paths(&graph));
    assert_eq!(graph.sent(), 2);
    assert!((1..=40).all(|number| graph.shown(&format!("user{number}")) == "Busy/InACall"));
}

#[test]
fn a_batch_of_one_is_sent_as_it_is() {
    let graph = Graph::start();
    let queue = submit(&graph, [("adele", busy().default_session_id().batched())]);
    assert_eq!(ends(&queue, 1)[0].result.as_ref().unwrap().http_status(), 200);
    assert_eq!(paths(&graph), ["/v1.0/users/adele/presence/setPresence"]);
}

#[test]
fn a_lone_request_does_not_wait_for_others() {
    let graph = Graph::start();
    let queue = Queue::new();
    let took = (0..10).map(|_| {
        let start = Instant::now();
        graph.client.submit(get().batched(), &queue, ()).unwrap();
        ends(&queue, 1);
        start.elapsed()
    });
    // The others may have met a busy machine.
    assert!(took.min().unwrap() < Duration::from_millis(20));
}

#[test]
fn reads_and_writes_of_all_kinds_share_a_batch() {
    let graph = with_users(3);
    let get =
        Request::get_presence(user(2)).query("$select", "id,availability").header("X-Note", "7");
    let clear = Request::new(Operation::ClearPresence, user(3))
        .body_json(&json!({"sessionId": APP_ID}).to_string())
        .unwrap();
    let count = Request::new(Operation::CountPresences, Target::Me);
    let requests = [("set", set(1)), ("get", get), ("clear", clear), ("count", count)];
    let queue = submit(&graph, requests.map(|(name, request)| (name, request.batched())));
    let completions = ends(&queue, 4);
    let statuses = statuses(&completions);
    assert_eq!(statuses[&"clear"], Some(Status::NotFound), "there is no session to clear");
    for Completion { ticket, result, .. } in &completions {
        match (*ticket, result) {
            ("get", Ok(response)) => {
                assert_eq!(response.presence().unwrap().availability, Some(Availability::Offline));
            }
            ("count", Ok(response)) => assert_eq!(response.count(), Some(3)),
            ("clear", Err(error)) => assert_eq!(error.graph_code(), Some("NotFound")),
            ("set", result) => assert!(result.is_ok()),
            other => panic!("{other:?}"),
        }
    }
    let sent = graph.emulator.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(items(&sent[0])[1]["url"], "/users/user2/presence?$select=id,availability");
    assert_eq!(items(&sent[0])[1]["headers"]["x-note"], "7");
}

#[test]
fn two_writes_for_one_user_keep_their_order_across_batches_and_retries() {
    let graph = with_users(30);
    graph.emulator.inject(
        Fault::answer(429)
            .header("Retry-After", "0.4")
            .user("user1")
            .on("POST", "/v1.0/users/*")
            .times(1),
    );
    let away = SetPresence::new(Availability::Away, Activity::Away);
    let away = Request::set_presence(Target::user("USER1"), away).batched();
    let mut requests: Vec<_> = (1..=30).map(|number| (number, set(number))).collect();
    requests.push((31, away));
    let queue = submit(&graph, requests);
    let order: Vec<_> = ends(&queue, 31)
        .into_iter()
        .map(|completion| (completion.ticket, completion.result.unwrap().attempts()))
        .filter(|(ticket, _)| [1, 31].contains(ticket))
        .collect();
    assert_eq!(order, [(1, 2), (31, 1)]);
    assert_eq!(graph.shown("user1"), "Away/Away");
}

#[test]
fn deferred_requests_wait_for_the_longest_retry_after_and_others_do_not_wait() {
    let graph = with_users(20);
    let throttled = |user: &str, wait: &str, status| {
        let fault = Fault::answer(status).header("Retry-After", wait).user(user);
        graph.emulator.inject(fault.on("POST", "/v1.0/users/*").times(1));
    };
    throttled("user3", "0.2", 429);
    throttled("user7", "0.6", 503);
    let start = Instant::now();
    let queue = submit(&graph, (1..=20).map(|number| (number, set(number))));
    let rest: Vec<_> = ends(&queue, 18).into_iter().map(|it| it.ticket).collect();
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    assert!(!rest.contains(&3) && !rest.contains(&7));
    for Completion { result, .. } in ends(&queue, 2) {
        assert_eq!(result.unwrap().attempts(), 2);
    }
    assert!(start.elapsed() >= Duration::from_millis(600), "{:?}", start.elapsed());
    let sent = graph.emulator.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(users_of(&sent[1]), ["user3", "user7"]);
}

#[test]
fn a_retry_after_beyond_the_budget_fails_only_the_request_that_it_answers() {
    let graph = with_users(20);
    for (user, wait) in [("user3", "300"), ("user7", "0.2"), ("user8", "0.1")] {
        let fault = Fault::answer(503).header("Retry-After", wait).user(user);
        graph.emulator.inject(fault.on("POST", "/v1.0/users/*").times(1));
    }
    let queue = submit(&graph, (1..=20).map(|number| (number, set(number))));
    for Completion { ticket, result, .. } in ends(&queue, 20) {
        match ticket {
            3 => assert_eq!(result.unwrap_err().status(), Status::Unavailable),
            7 | 8 => assert_eq!(result.unwrap().attempts(), 2),
            _ => assert_eq!(result.unwrap().attempts(), 1),
        }
    }
}

#[test]
fn a_deferred_batch_is_sent_again() {
    let graph = with_users(5);
    let fault = Fault::answer(503).header("Retry-After", "0.3").on("POST", "/v1.0/$batch").times(1);
    graph.emulator.inject(fault);
    let start = Instant::now();
    let queue = submit(&graph, (1..=5).map(|number| (number, set(number))));
    for Completion { result, .. } in ends(&queue, 5) {
        assert_eq!(result.unwrap().attempts(), 2);
    }
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(graph.sent(), 2);
}

#[test]
fn requests_lost_with_their_connection_are_sent_again_if_they_are_idempotent() {
    for fault in [Fault::reset().after_taking_effect(), Fault::half(), Fault::close()] {
        let graph = with_users(5);
        graph.emulator.inject(fault.on("POST", "/v1.0/$batch").times(1));
        let create =
            Request::create_presence(WritePresence::new(Availability::Away, Activity::Away));
        let mut requests: Vec<_> = (1..=4).map(|number| (number, set(number))).collect();
        requests.push((5, create.batched()));
        let queue = submit(&graph, requests);
        for Completion { ticket, result, .. } in ends(&queue, 5) {
            match (ticket, result) {
                (5, Err(error)) => {
                    assert_eq!((error.status(), error.attempts()), (Status::ConnectionLost, 1));
                }
                (1..=4, Ok(response)) => assert_eq!(response.attempts(), 2),
                other => panic!("{other:?}"),
            }
        }
        assert!((1..=4).all(|number| graph.shown(&format!("user{number}")) == "Busy/InACall"));
    }
}

#[test]
fn a_repeated_clear_that_finds_nothing_has_succeeded() {
    let graph = with_users(2);
    let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
    ends(&queue, 2);
    let fault = Fault::reset().after_taking_effect().on("POST", "/v1.0/$batch").times(1);
    graph.emulator.inject(fault);
    let clear = |number| {
        let body = json!({"sessionId": APP_ID}).to_string();
        Request::new(Operation::ClearPresence, user(number)).body_json(&body).unwrap().batched()
    };
    let queue = submit(&graph, (1..=2).map(|number| (number, clear(number))));
    for Completion { result, .. } in ends(&queue, 2) {
        let response = result.unwrap();
        assert_eq!((response.http_status(), response.attempts()), (404, 2));
    }
}

#[test]
fn the_requests_of_a_batch_that_is_refused_or_lost_twice_are_sent_alone() {
    let refused = Fault::answer(400).error("BadRequest", "Invalid batch payload format.");
    for (fault, attempts) in [(refused, 2), (Fault::answer(404), 2), (Fault::close(), 3)] {
        let graph = with_users(2);
        graph.emulator.inject(fault.on("POST", "/v1.0/$batch"));
        let only_one = Fault::answer(403).error("Forbidden", "Not this one.");
        graph.emulator.inject(only_one.on("POST", "/v1.0/users/user1/presence/setPresence"));
        let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
        for Completion { ticket, result, .. } in ends(&queue, 2) {
            match (ticket, result) {
                (1, Err(error)) => {
                    assert_eq!((error.status(), error.attempts()), (Status::Forbidden, attempts));
                    assert!(error.to_string().contains("Not this one"), "{error}");
                }
                (2, Ok(response)) => assert_eq!(response.attempts(), attempts),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn what_may_have_been_done_is_not_sent_again_alone() {
    let create = || {
        let away = WritePresence::new(Availability::Away, Activity::Away);
        Request::create_presence(away).batched()
    };
    for (fault, request, attempts) in [
        (Fault::answer(502).after_taking_effect(), set(1), 1),
        (Fault::answer(502).after_taking_effect(), create(), 1),
        (Fault::answer(400), create(), 1),
        (Fault::answer(400), set(1), 2),
        (Fault::answer(502), Request::get_presence(user(1)).batched(), 2),
        (Fault::answer(302), Request::get_presence(user(1)).batched(), 2),
    ] {
        let graph = with_users(2);
        graph.emulator.inject(fault.on("POST", "/v1.0/$batch"));
        let queue = submit(&graph, [(1, request), (2, set(2))]);
        let completions = ends(&queue, 2);
        let first = completions.iter().find(|it| it.ticket == 1).unwrap();
        let sent = match &first.result {
            Ok(response) => response.attempts(),
            Err(error) => error.attempts(),
        };
        assert_eq!(sent, attempts, "{first:?}");
    }
}

#[test]
fn requests_are_sent_after_one_was_cancelled_during_the_sign_in() {
    let graph = with_users(2);
    let token = graph.token.clone();
    let gated = Gated::giving(move || Ok(AccessToken::new(token.clone(), None)));
    let client = builder(&graph.emulator).credential(gated.credential.clone()).build().unwrap();
    let queue = Queue::new();
    let operation = client.submit(set(1), &queue, 1).unwrap();
    gated.wait_until_asked();
    client.cancel(operation).unwrap();
    assert_eq!(queue.wait(Some(SOON)).unwrap().result.unwrap_err().status(), Status::Cancelled);
    drop(gated.gate);
    client.submit(set(2), &queue, 2).unwrap();
    queue.wait(Some(SOON)).unwrap().result.unwrap();
}

#[test]
fn a_batch_whose_token_is_refused_again_fails_each_of_its_requests_with_the_reason() {
    let graph = with_users(2);
    graph.emulator.inject(rejected_token().on("POST", "/v1.0/$batch"));
    let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
    let errors: Vec<_> = ends(&queue, 2).into_iter().map(|it| it.result.unwrap_err()).collect();
    let bodies = errors.iter().map(|error| error.response().unwrap().body().as_ptr());
    assert_eq!(bodies.collect::<std::collections::HashSet<_>>().len(), 1, "one body for all");
    let mut texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
    texts.sort();
    let said = "Graph refused to take the batch that was to set the presence of user1 (401 \
                InvalidAuthenticationToken: The token is not valid).";
    assert!(texts[0].starts_with(said), "{}", texts[0]);
    assert!(texts[1].contains("user2"), "{}", texts[1]);
}

#[test]
fn an_answer_that_is_not_that_of_a_batch_fails_each_request_and_nothing_is_repeated() {
    for (body, text) in [
        (json!("<html>"), "that is not JSON at line 1"),
        (
            json!({"value": []}),
            "a JSON object without a list of responses where a list of responses",
        ),
        (json!({"responses": []}), "answered the batch without a response to this request."),
        (
            json!({"responses": [
                {"id": "1", "status": 200}, {"id": "1", "status": 200},
                {"id": "2", "status": 200}, {"id": "2", "status": 200}
            ]}),
            "with several responses to this request.",
        ),
        (
            json!({"responses": [{"id": "1"}, {"id": "2", "status": "ok"}]}),
            "with a response to this request that has no HTTP status.",
        ),
    ] {
        let graph = with_users(2);
        graph.emulator.inject(Fault::answer(200).body(body).on("POST", "/v1.0/$batch"));
        let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
        for Completion { result, .. } in ends(&queue, 2) {
            let error = result.unwrap_err();
            assert_eq!(error.status(), Status::Response);
            assert!(error.to_string().contains(text), "{error}");
        }
        assert_eq!(graph.sent(), 1);
    }
}

/// Requests that are submitted while nothing is in flight, so that a slow machine may cut them into several batches.
fn submit_to<T: Send + 'static + std::fmt::Debug>(
    client: &Client,
    requests: impl IntoIterator<Item = (T, Request)>,
) -> Queue<T> {
    let queue = Queue::new();
    for (ticket, request) in requests {
        client.submit(request, &queue, ticket).unwrap();
    }
    client.flush().unwrap();
    queue
}

/// A client whose credential fetches tokens, with one request in flight at a time, and how often it has fetched one.
fn fetching(graph: &Graph) -> (Client, Arc<AtomicUsize>) {
    let (fetched, token) = (Arc::new(AtomicUsize::new(0)), graph.token.clone());
    let count = Arc::clone(&fetched);
    let credential = Credential::from_fn(Some(APP_ID), move || {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(AccessToken::new(token.clone(), None))
    });
    let client = builder(&graph.emulator).credential(credential).max_in_flight(1).build().unwrap();
    (client, fetched)
}

fn rejected_token() -> Fault {
    Fault::answer(401).error("InvalidAuthenticationToken", "The token is not valid.")
}

#[test]
fn a_rejected_token_is_renewed_once_for_all_requests_of_a_batch() {
    let graph = with_users(20);
    let (client, fetched) = fetching(&graph);
    graph.emulator.inject(rejected_token().times(1));
    let queue = submit_to(&client, (1..=20).map(|number| (number, set(number))));
    for Completion { result, .. } in ends(&queue, 20) {
        assert!(result.unwrap().attempts() <= 2);
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
}

#[test]
fn a_token_that_one_request_cannot_get_does_not_fail_the_others_in_its_batch() {
    let graph = with_users(22);
    let (asked, token) = (AtomicUsize::new(0), graph.token.clone());
    let credential =
        Credential::from_fn(Some(APP_ID), move || match asked.fetch_add(1, Ordering::SeqCst) {
            1 => Err("a policy refuses".into()),
            _ => Ok(AccessToken::new(token.clone(), None)),
        });
    let client = builder(&graph.emulator).credential(credential).max_in_flight(1).build().unwrap();
    let first = rejected_token().on("POST", "/v1.0/users/user1/presence/setPresence").times(1);
    graph.emulator.inject(first);
    let slow = Fault::delay(Duration::from_millis(300)).on("POST", "/v1.0/$batch").times(1);
    graph.emulator.inject(slow);
    let queue = submit_through(&client, &graph, (1..=22).map(|number| (number, set(number))));
    for Completion { ticket, result, .. } in ends(&queue, 22) {
        assert_eq!(result.is_err(), ticket == 1, "{ticket}: {result:?}");
    }
    let sent = graph.emulator.sent();
    assert_eq!(users_of(sent.last().unwrap()), ["user21", "user22"]);
}

#[test]
fn a_request_that_needs_claims_is_sent_again_alone() {
    let graph = with_users(2);
    let (client, _) = fetching(&graph);
    let claims = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
    let set_first = "/v1.0/users/user1/presence/setPresence";
    let challenge = rejected_token().header("WWW-Authenticate", claims);
    graph.emulator.inject(challenge.on("POST", set_first).times(1));
    let queue = submit_through(&client, &graph, (1..=2).map(|number| (number, set(number))));
    ends(&queue, 2).into_iter().for_each(|it| drop(it.result.unwrap()));
    assert_eq!(paths(&graph), ["/v1.0/$batch", set_first]);
}

#[test]
fn a_token_that_is_rejected_again_fails_each_request() {
    let graph = with_users(20);
    let (client, _) = fetching(&graph);
    graph.emulator.inject(rejected_token());
    let queue = submit_to(&client, (1..=20).map(|number| (number, set(number))));
    for Completion { result, .. } in ends(&queue, 20) {
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Status::Unauthorized, 2));
    }
}

#[test]
fn without_a_token_each_request_fails_with_the_reason_of_the_credential() {
    let graph = with_users(3);
    let credential = Credential::from_fn(None, || Err("the vault is sealed".into()));
    let client = builder(&graph.emulator).credential(credential).build().unwrap();
    let queue = submit_to(&client, (1..=3).map(|number| (number, get().batched())));
    for Completion { result, .. } in ends(&queue, 3) {
        let error = result.unwrap_err();
        assert_eq!(error.status(), Status::Token);
        assert_eq!(error.to_string(), "The credential provided no token: the vault is sealed.");
    }
    assert_eq!(graph.sent(), 0);
}

#[test]
fn requests_with_different_tokens_or_versions_do_not_share_a_batch() {
    let graph = with_users(6);
    let other = graph.emulator.app_token();
    let requests = (1..=6).map(|number| {
        let request = Request::get_presence(user(number)).batched();
        let request = match number {
            1 | 2 => request,
            3 | 4 => request.api_version(ApiVersion::Beta),
            _ => request.access_token(&other).unwrap(),
        };
        (number, request)
    });
    let queue = submit(&graph, requests);
    ends(&queue, 6).into_iter().for_each(|it| drop(it.result.unwrap()));
    let mut sent: Vec<_> = graph
        .emulator
        .sent()
        .iter()
        .map(|received| (received.path.clone(), users_of(received).join(" ")))
        .collect();
    sent.sort();
    let batch = |path: &str, users: &str| (path.to_string(), users.to_string());
    assert_eq!(
        sent,
        [
            batch("/beta/$batch", "user3 user4"),
            batch("/v1.0/$batch", "user1 user2"),
            batch("/v1.0/$batch", "user5 user6"),
        ]
    );
}

#[test]
fn a_request_that_breaks_a_rule_ends_at_once_and_the_others_are_sent() {
    let graph = with_users(2);
    let wrong =
        Request::set_presence(user(1), SetPresence::new(Availability::Busy, Activity::Busy));
    let queue = submit(&graph, [("wrong", wrong.batched()), ("right", set(2))]);
    let completions = ends(&queue, 2);
    let statuses = statuses(&completions);
    assert_eq!((statuses[&"wrong"], statuses[&"right"]), (Some(Status::InvalidPair), None));
}

#[test]
fn nothing_is_sent_beyond_the_limit_and_waiting_requests_can_be_cancelled() {
    let emulator = Emulator::builder().made_up_users(40).start().unwrap();
    let graph = Graph::on(emulator, |options| options.throttle_ceiling(20));
    let queue = submit_to(&graph.client, (1..=40).map(|number| (number, set(number))));
    ends(&queue, 20).into_iter().for_each(|it| drop(it.result.unwrap()));
    let stats = graph.client.stats().unwrap();
    assert_eq!((stats.waiting, stats.throttle_limit, stats.throttle_used), (20, 20, 20));
    until(&graph.client, |stats| stats.throttle_waits > 0);
    // Requests that are not batched do not wait.
    graph.send(Request::get_presence(user(1))).unwrap();
    assert_eq!(graph.client.stats().unwrap().throttle_used, 21);
    assert_eq!(graph.client.close(Duration::ZERO).unwrap(), 20);
    assert!(
        ends(&queue, 20)
            .iter()
            .all(|it| it.result.as_ref().unwrap_err().status() == Status::Closed)
    );
}

#[test]
fn what_is_submitted_while_the_client_closes_ends_with_it() {
    // In every third round or so, an operation is added just after the others were ended.
    for _ in 0..20 {
        let emulator = Emulator::builder().start().unwrap();
        let graph = Graph::on(emulator, |options| options.throttle_ceiling(1));
        let queue = Queue::new();
        let submitted: usize = thread::scope(|scope| {
            let submit = || {
                let submits = || graph.client.submit(get().batched(), &queue, ()).is_ok();
                (0..).take_while(|_| submits()).count()
            };
            let submitting: Vec<_> = (0..6).map(|_| scope.spawn(submit)).collect();
            thread::sleep(Duration::from_millis(1));
            graph.client.close(Duration::ZERO).unwrap();
            submitting.into_iter().map(|it| it.join().unwrap()).sum()
        });
        ends(&queue, submitted);
    }
}

#[test]
fn a_batch_that_is_cancelled_before_it_was_sent_does_not_count_toward_the_limit() {
    let emulator = Emulator::builder().made_up_users(10).start().unwrap();
    let graph = Graph::on(emulator, |options| options.max_in_flight(1));
    graph.emulator.inject(Fault::delay(2 * SOON).on("GET", "/v1.0/users/user1/presence").times(1));
    let in_flight = submit_to(&graph.client, [((), Request::get_presence(user(1)))]);
    until(&graph.client, |stats| stats.throttle_used == 1);
    let queue = submit_to(&graph.client, (1..=10).map(|number| (number, set(number))));
    until(&graph.client, |stats| stats.throttle_used > 1);
    queue.close().unwrap();
    ends(&queue, 10);
    until(&graph.client, |stats| stats.throttle_used == 1);
    drop(in_flight);
}

#[test]
fn a_request_that_is_cancelled_while_its_batch_waits_for_a_slot_is_not_sent() {
    let graph = with_users(4);
    graph.emulator.inject(Fault::delay(2 * SOON).on("GET", "/v1.0/users/user4/presence").times(1));
    let in_flight = submit_to(&graph.client, [((), Request::get_presence(user(4)))]);
    until(&graph.client, |stats| stats.in_flight == 1);
    let queue = Queue::new();
    let submit = |number| graph.client.submit(set(number), &queue, number).unwrap();
    let operations = [1, 2, 3].map(submit);
    graph.client.flush().unwrap();
    until(&graph.client, |stats| stats.waiting == 0);
    graph.client.cancel(operations[1]).unwrap();
    in_flight.close().unwrap();
    for completion in ends(&queue, 3) {
        let cancelled = (completion.ticket == 2).then_some((Status::Cancelled, 0));
        let error = completion.result.err().map(|error| (error.status(), error.attempts()));
        assert_eq!(error, cancelled, "{}", completion.ticket);
    }
    let batch = graph.emulator.sent().into_iter().find(|it| it.path == "/v1.0/$batch").unwrap();
    assert_eq!(users_of(&batch), ["user1", "user3"]);
}

#[test]
fn a_request_that_cannot_share_a_batch_keeps_the_order_of_its_user() {
    let graph = Graph::on(Emulator::builder().made_up_users(1).start().unwrap(), |options| options);
    graph.emulator.inject(Fault::delay(Duration::from_millis(300)).times(1));
    let text = set(1).header("Content-Type", "text/plain");
    let queue = submit_to(&graph.client, [("text", text), ("json", set(1))]);
    let order: Vec<_> = ends(&queue, 2).into_iter().map(|it| it.ticket).collect();
    assert_eq!(order, ["text", "json"]);
}

#[test]
fn a_request_does_not_time_out_with_those_that_have_waited_longer_for_the_token() {
    let (emulator, (open, gate)) = (Emulator::start(), mpsc::channel::<()>());
    let (token, gate) = (emulator.app_token(), Mutex::new(gate));
    let credential = Credential::from_fn(Some(APP_ID), move || {
        let _ = gate.lock().unwrap().recv();
        Ok(AccessToken::new(&token, None))
    });
    let client = builder(&emulator).credential(credential).build().unwrap();
    let of = |user: &str, timeout| {
        let read = Request::get_presence(Target::user(user)).batched();
        submit_to(&client, [((), read.timeout(timeout))])
    };
    let timeout = Duration::from_millis(500);
    let first = of("adele", timeout);
    std::thread::sleep(timeout / 2);
    let second = of("alex", timeout);
    let error = ends(&first, 1).remove(0).result.unwrap_err();
    assert!(error.to_string().contains("no token within 0.5 s"), "{error}");
    drop(open);
    ends(&second, 1).remove(0).result.unwrap();
}

#[test]
fn a_request_may_have_an_endless_timeout() {
    let graph = with_users(1);
    let queue = submit_to(&graph.client, [((), set(1).timeout(Duration::MAX))]);
    ends(&queue, 1).remove(0).result.unwrap();
}

#[test]
fn a_request_that_would_wait_for_a_hundred_timeouts_is_not_sent() {
    let emulator = Emulator::builder().made_up_users(2).start().unwrap();
    let graph = Graph::on(emulator, |options| options.throttle_ceiling(1));
    ends(&submit_to(&graph.client, [((), set(1))]), 1);
    let queue = submit_to(&graph.client, [((), set(2).timeout(Duration::from_millis(3)))]);
    let error = ends(&queue, 1).remove(0).result.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Status::Timeout, 0));
    assert!(
        error.to_string().starts_with("The batched request was not sent within 0.3 s"),
        "{error}"
    );
}

#[test]
fn a_deferred_request_that_times_out_names_the_reason_for_its_wait() {
    let emulator = Emulator::builder().made_up_users(1).start().unwrap();
    let graph = Graph::on(emulator, |options| options.throttle_ceiling(1));
    graph.emulator.inject(Fault::answer(429).header("Retry-After", "0.1").times(1));
    let queue = submit_to(&graph.client, [((), set(1).timeout(Duration::from_millis(300)))]);
    let error = ends(&queue, 1).remove(0).result.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Status::Timeout, 1));
    assert!(error.to_string().contains("the limit of requests in 30 s left no room"), "{error}");
}

#[test]
fn a_slow_service_ends_each_request_with_its_own_timeout() {
    let graph = with_users(4);
    // The first batch has no answer, however long the others take under load.
    graph.emulator.inject(Fault::delay(2 * SOON).on("POST", "/v1.0/$batch").times(1));
    let queue = submit(
        &graph,
        (1..=4).map(|number| {
            let timeout = if number < 3 { Duration::from_millis(300) } else { SOON };
            (number, set(number).timeout(timeout))
        }),
    );
    let completions = ends(&queue, 4);
    let statuses = statuses(&completions);
    assert_eq!((statuses[&1], statuses[&2]), (Some(Status::Timeout), Some(Status::Timeout)));
    assert_eq!((statuses[&3], statuses[&4]), (None, None));
}

#[test]
fn a_request_that_is_sent_again_does_not_shorten_the_time_of_others_in_its_batch() {
    let emulator = Emulator::builder().made_up_users(3).start().unwrap();
    let graph = Graph::on(emulator, |options| options.max_in_flight(1));
    let timeout = Duration::from_millis(1400);
    let submit = |number: usize| submit_to(&graph.client, [(number, set(number).timeout(timeout))]);
    let alone = |number| format!("/v1.0/users/user{number}/presence/setPresence");
    let throttled = Fault::answer(429).header("Retry-After", "0.1").times(1);
    graph.emulator.inject(throttled.on("POST", &alone(1)));
    graph.emulator.inject(Fault::delay(timeout / 2).on("POST", &alone(2)));
    graph.emulator.inject(Fault::delay(timeout * 5 / 7).on("POST", "/v1.0/$batch"));

    let again = submit(1);
    until(&graph.client, |stats| stats.retries == 1);
    let before = submit(2);
    until(&graph.client, |stats| stats.in_flight == 1);
    let fresh = submit(3);
    ends(&before, 1).remove(0).result.unwrap();
    let error = ends(&again, 1).remove(0).result.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Status::Timeout, 2));
    assert!(error.to_string().contains("timed out after 1.4 s and 2 attempts"), "{error}");
    let response = ends(&fresh, 1).remove(0).result.unwrap();
    assert_eq!((response.attempts(), graph.client.stats().unwrap().batches), (1, 1));
}

#[test]
fn a_batch_whose_answer_is_too_long_says_that_its_requests_may_have_been_done() {
    let graph = with_users(2);
    let long = "x".repeat(9 * 1024 * 1024);
    graph.emulator.inject(Fault::answer(200).body(long).on("POST", "/v1.0/$batch"));
    let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
    for Completion { result, .. } in ends(&queue, 2) {
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Status::Response, 1));
        assert!(error.to_string().contains("may have been done. Check"), "{error}");
    }
}

#[test]
fn reads_whose_batch_has_an_answer_that_cannot_be_used_are_sent_one_by_one() {
    for body in ["x".repeat(9 * 1024 * 1024), "<html>".into(), String::new()] {
        let graph = with_users(3);
        graph.emulator.inject(Fault::answer(200).body(body).on("POST", "/v1.0/$batch"));
        let read = |number| Request::get_presence(Target::user(format!("user{number}"))).batched();
        let queue = submit(&graph, (1..=3).map(|number| (number, read(number))));
        for Completion { result, .. } in ends(&queue, 3) {
            assert_eq!(result.unwrap().attempts(), 2);
        }
        assert_eq!(graph.sent(), 4);
    }
}

#[test]
fn a_new_group_is_sent_also_if_another_was_sent_at_the_moment_it_came() {
    let graph = with_users(2);
    let new = set(1).timeout(SOON);
    let queue = submit(&graph, [("new group", new), ("known group", set(2))]);
    ends(&queue, 2).into_iter().for_each(|it| drop(it.result.unwrap()));
}

#[test]
fn a_trace_shows_the_request_in_its_batch_and_no_token() {
    let graph = with_users(3);
    let queue = submit(&graph, (1..=3).map(|number| (number, set(number).trace())));
    for Completion { ticket, result, .. } in ends(&queue, 3) {
        let response = result.unwrap();
        let trace = response.trace();
        assert!(trace.contains("* in a batch of 3"), "{trace}");
        assert!(trace.contains(&format!("/users/user{ticket}/presence/setPresence")), "{trace}");
        assert!(trace.contains("< 200\n") && !trace.contains(&graph.token), "{trace}");
    }
}

#[test]
fn a_token_that_an_item_echoes_is_replaced() {
    let graph = with_users(2);
    let echo = json!({"error": {"code": "Odd", "message": graph.token}});
    let answers: Vec<_> = ["1", "2"]
        .map(
            |id| json!({"id": id, "status": 400, "headers": {"X-Echo": graph.token}, "body": echo}),
        )
        .into();
    let body = json!({"responses": answers});
    graph.emulator.inject(Fault::answer(200).body(body).on("POST", "/v1.0/$batch"));
    let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
    for Completion { result, .. } in ends(&queue, 2) {
        let error = result.unwrap_err();
        assert_eq!(error.graph_message(), Some("[token]"));
        let response = error.response().unwrap();
        assert_eq!(response.header("x-echo"), Some("[token]"));
        assert!(!response.body().contains(&graph.token));
    }
}

#[test]
fn a_client_that_is_full_takes_more_when_one_has_ended() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::delay(Duration::from_secs(600)));
    let queue = Queue::new();
    let operations: Vec<u64> = (0..4000)
        .map(|ticket| graph.client.submit(get().batched(), &queue, ticket).unwrap())
        .collect();
    let (error, ticket) = graph.client.submit(get().batched(), &queue, 4000).unwrap_err();
    assert_eq!((error.status(), ticket), (Status::Full, 4000));
    assert!(graph.client.submit(get(), &queue, 4001).is_ok(), "what is not batched is taken");
    graph.client.cancel(operations[7]).unwrap();
    assert_eq!(ends(&queue, 1)[0].ticket, 7);
    assert!(graph.client.submit(get().batched(), &queue, 4000).is_ok());
    queue.close().unwrap();
    assert_eq!(ends(&queue, 4001).len(), 4001);
}

#[test]
fn a_dropped_queue_drops_the_tickets_of_batched_requests() {
    let graph = with_users(10);
    graph.emulator.inject(Fault::delay(Duration::from_secs(600)));
    let tickets: Vec<Arc<()>> = (0..10).map(|_| Arc::new(())).collect();
    let queue = Queue::new();
    for (number, ticket) in (1..=10).zip(&tickets) {
        graph.client.submit(set(number), &queue, Arc::clone(ticket)).unwrap();
    }
    drop(queue);
    assert!(tickets.iter().all(|ticket| Arc::strong_count(ticket) == 1));
}

/// Every input has one result, and every user the right presence, despite network faults.
#[test]
fn under_faults_each_request_completes_once_and_the_last_write_of_each_user_is_visible() {
    const USERS: usize = 200;
    let emulator = Emulator::builder().made_up_users(USERS).seed(7).start().unwrap();
    // The 429s mean nothing here: they are not to lower the limit.
    let graph = Graph::on(emulator, |options| {
        options.max_attempts(20).throttle_ceiling(ClientBuilder::THROTTLE_NONE)
    });
    for fault in [
        Fault::answer(503).header("Retry-After", "0.1").probability(0.03),
        Fault::answer(429).header("Retry-After", "0.1").probability(0.03),
        Fault::close().probability(0.05),
        Fault::reset().after_taking_effect().probability(0.05),
        Fault::half().probability(0.05),
    ] {
        graph.emulator.inject(fault);
    }
    let away = |number| {
        let away = SetPresence::new(Availability::Away, Activity::Away);
        Request::set_presence(user(number), away).batched()
    };
    let first = (1..=USERS).map(|number| ((0, number), away(number)));
    let last = (1..=USERS).map(|number| ((1, number), set(number)));
    let queue = submit_to(&graph.client, first.chain(last));
    let completions = ends(&queue, 2 * USERS);
    let statuses = statuses(&completions);
    assert_eq!(statuses.len(), 2 * USERS);
    assert!(statuses.values().all(Option::is_none), "{statuses:?}");
    graph.emulator.clear_faults();
    assert!((1..=USERS).all(|number| graph.shown(&format!("user{number}")) == "Busy/InACall"));
    assert!(graph.client.stats().unwrap().retries > 0);
}

#[test]
fn a_cancelled_request_holds_no_client_once_its_token_has_come() {
    let (emulator, gated, queue) = (Emulator::start(), Gated::new(), Queue::new());
    let client = builder(&emulator).credential(gated.credential.clone()).build().unwrap();
    let number = client.submit(get().batched(), &queue, ()).unwrap();
    gated.wait_until_asked();
    client.cancel(number).unwrap();
    assert_eq!(queue.wait(Some(SOON)).unwrap().result.unwrap_err().status(), Status::Cancelled);
    drop((client, queue));
    gated.expect_let_go();
}

#[test]
fn a_client_counts_its_requests() {
    let graph = with_users(3);
    graph.emulator.inject(Fault::answer(429).header("Retry-After", "0.1").times(1));
    graph.send(set(1)).unwrap();
    graph.send(set(1)).unwrap();
    graph.refusal(Request::get_presence(Target::user("nobody")));
    let queue = submit(&graph, (1..=3).map(|number| (number, set(number))));
    ends(&queue, 3).into_iter().for_each(|it| drop(it.result.unwrap()));
    let stats = graph.client.stats().unwrap();
    // With the request that `submit` keeps the connection busy with.
    assert_eq!((stats.requests, stats.batches, stats.batched), (6, 1, 3));
    assert_eq!((stats.retries, stats.throttled), (1, 1));
    assert_eq!((stats.succeeded, stats.failed, stats.in_flight), (6, 1, 0));
}
