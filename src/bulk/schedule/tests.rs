//! Which operations are sent when, with a clock that the tests move.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use super::group::{LINGER, LINGER_ALONE};
use super::*;

type Sent = Departure<&'static str, u64, ()>;

const LONG: Duration = Duration::from_secs(1000);

/// A schedule with a clock.
struct Desk {
    schedule: Schedule<&'static str, u64>,
    now: Instant,
    numbers: u64,
}

impl Desk {
    fn new() -> Self {
        Self { schedule: Schedule::new(4), now: Instant::now(), numbers: 0 }
    }

    fn add(&mut self, user: &str) -> u64 {
        self.add_to("group", user, Access::Write)
    }

    fn add_to(&mut self, group: &'static str, user: &str, access: Access) -> u64 {
        let user = Some(user.into());
        self.add_as(Facts { group, user, access, is_urgent: false, is_alone: false })
    }

    fn add_as(&mut self, facts: Facts<&'static str>) -> u64 {
        self.numbers += 1;
        let give_up = self.now + LONG;
        self.schedule.add(self.numbers, facts, self.numbers, give_up, self.now);
        self.numbers
    }

    fn add_many(&mut self, count: u64) {
        for _ in 0..count {
            let user = format!("user {}", self.numbers);
            self.add(&user);
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    fn next(&mut self) -> Next<&'static str, u64, ()> {
        self.schedule.next(self.now, |_, count| Ok(((), count)))
    }

    /// The batch that is sent now.
    fn sent(&mut self) -> Sent {
        match self.next() {
            Next::Send(departure) => departure,
            Next::Wait(until) => panic!("nothing leaves before {until:?}"),
        }
    }

    /// How long it takes until something may be sent.
    fn wait(&mut self) -> Duration {
        match self.next() {
            Next::Send(departure) => panic!("{departure:?}"),
            Next::Wait(until) => until.unwrap() - self.now,
        }
    }

    fn end(&mut self, departure: Sent) {
        let fates = departure.work.iter().map(|(operation, _)| (*operation, Fate::Ended));
        self.schedule.batch_ended(&departure.group, Sign::Up, fates, self.now);
    }

    fn again(&mut self, departure: Sent, sign: Sign, wait: Duration) {
        let (at, give_up) = (self.now + wait, self.now + LONG);
        let fates = departure.work.into_iter().map(|(operation, work)| {
            (operation, Fate::Again(Again { work, at, give_up, is_alone: false }))
        });
        self.schedule.batch_ended(&departure.group, sign, fates, self.now);
    }
}

fn numbers(departure: &Sent) -> Vec<u64> {
    departure.work.iter().map(|(operation, _)| *operation).collect()
}

#[test]
fn a_full_batch_is_sent_at_once_and_the_rest_20_ms_after_its_first_operation() {
    let mut desk = Desk::new();
    desk.add_many(45);
    assert_eq!(desk.sent().work.len(), 20);
    assert_eq!(desk.sent().work.len(), 20);
    desk.pass(Duration::from_millis(5));
    desk.add_many(1);
    assert_eq!(desk.wait(), Duration::from_millis(15));
    desk.pass(Duration::from_millis(15));
    assert_eq!(numbers(&desk.sent()), [41, 42, 43, 44, 45, 46]);
}

#[test]
fn while_nothing_is_in_flight_a_batch_waits_a_millisecond_for_more() {
    let mut desk = Desk::new();
    desk.add_many(1);
    assert_eq!(desk.wait(), LINGER_ALONE);
    for _ in 0..3 {
        desk.pass(Duration::from_micros(900));
        desk.add_many(1);
        assert_eq!(desk.wait(), LINGER_ALONE);
    }
    desk.pass(LINGER_ALONE);
    assert_eq!(desk.sent().work.len(), 4);
}

#[test]
fn a_batch_is_sent_20_ms_after_its_first_operation_even_if_more_keep_coming() {
    let mut desk = Desk::new();
    for _ in 0..19 {
        desk.add_many(1);
        assert_eq!(desk.wait(), LINGER_ALONE);
        desk.pass(LINGER_ALONE - Duration::from_micros(1));
    }
    desk.pass(LINGER_ALONE);
    assert_eq!(desk.sent().work.len(), 19);

    let mut desk = Desk::new();
    desk.add_many(20);
    desk.sent();
    desk.add_many(1);
    for _ in 0..19 {
        desk.pass(LINGER_ALONE);
        desk.wait();
    }
    desk.pass(LINGER_ALONE);
    assert_eq!(desk.sent().work.len(), 1);
}

#[test]
fn a_flush_sends_what_was_submitted_before_it() {
    let mut desk = Desk::new();
    desk.add_many(20);
    let full = desk.sent();
    desk.add_many(3);
    desk.schedule.flush();
    assert_eq!(numbers(&desk.sent()), [21, 22, 23]);
    desk.add_many(1);
    assert_eq!(desk.wait(), LINGER);
    desk.end(full);
}

#[test]
fn two_writes_for_one_user_are_never_in_flight_together() {
    let mut desk = Desk::new();
    let (first, second, other) = (desk.add("adele"), desk.add("adele"), desk.add("alex"));
    desk.schedule.flush();
    let batch = desk.sent();
    assert_eq!(numbers(&batch), [first, other]);
    desk.again(batch, Sign::Up, Duration::from_secs(5));
    desk.pass(Duration::from_secs(4));
    assert_eq!(desk.wait(), Duration::from_secs(1), "the first has not ended");
    desk.pass(Duration::from_secs(1));
    let batch = desk.sent();
    assert_eq!(numbers(&batch), [first, other]);
    desk.end(batch);
    assert_eq!(numbers(&desk.sent()), [second]);
}

#[test]
fn a_repeated_operation_is_sent_before_later_ones() {
    let mut desk = Desk::new();
    desk.add_many(20);
    let batch = desk.sent();
    desk.again(batch, Sign::Up, Duration::from_secs(1));
    desk.pass(Duration::from_secs(1));
    desk.add_many(20);
    assert_eq!(numbers(&desk.sent()), (1..=20).collect::<Vec<_>>());
    assert_eq!(numbers(&desk.sent()), (21..=40).collect::<Vec<_>>());
}

#[test]
fn an_urgent_operation_is_sent_first() {
    let mut desk = Desk::new();
    desk.add_many(30);
    let user = Some("adele".into());
    let urgent =
        Facts { group: "group", user, access: Access::Write, is_urgent: true, is_alone: false };
    let urgent = desk.add_as(urgent);
    assert_eq!(numbers(&desk.sent())[..2], [urgent, 1]);
}

#[test]
fn groups_are_sent_separately_and_the_oldest_first() {
    let mut desk = Desk::new();
    for (group, user) in [("one", "a"), ("two", "b"), ("one", "c")] {
        desk.add_to(group, user, Access::Read);
    }
    desk.schedule.flush();
    assert_eq!(numbers(&desk.sent()), [1, 3]);
    assert_eq!(numbers(&desk.sent()), [2]);
}

/// A group that counts how often it is cloned or hashed, in all.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Counted<'a>(u64, &'a Cell<u64>);

impl Counted<'_> {
    fn count(&self) {
        self.1.set(self.1.get() + 1);
    }
}

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        self.count();
        Self(self.0, self.1)
    }
}

