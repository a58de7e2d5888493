//! What leaves when. Pure: the clock is passed in, the caller provides places, and what is sent is any work.
//!
//! A batch leaves when it is full, when it is flushed, or a moment after its first operation. Operations leave in the order
//! of their numbers, so that one that has to be repeated goes before those that were submitted later.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::hash::Hash;
use std::time::{Duration, Instant};

use super::health::{Health, May, Sign};
use super::order::{Access, Order};

/// The most operations in a batch. <https://learn.microsoft.com/graph/json-batching#batch-size-limitations>
pub(crate) const MOST_IN_BATCH: usize = 20;

/// How long a batch that is not full waits for more operations, from its first one.
pub(crate) const LINGER: Duration = Duration::from_millis(20);

/// The same while nothing is in flight, from its last one: a lone operation has no reason to wait.
pub(crate) const LINGER_ALONE: Duration = Duration::from_millis(1);

/// Operations that were submitted and are not in flight, and the order of all. `G`: what operations must have in common to
/// travel together. `W`: the work of an operation.
#[derive(Debug)]
pub(super) struct Schedule<G, W> {
    slots: HashMap<u64, Slot<G, W>>,
    groups: HashMap<G, Group>,
    order: Order,
    /// What is put off, by the time at which it is ready.
    put_off: BinaryHeap<Reverse<(Instant, u64)>>,
    /// What is not in flight, by the time at which it gives up.
    give_up: BTreeSet<(Instant, u64)>,
    in_flight: usize,
    most_in_flight: usize,
    newest: u64,
    /// Operations up to this number do not wait for a fuller batch.
    flushed: u64,
}

/// What the schedule has to know of an operation.
#[derive(Clone, Debug)]
pub(super) struct Facts<G> {
    pub(super) group: G,
    /// Whose order it keeps.
    pub(super) user: Option<Box<str>>,
    pub(super) access: Access,
    /// It goes before everything that is not.
    pub(super) is_urgent: bool,
}

/// Where an operation stands among those that are ready: what is urgent first, then by number.
type Rank = (bool, u64);

/// A batch that leaves now.
#[derive(Debug)]
pub(super) struct Departure<G, W, P> {
    pub(super) group: G,
    pub(super) places: P,
    pub(super) work: Vec<(u64, W)>,
    /// Whether some of it is sent for the first time.
    pub(super) is_fresh: bool,
}

/// What becomes of an operation that was in flight.
#[derive(Debug)]
pub(super) enum Fate<W> {
    Ended,
    /// It is sent again, not before `at`. At `give_up` it gives up.
    Again {
        work: W,
        at: Instant,
        give_up: Instant,
    },
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Next<G, W, P> {
    Send(Departure<G, W, P>),
    /// Ask again then, or when something has changed.
    Wait(Option<Instant>),
}

#[derive(Debug)]
struct Slot<G, W> {
    facts: Facts<G>,
    /// `None` while it is in flight.
    work: Option<W>,
    stage: Stage,
    give_up: Instant,
    /// How often it was sent.
    sent: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// Behind another operation of its user.
    Behind,
    Ready,
    PutOff,
    InFlight,
}

#[derive(Debug)]
struct Group {
    ready: BTreeSet<Rank>,
    /// When the batch that is being filled got its first and its last operation.
    first: Instant,
    last: Instant,
    /// How many there are, in any stage.
    operations: usize,
    in_flight: usize,
    health: Health,
}

impl<G: Clone + Eq + Hash, W> Schedule<G, W> {
    pub(super) fn new(most_in_flight: usize) -> Self {
        Self {
            slots: HashMap::new(),
            groups: HashMap::new(),
            order: Order::default(),
            put_off: BinaryHeap::new(),
            give_up: BTreeSet::new(),
            in_flight: 0,
            most_in_flight,
            newest: 0,
            flushed: 0,
        }
    }

