//! Batched requests: twenty to a `$batch`, each of them ends once, with its own result.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mgpresence::{
    Activity, Availability, Client, Completion, Operation, Queue, Request, SetPresence, Status,
    Target, WritePresence,
};
use mgpresence_emulator::{APP_ID, Emulator, Fault, Received};
use serde_json::{Value, json};

use crate::support::{Graph, SOON, busy, get};

/// An emulator with so many users, `user1` and so on, and a client that has one request in flight at a time.
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

/// Submits requests while another one is in flight, so that they leave together however slow this machine is.
fn submit<T: Send + 'static + std::fmt::Debug>(
    graph: &Graph,
    requests: impl IntoIterator<Item = (T, Request)>,
) -> Queue<T> {
    const COUNT: &str = "/v1.0/communications/presences/$count";
    graph.emulator.inject(Fault::delay(Duration::from_millis(200)).on("GET", COUNT).times(1));
    let (before, queue) = (Queue::new(), Queue::new());
    let count = Request::new(Operation::CountPresences, Target::Me).batched();
    graph.client.submit(count, &before, ()).unwrap();
    while !paths(graph).iter().any(|path| path == COUNT) {
        std::thread::yield_now();
    }
    for (ticket, request) in requests {
        graph.client.submit(request, &queue, ticket).unwrap();
    }
    graph.client.flush().unwrap();
    graph.emulator.clear_sent();
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
fn twenty_travel_in_a_batch_and_each_ends_with_its_own_result() {
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
fn reads_and_writes_of_all_kinds_travel_together() {
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
fn what_was_put_off_waits_as_long_as_was_asked_of_any_and_the_rest_does_not() {
    let graph = with_users(20);
    let put_off = |user: &str, wait: &str, status| {
        let fault = Fault::answer(status).header("Retry-After", wait).user(user);
        graph.emulator.inject(fault.on("POST", "/v1.0/users/*").times(1));
    };
    put_off("user3", "0.2", 429);
    put_off("user7", "0.6", 503);
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
fn a_whole_batch_that_is_put_off_is_sent_again() {
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
fn what_is_lost_with_its_connection_is_sent_again_unless_twice_is_not_once() {
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
fn a_refused_batch_fails_each_of_its_requests_with_the_reason() {
    let graph = with_users(2);
    let fault = Fault::answer(400).error("BadRequest", "Invalid batch payload format.");
    graph.emulator.inject(fault.on("POST", "/v1.0/$batch"));
    let queue = submit(&graph, (1..=2).map(|number| (number, set(number))));
    let mut texts: Vec<_> =
        ends(&queue, 2).into_iter().map(|it| it.result.unwrap_err().to_string()).collect();
    texts.sort();
    assert_eq!(
        texts[0],
        "Graph refused to take the batch that was to set the presence of user1 (400 BadRequest: Invalid \
         batch payload format)."
    );
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