impl Hash for Counted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.count();
        self.0.hash(state);
    }
}

#[test]
fn the_work_for_a_batch_does_not_grow_with_the_number_of_groups() {
    const GROUPS: u64 = 1000;
    let (looks, now) = (Cell::new(0), Instant::now());
    let mut schedule = Schedule::new(1);
    for operation in 1..=GROUPS {
        let (group, access) = (Counted(operation, &looks), Access::Read);
        let facts = Facts { group, user: None, access, is_urgent: false, is_alone: false };
        schedule.add(operation, facts, (), now + LONG, now);
    }
    for _ in 1..=GROUPS {
        let Next::Send(batch) = schedule.next(now + LINGER, |_, count| Ok(((), count))) else {
            panic!("a batch could be sent")
        };
        let ends = batch.work.into_iter().map(|(operation, ())| (operation, Fate::Ended));
        schedule.batch_ended(&batch.group, Sign::Up, ends, now);
    }
    assert!(schedule.is_empty());
    assert!(looks.get() < 50 * GROUPS, "{} for {GROUPS} groups", looks.get());
}

#[test]
fn an_operation_that_is_sent_alone_shares_no_batch_and_keeps_its_turn() {
    let mut desk = Desk::new();
    desk.add_many(1);
    let (group, access) = ("group", Access::Read);
    desk.add_as(Facts { group, user: None, access, is_urgent: false, is_alone: true });
    desk.add_many(1);
    desk.schedule.flush();
    assert_eq!(numbers(&desk.sent()), [1, 3]);
    assert_eq!(numbers(&desk.sent()), [2]);
}

#[test]
fn an_operation_that_is_sent_alone_is_the_last_to_be_tried_in_an_outage() {
    let mut desk = Desk::new();
    let (group, access) = ("group", Access::Read);
    desk.add_as(Facts { group, user: None, access, is_urgent: false, is_alone: true });
    desk.add_many(61);
    for _ in 0..3 {
        let batch = desk.sent();
        desk.again(batch, Sign::Down, LONG / 2);
    }
    desk.pass(Duration::from_millis(500));
    assert_eq!(numbers(&desk.sent()), [42]);
}