    /// Takes an operation. Numbers rise. Whether that may change what leaves, or when.
    pub(super) fn add(
        &mut self,
        operation: u64,
        facts: Facts<G>,
        work: W,
        give_up: Instant,
        now: Instant,
    ) -> bool {
        let user = facts.user.as_deref();
        let may_begin = user.is_none_or(|user| self.order.enter(user, operation, facts.access));
        let stage = Stage::Behind;
        let slot = Slot { facts, work: Some(work), stage, give_up, sent: 0 };
        self.newest = operation;
        let group = slot.facts.group.clone();
        let known = self.groups.entry(group.clone()).or_insert_with(|| Group::new(now));
        known.operations += 1;
        self.slots.insert(operation, slot);
        self.give_up.insert((give_up, operation));
        if may_begin {
            self.make_ready(operation, now);
        }
        let group = &self.groups[&group];
        may_begin && (group.ready.len() == 1 || group.ready.len().is_multiple_of(MOST_IN_BATCH))
    }

    /// A batch has been answered, and this becomes of its operations.
    pub(super) fn batch_ended(
        &mut self,
        group: &G,
        sign: Sign,
        fates: impl IntoIterator<Item = (u64, Fate<W>)>,
        now: Instant,
    ) {
        self.in_flight -= 1;
        if let Some(group) = self.groups.get_mut(group) {
            group.in_flight -= 1;
            group.health.saw(sign, now);
        }
        for (operation, fate) in fates {
            match fate {
                Fate::Ended => self.end(operation, now),
                Fate::Again { work, at, give_up } => self.put_off(operation, work, at, give_up),
            }
        }
    }

    fn end(&mut self, operation: u64, now: Instant) {
        if let Some(slot) = self.slots.remove(&operation) {
            self.leave(&slot.facts, now);
            self.one_fewer(&slot.facts.group);
        }
    }

    fn put_off(&mut self, operation: u64, work: W, at: Instant, give_up: Instant) {
        let Some(slot) = self.slots.get_mut(&operation) else { return };
        slot.work = Some(work);
        slot.stage = Stage::PutOff;
        slot.give_up = give_up;
        self.give_up.insert((give_up, operation));
        self.put_off.push(Reverse((at, operation)));
    }

    /// Takes an operation out. `None` if it is in flight, where it stays, or unknown.
    pub(super) fn remove(&mut self, operation: u64, now: Instant) -> Option<W> {
        let is_here = |slot: &&Slot<G, W>| slot.stage != Stage::InFlight;
        self.slots.get(&operation).filter(is_here)?;
        let slot = self.slots.remove(&operation)?;
        self.give_up.remove(&(slot.give_up, operation));
        if let Some(group) = self.groups.get_mut(&slot.facts.group) {
            group.ready.remove(&(!slot.facts.is_urgent, operation));
        }
        match (slot.stage, slot.facts.user.as_deref()) {
            (Stage::Behind, Some(user)) => {
                let begin = self.order.withdraw(user, operation);
                begin.into_iter().for_each(|operation| self.make_ready(operation, now));
            }
            _ => self.leave(&slot.facts, now),
        }
        self.one_fewer(&slot.facts.group);
        slot.work
    }

    /// Takes out what is not in flight of a group.
    pub(super) fn remove_group(&mut self, group: &G, now: Instant) -> Vec<(u64, W)> {
        let is_in = |(_, slot): &(&u64, &Slot<G, W>)| slot.facts.group == *group;
        let mut all: Vec<u64> = self.slots.iter().filter(is_in).map(|(it, _)| *it).collect();
        all.sort_unstable();
        all.into_iter().filter_map(|it| self.remove(it, now).map(|work| (it, work))).collect()
    }

    pub(super) fn has_group(&self, group: &G) -> bool {
        self.groups.contains_key(group)
    }

    /// Takes out what has waited too long.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<(u64, W)> {
        let late = self.give_up.iter().take_while(|(at, _)| *at <= now);
        let late: Vec<u64> = late.map(|(_, operation)| *operation).collect();
        late.into_iter().filter_map(|it| self.remove(it, now).map(|work| (it, work))).collect()
    }

    /// Lets everything that was submitted leave without waiting for fuller batches.
    pub(super) fn flush(&mut self) {
        self.flushed = self.newest;
    }

    /// How many operations are not in flight.
    pub(super) fn waiting(&self) -> usize {
        self.give_up.len()
    }

