//! Each submitted operation is delivered by its queue exactly once.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mgpresence::{
    Activity, Availability, Client, Completion, Queue, Request, SetPresence, Status, Target,
};
use mgpresence_emulator::{Emulator, Fault, Received};

use crate::support::{Gated, Graph, SOON, builder, busy, get, until};

fn statuses<T>(queue: &Queue<T>, count: usize) -> Vec<Option<Status>> {
    let next = |_| queue.wait(Some(SOON)).unwrap().result.err().map(|error| error.status());
    (0..count).map(next).collect()
}

/// A ticket that counts its drops.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_hundred_operations_come_out_once_each_with_their_tickets() {
    let graph = Graph::start();
    let queue = Queue::new();
    for ticket in 0..100 {
        graph.client.submit(busy(), &queue, ticket).unwrap();
    }
    let tickets: HashSet<i32> = (0..100)
        .map(|_| queue.wait(Some(SOON)).unwrap())
        .map(|Completion { ticket, result, .. }| result.map(|_| ticket).unwrap())
        .collect();
    assert_eq!(tickets.len(), 100);
    assert_eq!(queue.wait(Some(Duration::ZERO)).unwrap_err().status(), Status::WaitTimeout);
}

#[test]
fn a_bad_request_comes_out_of_the_queue_like_any_other_end() {
    let graph = Graph::start();
    let queue = Queue::new();
    let hostile = Request::get_presence(Target::user(".."));
    graph.client.submit(hostile, &queue, ()).unwrap();
    assert_eq!(statuses(&queue, 1), [Some(Status::InvalidId)]);
}

#[test]
fn a_cancelled_operation_ends_at_once_and_cancelling_again_is_harmless() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::delay(Duration::from_secs(30)));
    let queue = Queue::new();
    let operation = graph.client.submit(busy(), &queue, ()).unwrap();
    let start = Instant::now();
    graph.client.cancel(operation).unwrap();
    assert_eq!(statuses(&queue, 1), [Some(Status::Cancelled)]);
    assert!(start.elapsed() < Duration::from_secs(5));
    graph.client.cancel(operation).unwrap();
    graph.client.cancel(u64::MAX).unwrap();
    assert_eq!(queue.wait(Some(Duration::ZERO)).unwrap_err().status(), Status::WaitTimeout);
}

#[test]
fn closing_a_queue_delivers_all_that_is_outstanding_then_says_so() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::delay(Duration::from_secs(30)));
    let queue = Queue::new();
    for _ in 0..5 {
        graph.client.submit(busy(), &queue, ()).unwrap();
    }
    queue.close().unwrap();
    assert_eq!(statuses(&queue, 5), [Some(Status::Cancelled); 5]);
    assert_eq!(queue.wait(None).unwrap_err().status(), Status::Closed);
    let (error, ()) = graph.client.submit(busy(), &queue, ()).unwrap_err();
    assert_eq!(error.status(), Status::Closed);
}

#[test]
fn dropping_a_queue_drops_each_ticket_once() {
    let graph = Graph::start();
    let dropped = Arc::new(AtomicUsize::new(0));
    let queue = Queue::new();
    for _ in 0..5 {
        graph
            .client
            .submit(get(), &queue, Counted(Arc::clone(&dropped)))
            .map_err(|it| it.0)
            .unwrap();
    }
    let taken = queue.wait(Some(SOON)).unwrap();
    drop(queue);
    assert_eq!(dropped.load(Ordering::SeqCst), 4);
    drop(taken);
    assert_eq!(dropped.load(Ordering::SeqCst), 5);
}

#[test]
fn a_wake_ends_one_wait_and_does_not_lose_a_completion() {
    let graph = Graph::start();
    let queue = Queue::<()>::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| queue.wait(None).unwrap_err().status());
        queue.wake().unwrap();
        assert_eq!(waiting.join().unwrap(), Status::Woken);
    });
    graph.client.submit(get(), &queue, ()).unwrap();
    while graph.sent() == 0 {
        thread::yield_now();
    }
    queue.wake().unwrap();
    let ends: Vec<_> = (0..2).map(|_| queue.wait(Some(SOON)).map_err(|it| it.status())).collect();
    assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1);
    assert!(ends.iter().any(|end| matches!(end, Err(Status::Woken))));
}

#[test]
fn as_many_wakes_end_as_many_waits() {
    const WAITS: usize = 5;
    let queue = Queue::<()>::new();
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..WAITS).map(|_| scope.spawn(|| queue.wait(Some(SOON)))).collect();
        (0..WAITS).for_each(|_| queue.wake().unwrap());
        for wait in waiting {
            assert_eq!(wait.join().unwrap().unwrap_err().status(), Status::Woken);
        }
    });
    assert_eq!(queue.wait(Some(Duration::ZERO)).unwrap_err().status(), Status::WaitTimeout);
}

