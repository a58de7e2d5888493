//! Runs the throttle against a service that counts as Graph does, in simulated time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Limits, Throttle, WINDOW};

/// A service that counts as Graph does. Rejected requests count too.
struct Service {
    limit: usize,
    seen: VecDeque<Instant>,
    most: usize,
    accepted: u32,
    rejected: u32,
    /// The largest proportion of rejected requests at any time.
    worst: f64,
}

impl Service {
    fn new(limit: usize) -> Self {
        Self { limit, seen: VecDeque::new(), most: 0, accepted: 0, rejected: 0, worst: 0.0 }
    }

    /// Receives requests. Returns how many it rejects.
    fn send(&mut self, count: u32, now: Instant) -> u32 {
        while self.seen.front().is_some_and(|seen| now - *seen >= WINDOW) {
            self.seen.pop_front();
        }
        let rejected = (0..count).filter(|_| {
            self.seen.push_back(now);
            self.seen.len() > self.limit
        });
        let rejected = rejected.count() as u32;
        self.most = self.most.max(self.seen.len());
        self.rejected += rejected;
        self.accepted += count - rejected;
        let part = f64::from(self.rejected) / f64::from(self.accepted + self.rejected);
        self.worst = self.worst.max(part);
        rejected
    }
}

/// The next event of a batch: it arrives at the service, or its response arrives.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Arrives(usize),
    Answered(usize, u32),
}

/// Sends as much as the throttle allows, in batches of 20, with up to 32 in flight. `travel` returns how long each one
/// travels, in ms.
fn run(
    throttle: &mut Throttle,
    service: &mut Service,
    seconds: u64,
    mut travel: impl FnMut() -> u64,
) {
    let origin = throttle.origin;
    let end = origin + Duration::from_secs(seconds);
    let (mut now, mut places, mut steps) = (origin, Vec::new(), BinaryHeap::new());
    let mut in_flight = 0;
    while now < end {
        let mut ask_again = None;
        while in_flight < 32 {
            match throttle.take(20, now) {
                Ok(taken) => {
                    let arrives = now + Duration::from_millis(travel());
                    steps.push(Reverse((arrives, Step::Arrives(places.len()))));
                    places.push(taken);
                    in_flight += 1;
                }
                Err(again) => {
                    assert!(again.is_none_or(|again| again > now), "a wait that ends in the past");
                    ask_again = again;
                    break;
                }
            }
        }
        let next = steps.peek().map(|Reverse((at, _))| *at);
        let Some(then) = next.into_iter().chain(ask_again).min() else { panic!("stuck") };
        now = then;
        while steps.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            match steps.pop().unwrap().0.1 {
                Step::Arrives(id) => {
                    let rejected = service.send(places[id].count, now);
                    let answered = now + Duration::from_millis(travel());
                    steps.push(Reverse((answered, Step::Answered(id, rejected))));
                }
                Step::Answered(id, rejected) => {
                    throttle.answered(&places[id], rejected, now);
                    in_flight -= 1;
                }
            }
        }
    }
}

/// From the start on, at most 2 % of the requests have been rejected at any time.
#[test]
fn an_unknown_limit_is_found_with_few_429s() {
    const MINUTES: u32 = 10;
    for limit in [1500, 1510, 1700, 2500, 4000, 6000, 10_000, 20_000] {
        for travel in [1, 20, 150] {
            let mut throttle = Throttle::new(Limits::DEFAULT, Instant::now());
            let mut service = Service::new(limit);
            run(&mut throttle, &mut service, u64::from(MINUTES) * 60, || travel);
            assert!(service.worst <= 0.02, "{limit}, {travel} ms: {}", service.worst);
            let in_a_window = service.accepted / (MINUTES * 2);
            let possible = limit.min(10_000) as u32;
            assert!(in_a_window * 10 >= possible * 9, "{limit}, {travel} ms: {in_a_window}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// This holds however long requests travel.
    #[test]
    fn the_service_never_sees_more_than_the_ceiling_within_30_s(
        ceiling in 1u32..3000,
        travel in prop::collection::vec(prop_oneof![0u64..5, 0u64..300, 0u64..40_000], 1..50),
    ) {
        let mut throttle = Throttle::new(Limits { start: ceiling, ceiling }, Instant::now());
        let mut service = Service::new(ceiling as usize);
        let mut travel = travel.into_iter().cycle();
        run(&mut throttle, &mut service, 200, || travel.next().unwrap());
        prop_assert!(service.most <= ceiling as usize, "{} of {ceiling}", service.most);
        prop_assert_eq!(service.rejected, 0);
    }
}
