//! A request is retried as Graph asks, and only if it is idempotent.

use std::time::{Duration, Instant};

use mgpresence::{
    Activity, Availability, ClearPresence, Operation, Request, Status, Target, WritePresence,
};
use mgpresence_emulator::Fault;

use crate::support::{Graph, adele, busy, get};

fn throttled(seconds: &str) -> Fault {
    Fault::answer(429).header("Retry-After", seconds).error("TooManyRequests", "Slow down")
}

#[test]
fn a_retry_waits_for_the_retry_after_including_fractions() {
    let graph = Graph::start();
    graph.emulator.inject(throttled("0.3").times(2));
    let start = Instant::now();
    let answer = graph.send(busy()).unwrap();
    assert_eq!((answer.attempts(), graph.sent()), (3, 3));
    assert!(start.elapsed() >= Duration::from_millis(600));
    assert_eq!(graph.shown("adele"), "Busy/InACall");
}

#[test]
fn one_id_serves_all_attempts() {
    let graph = Graph::start();
    graph.emulator.inject(throttled("0").times(1));
    graph.send(busy()).unwrap();
    let sent = graph.emulator.sent();
    assert_eq!(sent[0].header("client-request-id"), sent[1].header("client-request-id"));
}

#[test]
fn a_wait_beyond_the_budget_ends_the_call_at_once_and_names_the_wait() {
    let graph = Graph::with(|options| options.retry_budget(Duration::from_secs(5)));
    graph.emulator.inject(throttled("6"));
    let error = graph.refusal(busy());
    assert_eq!((error.status(), error.attempts()), (Status::Throttled, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(6)));
    assert!(error.to_string().contains("Graph asks to wait 6.0 s"), "{error}");
}

#[test]
fn only_the_statuses_that_graph_documents_as_retryable_are_retried() {
    for (status, attempts) in [(429, 2), (503, 2), (504, 2), (500, 1), (502, 1), (400, 1)] {
        let graph = Graph::with(|options| options.max_attempts(2));
        graph.emulator.inject(Fault::answer(status).header("Retry-After", "0").error("x", "y"));
        assert_eq!(graph.refusal(busy()).attempts(), attempts, "{status}");
        assert_eq!(graph.sent(), attempts as usize, "{status}");
    }
}

#[test]
fn a_request_with_a_lost_answer_is_sent_again_if_it_is_idempotent() {
    let create =
        || Request::create_presence(WritePresence::new(Availability::Away, Activity::Away));
    let delete = || Request::new(Operation::DeletePresence, adele());
    for (request, attempts) in
        [(busy(), 2), (get(), 2), (create(), 1), (delete().header("If-Match", "*"), 1)]
    {
        let graph = Graph::start();
        graph.emulator.inject(Fault::close().times(1));
        let name = format!("{request:?}");
        let result = graph.send(request);
        assert_eq!(graph.sent(), attempts, "{name}");
        match attempts {
            1 => assert_eq!(result.unwrap_err().status(), Status::ConnectionLost, "{name}"),
            _ => assert!(result.is_ok(), "{name}"),
        }
    }
}

#[test]
fn a_clear_whose_answer_was_lost_is_a_success() {
    let graph = Graph::start();
    graph.send(busy()).unwrap();
    graph.emulator.inject(Fault::close().after_taking_effect().times(1));
    let answer = graph.send(Request::clear_presence(adele(), ClearPresence::default())).unwrap();
    assert_eq!((answer.http_status(), answer.attempts()), (404, 2));
}

#[test]
fn a_504_of_a_gateway_may_hide_a_completed_clear() {
    let graph = Graph::start();
    graph.send(busy()).unwrap();
    graph.emulator.inject(Fault::answer(504).error("x", "y").after_taking_effect().times(1));
    graph.send(Request::clear_presence(adele(), ClearPresence::default())).unwrap();
}

#[test]
fn an_unknown_user_is_not_taken_for_a_completed_clear() {
    let nobody = || Target::user("nobody");
    let delete = Request::new(Operation::DeletePresence, nobody());
    for request in [Request::clear_presence(nobody(), ClearPresence::default()), delete] {
        let graph = Graph::start();
        graph
            .emulator
            .inject(Fault::answer(503).header("Retry-After", "0").error("x", "y").times(1));
        let error = graph.refusal(request);
        assert_eq!((error.status(), error.attempts()), (Status::NotFound, 2), "{error}");
    }
}

#[test]
fn a_404_from_another_server_is_not_taken_for_a_completed_clear() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::close().times(1));
    graph.emulator.inject(Fault::answer(404).header("Content-Type", "text/html").body("<h1>no"));
    let error = graph.refusal(Request::clear_presence(adele(), ClearPresence::default()));
    assert_eq!(error.status(), Status::NotFound, "{error}");
}

#[test]
fn an_overflowing_retry_after_counts_as_a_day_and_ends_the_call() {
    let graph = Graph::start();
    graph.emulator.inject(throttled("18446744073709549568"));
    let error = graph.refusal(busy());
    assert_eq!((error.status(), error.attempts()), (Status::Throttled, 1), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86_400)));
    assert!(error.to_string().contains("asks to wait 86400.0 s"), "{error}");
}

#[test]
fn an_error_says_why_the_request_was_not_repeated() {
    for (attempts, budget, timeout, advice) in [
        (1, 60, 60, "raise `max_attempts`"),
        (6, 1, 60, "raise `retry_budget`"),
        (6, 60, 1, "raise `timeout`"),
    ] {
        let graph = Graph::with(|options| {
            let options = options.max_attempts(attempts).timeout(Duration::from_secs(timeout));
            options.retry_budget(Duration::from_secs(budget))
        });
        graph.emulator.inject(throttled("5"));
        let text = graph.refusal(busy()).to_string();
        assert!(text.ends_with(&format!("{advice}.")), "{text}");
    }
}

#[test]
fn a_wait_for_a_connection_is_not_an_attempt() {
    let graph = Graph::with(|options| options.max_in_flight(1));
    graph.emulator.inject(Fault::delay(Duration::from_secs(30)).times(1));
    let queue = mgpresence::Queue::new();
    graph.client.submit(busy(), &queue, ()).unwrap();
    while graph.sent() == 0 {
        std::thread::yield_now();
    }
    let error = graph.refusal(get().timeout(Duration::from_millis(100)));
    assert_eq!((error.status(), error.attempts()), (Status::Timeout, 0));
    assert!(error.to_string().contains("none of the 1 slots became free"), "{error}");
}