/// A client that allows one request at a time, and a service that takes 100 ms for each answer.
fn narrow() -> Graph {
    let graph = Graph::with(|options| options.max_in_flight(1));
    graph.emulator.inject(Fault::delay(Duration::from_millis(100)));
    graph
}

#[test]
fn the_time_of_a_submitted_request_begins_with_its_turn() {
    let graph = narrow();
    let queue = Queue::new();
    for _ in 0..20 {
        graph.client.submit(busy().timeout(Duration::from_secs(1)), &queue, ()).unwrap();
    }
    assert_eq!(statuses(&queue, 20), [None; 20]); // 2 s in all
}

#[test]
fn a_submitted_request_waits_a_hundred_timeouts_for_its_turn_and_is_then_not_sent() {
    let graph = Graph::with(|options| options.max_in_flight(1));
    graph.emulator.inject(Fault::delay(Duration::from_secs(600)));
    let queue = Queue::new();
    let first = graph.client.submit(busy(), &queue, ()).unwrap();
    while graph.sent() == 0 {
        thread::yield_now();
    }
    graph.client.submit(busy().timeout(Duration::from_millis(3)), &queue, ()).unwrap();
    let error = queue.wait(Some(SOON)).unwrap().result.unwrap_err();
    assert_eq!(error.status(), Status::Timeout);
    let text = "The request was not started within 0.3 s, since only 1 submitted";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_eq!((error.attempts(), graph.sent()), (0, 1));
    graph.client.cancel(first).unwrap();
    assert_eq!(statuses(&queue, 1), [Some(Status::Cancelled)]);
}

#[test]
fn a_blocking_call_that_finds_no_place_in_time_says_so_and_never_sends() {
    let graph = narrow();
    let threads = 20;
    let errors: Vec<_> = thread::scope(|scope| {
        let call = || graph.send(busy().timeout(Duration::from_millis(450))).err();
        let calls: Vec<_> = (0..threads).map(|_| scope.spawn(call)).collect();
        calls.into_iter().filter_map(|call| call.join().unwrap()).collect()
    });
    assert!(errors.iter().all(|error| error.status() == Status::Timeout), "{errors:?}");
    let unsent: Vec<_> = errors.iter().filter(|error| error.attempts() == 0).collect();
    assert!(unsent.len() > 10, "{errors:?}");
    for error in &unsent {
        assert!(error.to_string().contains("none of the 1 slots"), "{error}");
    }
    graph.client.close(SOON).unwrap();
    assert!(graph.sent() <= threads - unsent.len());
}

#[test]
fn a_call_that_waited_most_of_its_time_for_a_place_says_so() {
    let graph = Graph::with(|options| options.max_in_flight(1));
    graph.emulator.inject(Fault::delay(Duration::from_secs(1)));
    thread::scope(|scope| {
        scope.spawn(|| graph.send(busy()).unwrap());
        while graph.sent() == 0 {
            thread::yield_now();
        }
        let error = graph.refusal(busy().timeout(Duration::from_millis(1300)));
        assert_eq!(error.status(), Status::Timeout);
        assert!(error.to_string().contains("one of the 1 slots"), "{error}");
    });
}

#[test]
fn a_closed_client_cancels_its_requests_and_accepts_no_more() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::delay(Duration::from_secs(30)));
    let queue = Queue::new();
    graph.client.submit(busy(), &queue, ()).unwrap();
    while graph.sent() == 0 {
        thread::yield_now();
    }
    assert_eq!(graph.client.close(Duration::ZERO).unwrap(), 1);
    let end = queue.wait(Some(Duration::ZERO)).unwrap();
    assert_eq!(end.result.unwrap_err().status(), Status::Closed);
    assert_eq!(graph.refusal(get()).status(), Status::Closed);
}

/// Ends operations that are under way.
type End = fn(&Client, &Queue<()>, &[u64]);

fn ways_to_end() -> [End; 3] {
    [
        |client, _, operations| operations.iter().for_each(|it| client.cancel(*it).unwrap()),
        |client, _, _| _ = client.close(Duration::ZERO).unwrap(),
        |_, queue, _| queue.close().unwrap(),
    ]
}

#[test]
fn an_operation_that_is_ended_after_it_was_sent_says_so() {
    for end in ways_to_end() {
        for (is_batched, count) in [(false, 1), (true, 1), (true, 2)] {
            let (graph, queue) = (Graph::start(), Queue::new());
            graph.emulator.inject(Fault::delay(SOON));
            let submit = |user: &str| {
                let busy = SetPresence::new(Availability::Busy, Activity::InACall);
                let request = Request::set_presence(Target::user(user), busy);
                let request = if is_batched { request.batched() } else { request };
                graph.client.submit(request, &queue, ()).unwrap()
            };
            let operations: Vec<u64> =
                ["adele", "alex"][..count].iter().map(|it| submit(it)).collect();
            graph.client.flush().unwrap();
            let items = |it: &Received| it.body["requests"].as_array().map_or(1, Vec::len);
            while graph.emulator.sent().iter().map(items).sum::<usize>() < count {
                thread::yield_now();
            }
            end(&graph.client, &queue, &operations);
            for _ in operations {
                let error = queue.wait(Some(SOON)).unwrap().result.unwrap_err();
                assert!([Status::Cancelled, Status::Closed].contains(&error.status()), "{error}");
                assert_eq!(error.attempts(), 1, "{error}");
                assert_eq!(error.client_request_id().len(), 36, "{error}");
                let check = "The request may have been done. Check before you repeat it.";
                assert!(error.to_string().ends_with(check), "{error}");
            }
        }
    }
}

