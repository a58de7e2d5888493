//! Runs the schedule against a simulated service that throttles, loses and rejects operations, in simulated time, and
//! asserts the rules that must hold whatever the service does.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use fastrand::Rng;
use proptest::prelude::*;

use super::health::Sign;
use super::order::Access;
use super::schedule::{Again, Departure, Facts, Fate, MOST_IN_BATCH, Next, Schedule};
use crate::transport::{Limits, Places, Throttle, WINDOW};

const IN_FLIGHT: usize = 8;
const LONG: Duration = Duration::from_secs(100_000);

/// One operation and its history.
#[derive(Clone, Debug)]
struct Operation {
    user: u32,
    access: Access,
    sent: Vec<Instant>,
    /// The operation must not be sent before this time.
    not_before: Instant,
    ended: Option<Instant>,
}

type Batch = Departure<(), u64, Places>;

struct World {
    rng: Rng,
    now: Instant,
    schedule: Schedule<(), u64>,
    throttle: Throttle,
    ceiling: u32,
    operations: BTreeMap<u64, Operation>,
    /// The responses to come, by time of arrival.
    answers: BinaryHeap<Reverse<(Instant, u64)>>,
    batches: BTreeMap<u64, Batch>,
    /// When the service received requests, within the last 30 s.
    seen: VecDeque<Instant>,
}

impl World {
    fn new(seed: u64, ceiling: u32) -> Self {
        let now = Instant::now();
        Self {
            rng: Rng::with_seed(seed),
            now,
            schedule: Schedule::new(IN_FLIGHT),
            throttle: Throttle::new(Limits { start: ceiling, ceiling }, now),
            ceiling,
            operations: BTreeMap::new(),
            answers: BinaryHeap::new(),
            batches: BTreeMap::new(),
            seen: VecDeque::new(),
        }
    }

    fn ms(&mut self, range: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(self.rng.u64(range))
    }

    fn submit(&mut self, number: u64) {
        let user = self.rng.u32(..40);
        let access = if self.rng.u32(..5) == 0 { Access::Read } else { Access::Write };
        let facts = Facts {
            group: (),
            user: Some(user.to_string().into()),
            access,
            is_urgent: self.rng.u32(..50) == 0,
            is_alone: self.rng.u32(..50) == 0,
        };
        let (sent, not_before) = (Vec::new(), self.now);
        let operation = Operation { user, access, sent, not_before, ended: None };
        self.operations.insert(number, operation);
        self.schedule.add(number, facts, number, self.now + LONG, self.now);
    }

    /// Sends everything that may be sent now. Returns when to try again.
    fn send(&mut self) -> Option<Instant> {
        loop {
            let (now, throttle) = (self.now, &mut self.throttle);
            let next = self.schedule.next(now, |(), count| {
                let places = throttle.take(count as u32, now)?;
                let count = places.count as usize;
                Ok((places, count))
            });
            match next {
                Next::Wait(until) => return until,
                Next::Send(batch) => self.depart(batch),
            }
        }
    }

    fn depart(&mut self, batch: Batch) {
        assert!((1..=MOST_IN_BATCH).contains(&batch.work.len()));
        assert_eq!(batch.work.len(), batch.places.count as usize);
        for (number, _) in &batch.work {
            self.check_order(*number);
            let operation = self.operations.get_mut(number).unwrap();
            assert!(self.now >= operation.not_before, "{number} came back too soon");
            assert!(operation.ended.is_none(), "{number} is sent after its end");
            operation.sent.push(self.now);
        }
        self.arrive(batch.work.len());
        let answered = self.now + self.ms(1..400);
        let number = self.batches.len() as u64 + self.operations.len() as u64 * 1000;
        let number = (number..).find(|number| !self.batches.contains_key(number)).unwrap();
        self.answers.push(Reverse((answered, number)));
        self.batches.insert(number, batch);
        assert!(self.batches.len() <= IN_FLIGHT);
    }

    /// Asserts that everything submitted earlier for the same user has ended, except that reads may overlap.
    fn check_order(&self, number: u64) {
        let this = &self.operations[&number];
        let before = self.operations.range(..number).filter(|(_, it)| it.user == this.user);
        for (earlier, it) in before {
            let may_overlap = it.access == Access::Read && this.access == Access::Read;
            assert!(may_overlap || it.ended.is_some(), "{number} overtakes {earlier}");
        }
    }

    fn arrive(&mut self, count: usize) {
        while self.seen.front().is_some_and(|seen| self.now - *seen >= WINDOW) {
            self.seen.pop_front();
        }
        self.seen.extend(std::iter::repeat_n(self.now, count));
        assert!(self.seen.len() <= self.ceiling as usize, "{} in 30 s", self.seen.len());
    }

    /// Answers a batch: at random, the whole batch is lost, or each operation is answered by itself.
    fn answer(&mut self, number: u64) {
        let batch = self.batches.remove(&number).unwrap();
        let is_lost = self.rng.u32(..20) == 0;
        let asked = self.ms(100..5000);
        let mut fates = Vec::new();
        for (number, work) in batch.work {
            let is_deferred = is_lost || self.rng.u32(..10) == 0;
            let operation = self.operations.get_mut(&number).unwrap();
            fates.push((
                number,
                match is_deferred {
                    true => {
                        operation.not_before = self.now + asked;
                        Fate::Again(Again {
                            work,
                            at: operation.not_before,
                            give_up: self.now + LONG,
                            is_alone: self.rng.bool(),
                        })
                    }
                    false => {
                        operation.ended = Some(self.now);
                        Fate::Ended
                    }
                },
            ));
        }
        self.throttle.answered(&batch.places, 0, self.now);
        let sign = if is_lost { Sign::Down } else { Sign::Up };
        self.schedule.batch_ended(&(), sign, fates, self.now);
    }

    /// Runs until every operation has ended.
    fn run(&mut self, count: u64) {
        let mut submitted = 0;
        while submitted < count || !self.schedule.is_empty() {
            while submitted < count && self.rng.u32(..40) != 0 {
                submitted += 1;
                self.submit(submitted);
            }
            let again = self.send();
            let answer = self.answers.peek().map(|Reverse((at, _))| *at);
            let more = (submitted < count).then(|| self.now + Duration::from_millis(3));
            let next = again.into_iter().chain(answer).chain(more).min();
            self.now = next.expect("something is left, and nothing would happen").max(self.now);
            while self.answers.peek().is_some_and(|Reverse((at, _))| *at <= self.now) {
                let Reverse((_, number)) = self.answers.pop().unwrap();
                self.answer(number);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The rules are asserted above, where they could be broken.
    #[test]
    fn whatever_the_service_does_each_operation_ends_once_in_its_users_order_and_within_the_limit(
        seed in any::<u64>(),
        count in 1u64..600,
        ceiling in 25u32..400,
    ) {
        let mut world = World::new(seed, ceiling);
        world.run(count);
        prop_assert_eq!(world.operations.len() as u64, count);
        prop_assert!(world.operations.values().all(|it| it.ended.is_some()));
        prop_assert!(world.batches.is_empty() && world.schedule.in_flight() == 0);
        prop_assert_eq!(world.schedule.waiting(), 0);
    }
}
