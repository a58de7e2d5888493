//! Each submitted operation comes out of its queue exactly once, whatever happens.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mgpresence::{Completion, Queue, Status};
use mgpresence_emulator::Fault;

use crate::support::{Graph, SOON, busy, get};

fn statuses<T>(queue: &Queue<T>, count: usize) -> Vec<Option<Status>> {
    let next = |_| queue.wait(Some(SOON)).unwrap().result.err().map(|error| error.status());
    (0..count).map(next).collect()
}

/// A ticket that counts where it ends.
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
    let hostile = mgpresence::Request::get_presence(mgpresence::Target::user(".."));
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
    graph.client.cancel(operation);
    assert_eq!(statuses(&queue, 1), [Some(Status::Cancelled)]);
    assert!(start.elapsed() < Duration::from_secs(5));
    graph.client.cancel(operation);
    graph.client.cancel(u64::MAX);
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
    queue.close();
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
fn a_wake_ends_one_wait_and_loses_no_completion() {
    let graph = Graph::start();
    let queue = Queue::<()>::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| queue.wait(None).unwrap_err().status());
        queue.wake();
        assert_eq!(waiting.join().unwrap(), Status::Woken);
    });
    graph.client.submit(get(), &queue, ()).unwrap();
    while graph.sent() == 0 {
        thread::yield_now();
    }
    queue.wake();
    let ends: Vec<_> = (0..2).map(|_| queue.wait(Some(SOON)).map_err(|it| it.status())).collect();
    assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1);
    assert!(ends.iter().any(|end| matches!(end, Err(Status::Woken))));
}

#[test]
fn a_closed_client_ends_what_is_under_way_and_takes_no_more() {
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

#[test]
fn closing_waits_for_what_can_end() {
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
fn operations_outlive_their_client() {
    let Graph { client, emulator, .. } = Graph::start();
    let queue = Queue::new();
    client.submit(get(), &queue, ()).unwrap();
    drop(client);
    assert_eq!(statuses(&queue, 1), [None]);
    drop(emulator);
}

#[test]
fn a_wait_inside_a_callback_is_refused_and_a_look_is_not() {
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
    assert_eq!(*seen.lock().unwrap(), [Status::WouldDeadlock, Status::WaitTimeout]);
}