#[test]
fn an_operation_that_cannot_have_been_done_does_not_ask_for_a_check() {
    let slow = || Fault::delay(SOON);
    let throttled = || Fault::answer(429).header("Retry-After", "60");
    for (fault, request, retries) in
        [(slow(), get(), 0), (throttled(), get(), 1), (throttled(), busy(), 1)]
    {
        for request in [request.clone(), request.batched()] {
            let (graph, queue) =
                (Graph::with(|it| it.timeout(Duration::from_secs(100))), Queue::new());
            graph.emulator.inject(fault.clone());
            let operation = graph.client.submit(request, &queue, ()).unwrap();
            until(&graph.client, |stats| stats.retries == retries && graph.sent() > 0);
            graph.client.cancel(operation).unwrap();
            let error = queue.wait(Some(SOON)).unwrap().result.unwrap_err();
            assert_eq!(
                (error.attempts(), error.to_string()),
                (1, "The operation was cancelled.".into())
            );
        }
    }
}

#[test]
fn an_operation_that_is_ended_before_it_was_sent_says_so() {
    for end in ways_to_end() {
        for is_batched in [false, true] {
            let (gated, queue) = (Gated::new(), Queue::new());
            let emulator = Emulator::start();
            let client = builder(&emulator).credential(gated.credential.clone()).build().unwrap();
            let request = if is_batched { get().batched() } else { get() };
            let operation = client.submit(request, &queue, ()).unwrap();
            gated.wait_until_asked();
            end(&client, &queue, &[operation]);
            let error = queue.wait(Some(SOON)).unwrap().result.unwrap_err();
            assert_eq!((error.attempts(), error.client_request_id()), (0, ""), "{error}");
            assert!(!error.to_string().contains("Check before"), "{error}");
            drop(gated.gate);
        }
    }
}

#[test]
fn closing_waits_for_requests_that_can_complete() {
    let graph = Graph::start();
    graph.emulator.inject(Fault::delay(Duration::from_millis(100)));
    let queue = Queue::new();
    graph.client.submit(get(), &queue, ()).unwrap();
    while graph.sent() == 0 {
        thread::yield_now();
    }
    assert_eq!(graph.client.close(SOON).unwrap(), 0);
    assert_eq!(statuses(&queue, 1), [None]);
}

#[test]
fn submitted_requests_are_sent_and_retried_without_a_waiting_caller() {
    let graph = Graph::start();
    for count in 1..=3 {
        graph.emulator.clear_sent();
        graph.emulator.inject(Fault::answer(503).header("Retry-After", "0.1").times(1));
        let queue = Queue::new();
        graph.client.submit(get(), &queue, count).unwrap();
        let end = Instant::now() + SOON;
        while graph.sent() < 2 {
            assert!(Instant::now() < end, "submitted, and left lying");
            thread::yield_now();
        }
    }
}

#[test]
fn operations_outlive_their_client() {
    let Graph { client, emulator, .. } = Graph::start();
    let queue = Queue::new();
    client.submit(get(), &queue, ()).unwrap();
    drop(client);
    assert_eq!(statuses(&queue, 1), [None]);
    drop(emulator);
}

#[test]
fn a_callback_may_poll_but_not_wait() {
    let queue = Arc::new(Queue::<()>::new());
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (inner, said) = (Arc::clone(&queue), Arc::clone(&seen));
    let graph = Graph::with(|options| {
        options.log(mgpresence::Level::Info, move |_, _, _| {
            let waits =
                [None, Some(Duration::ZERO)].map(|time| inner.wait(time).unwrap_err().status());
            said.lock().unwrap().extend(waits);
        })
    });
    graph.send(get()).unwrap();
    graph.client.close(SOON).unwrap(); // waits for the log
    assert_eq!(*seen.lock().unwrap(), [Status::WouldDeadlock, Status::WaitTimeout]);
}

#[test]
fn a_cancelled_operation_counts_as_failed() {
    let (graph, queue) = (Graph::start(), Queue::new());
    graph.emulator.inject(Fault::delay(SOON));
    let number = graph.client.submit(get(), &queue, ()).unwrap();
    graph.client.cancel(number).unwrap();
    assert_eq!(queue.wait(Some(SOON)).unwrap().result.unwrap_err().status(), Status::Cancelled);
    assert_eq!(graph.client.stats().unwrap().failed, 1);
}