    /// How many requests are in flight.
    #[cfg(test)]
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The next batch, if one may leave. `places`: takes up to so many places for a group, or says when to ask again; how
    /// many it took it says with the places.
    pub(super) fn next<P>(
        &mut self,
        now: Instant,
        mut places: impl FnMut(&G, usize) -> Result<(P, usize), Option<Instant>>,
    ) -> Next<G, W, P> {
        self.release_put_off(now);
        let mut wake = self.wake();
        let mut sooner = |at: Option<Instant>| wake = wake.into_iter().chain(at).min();
        if self.in_flight >= self.most_in_flight {
            return Next::Wait(wake);
        }
        let mut found = None;
        for key in self.oldest_first() {
            let group = &self.groups[&key];
            let leaves = group.leaves(self.flushed, now);
            if leaves > now {
                sooner(Some(leaves));
                continue;
            }
            let most = match group.health.may(group.in_flight, now) {
                May::SendAll => MOST_IN_BATCH,
                May::SendOne => 1,
                May::Wait(until) => {
                    sooner(until);
                    continue;
                }
            };
            match places(&key, group.ready.len().min(most)) {
                Ok((places, count)) => {
                    found = Some((key, places, count, most == 1));
                    break;
                }
                Err(again) => sooner(again),
            }
        }
        match found {
            None => Next::Wait(wake),
            Some((key, places, count, is_trial)) => {
                Next::Send(self.depart(key, places, count, is_trial, now))
            }
        }
    }

    fn depart<P>(
        &mut self,
        key: G,
        places: P,
        count: usize,
        is_trial: bool,
        now: Instant,
    ) -> Departure<G, W, P> {
        let group = self.groups.get_mut(&key).expect("it has something ready");
        let chosen: Vec<Rank> = match is_trial {
            // What was sent least has most attempts left.
            true => {
                let least = |rank: &&Rank| self.slots[&rank.1].sent;
                group.ready.iter().min_by_key(least).copied().into_iter().collect()
            }
            false => group.ready.iter().copied().take(count).collect(),
        };
        chosen.iter().for_each(|rank| {
            group.ready.remove(rank);
        });
        group.first = now;
        group.in_flight += 1;
        self.in_flight += 1;
        let mut is_fresh = false;
        let mut work = Vec::with_capacity(chosen.len());
        for (_, operation) in chosen {
            let slot = self.slots.get_mut(&operation).expect("what is ready is here");
            self.give_up.remove(&(slot.give_up, operation));
            slot.stage = Stage::InFlight;
            is_fresh |= slot.sent == 0;
            slot.sent += 1;
            work.extend(slot.work.take().map(|work| (operation, work)));
        }
        Departure { group: key, places, work, is_fresh }
    }

    /// The groups with something ready, those first whose operations are oldest.
    fn oldest_first(&self) -> Vec<G> {
        let first = |(key, group): (&G, &Group)| Some((*group.ready.first()?, key.clone()));
        let mut groups: Vec<(Rank, G)> = self.groups.iter().filter_map(first).collect();
        groups.sort_unstable_by_key(|(first, _)| *first);
        groups.into_iter().map(|(_, key)| key).collect()
    }

    /// When something changes by itself.
    fn wake(&self) -> Option<Instant> {
        let put_off = self.put_off.peek().map(|Reverse((at, _))| *at);
        let give_up = self.give_up.first().map(|(at, _)| *at);
        put_off.into_iter().chain(give_up).min()
    }

    fn release_put_off(&mut self, now: Instant) {
        while let Some(Reverse((_, operation))) =
            self.put_off.peek().copied().filter(|Reverse((at, _))| *at <= now)
        {
            self.put_off.pop();
            let is_put_off = |slot: &Slot<G, W>| slot.stage == Stage::PutOff;
            if self.slots.get(&operation).is_some_and(is_put_off) {
                self.make_ready(operation, now);
            }
        }
    }

    fn make_ready(&mut self, operation: u64, now: Instant) {
        let Some(slot) = self.slots.get_mut(&operation) else { return };
        slot.stage = Stage::Ready;
        let group = self.groups.get_mut(&slot.facts.group).expect("it counts its operations");
        if group.ready.is_empty() {
            group.first = now;
        }
        group.last = now;
        group.ready.insert((!slot.facts.is_urgent, operation));
    }

    fn leave(&mut self, facts: &Facts<G>, now: Instant) {
        if let Some(user) = facts.user.as_deref() {
            let begin = self.order.leave(user);
            begin.into_iter().for_each(|operation| self.make_ready(operation, now));
        }
    }