#[test]
fn an_operation_that_failed_with_others_is_sent_again_alone() {
    let mut desk = Desk::new();
    desk.add_many(2);
    desk.schedule.flush();
    let (batch, at, give_up) = (desk.sent(), desk.now, desk.now + LONG);
    let again =
        |(operation, work)| (operation, Fate::Again(Again { work, at, give_up, is_alone: true }));
    let fates = batch.work.into_iter().map(again);
    desk.schedule.batch_ended(&batch.group, Sign::Up, fates, at);
    assert_eq!(numbers(&desk.sent()), [1]);
    assert_eq!(numbers(&desk.sent()), [2]);
}

#[test]
fn no_more_requests_are_in_flight_than_allowed() {
    let mut desk = Desk::new();
    desk.add_many(200);
    let batches: Vec<Sent> = (0..4).map(|_| desk.sent()).collect();
    assert!(matches!(desk.next(), Next::Wait(_)));
    for batch in batches {
        desk.end(batch);
    }
    assert_eq!(desk.schedule.in_flight(), 0);
    desk.sent();
}

#[test]
fn a_batch_has_as_many_operations_as_there_are_places() {
    let mut desk = Desk::new();
    desk.add_many(30);
    let now = desk.now;
    let Next::Send(batch) = desk.schedule.next(now, |_, wanted| Ok(((), wanted.min(7)))) else {
        panic!("a batch is sent");
    };
    assert_eq!(batch.work.len(), 7);
    let soon = Some(now + Duration::from_millis(3));
    match desk.schedule.next(now, |_, _| Err::<((), usize), _>(soon)) {
        Next::Wait(until) => assert_eq!(until, soon),
        Next::Send(batch) => panic!("{batch:?}"),
    }
}

#[test]
fn a_removed_operation_is_not_sent_and_does_not_block_its_user() {
    let mut desk = Desk::new();
    let (first, second, third) = (desk.add("adele"), desk.add("adele"), desk.add("adele"));
    assert_eq!(desk.schedule.remove(second, desk.now), Some(second));
    assert_eq!(desk.schedule.remove(first, desk.now), Some(first));
    assert_eq!(desk.schedule.remove(first, desk.now), None);
    desk.schedule.flush();
    let batch = desk.sent();
    assert_eq!(numbers(&batch), [third]);
    assert_eq!(desk.schedule.remove(third, desk.now), None, "it is in flight");
    let fourth = desk.add("adele");
    desk.end(batch);
    desk.schedule.remove(fourth, desk.now);
    assert!(desk.schedule.is_empty() && desk.schedule.groups.is_empty());
}

#[test]
fn an_operation_that_waits_too_long_expires() {
    let mut desk = Desk::new();
    let (first, second) = (desk.add("adele"), desk.add("adele"));
    desk.schedule.flush();
    let batch = desk.sent();
    desk.pass(LONG);
    assert_eq!(
        desk.schedule.expired(desk.now),
        [(second, second, Wait { group: "group", is_behind: true })],
        "it waited for the first"
    );
    assert_eq!(numbers(&batch), [first]);
}

#[test]
fn an_operation_that_is_the_first_to_expire_wakes_the_driver_also_if_it_may_not_begin() {
    let mut desk = Desk::new();
    desk.add("adele");
    let behind = |desk: &mut Desk, operation, wait| {
        let (group, access) = ("group", Access::Write);
        let facts =
            Facts { group, user: Some("adele".into()), access, is_urgent: false, is_alone: false };
        desk.schedule.add(operation, facts, operation, desk.now + wait, desk.now)
    };
    assert!(!behind(&mut desk, 100, 2 * LONG));
    assert!(behind(&mut desk, 101, LONG / 2));
}

#[test]
fn while_the_service_is_down_one_operation_at_a_time_is_tried() {
    let mut desk = Desk::new();
    desk.add_many(100);
    for _ in 0..3 {
        let batch = desk.sent();
        desk.again(batch, Sign::Down, Duration::from_millis(250));
    }
    desk.pass(Duration::from_millis(499));
    assert_eq!(desk.wait(), Duration::from_millis(1));
    desk.pass(Duration::from_millis(1));
    let trial = desk.sent();
    assert_eq!(numbers(&trial), [61], "the one that was not sent before");
    assert!(matches!(desk.next(), Next::Wait(_)));
    desk.end(trial);
    assert_eq!(desk.sent().work.len(), 20);
}