    /// One operation fewer; a group without any costs nothing.
    fn one_fewer(&mut self, key: &G) {
        if let Some(group) = self.groups.get_mut(key) {
            group.operations -= 1;
            if group.operations == 0 {
                self.groups.remove(key);
            }
        }
    }
}

impl Group {
    fn new(now: Instant) -> Self {
        Self {
            ready: BTreeSet::new(),
            first: now,
            last: now,
            operations: 0,
            in_flight: 0,
            health: Health::default(),
        }
    }

    /// When its next batch leaves, if there are places for it.
    fn leaves(&self, flushed: u64, now: Instant) -> Instant {
        let is_flushed = self.ready.first().is_some_and(|(_, operation)| *operation <= flushed);
        if self.ready.len() >= MOST_IN_BATCH || is_flushed {
            return now;
        }
        let leaves = self.first + LINGER;
        if self.in_flight == 0 { leaves.min(self.last + LINGER_ALONE) } else { leaves }
    }
}

#[cfg(test)]
mod tests {
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
            self.add_as(Facts { group, user, access, is_urgent: false })
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

        /// The batch that leaves now.
        fn sent(&mut self) -> Sent {
            match self.next() {
                Next::Send(departure) => departure,
                Next::Wait(until) => panic!("nothing leaves before {until:?}"),
            }
        }

        /// How long nothing leaves.
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
            let fates = departure
                .work
                .into_iter()
                .map(|(operation, work)| (operation, Fate::Again { work, at, give_up }));
            self.schedule.batch_ended(&departure.group, sign, fates, self.now);
        }
    }

    fn numbers(departure: &Sent) -> Vec<u64> {
        departure.work.iter().map(|(operation, _)| *operation).collect()
    }

    #[test]
    fn a_full_batch_leaves_at_once_and_the_rest_20_ms_after_its_first() {
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
    fn what_trickles_in_leaves_20_ms_after_its_first_all_the_same() {
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
    fn what_is_sent_again_goes_before_what_was_submitted_later() {
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
    fn what_is_urgent_goes_before_everything_else() {
        let mut desk = Desk::new();
        desk.add_many(30);
        let user = Some("adele".into());
        let urgent = Facts { group: "group", user, access: Access::Write, is_urgent: true };
        let urgent = desk.add_as(urgent);
        assert_eq!(numbers(&desk.sent())[..2], [urgent, 1]);
    }

    #[test]
    fn groups_travel_apart_and_those_first_that_are_older() {
        let mut desk = Desk::new();
        for (group, user) in [("one", "a"), ("two", "b"), ("one", "c")] {
            desk.add_to(group, user, Access::Read);
        }
        desk.schedule.flush();
        assert_eq!(numbers(&desk.sent()), [1, 3]);
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
    fn as_many_leave_as_there_are_places() {
        let mut desk = Desk::new();
        desk.add_many(30);
        let now = desk.now;
        let Next::Send(batch) = desk.schedule.next(now, |_, wanted| Ok(((), wanted.min(7)))) else {
            panic!("it leaves");
        };
        assert_eq!(batch.work.len(), 7);
        let soon = Some(now + Duration::from_millis(3));
        match desk.schedule.next(now, |_, _| Err::<((), usize), _>(soon)) {
            Next::Wait(until) => assert_eq!(until, soon),
            Next::Send(batch) => panic!("{batch:?}"),
        }
    }

    #[test]
    fn what_is_taken_out_is_not_sent_and_its_user_goes_on() {
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
    fn what_waits_too_long_is_taken_out() {
        let mut desk = Desk::new();
        let (first, second) = (desk.add("adele"), desk.add("adele"));
        desk.schedule.flush();
        let batch = desk.sent();
        desk.pass(LONG);
        assert_eq!(desk.schedule.expired(desk.now), [(second, second)]);
        assert_eq!(numbers(&batch), [first]);
    }

    #[test]
    fn while_the_service_is_down_one_operation_at_a_time_finds_out_when_it_is_back() {
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
        assert_eq!(numbers(&trial), [61], "it was not sent before");
        assert!(matches!(desk.next(), Next::Wait(_)));
        desk.end(trial);
        assert_eq!(desk.sent().work.len(), 20);
    }
}
