//! How many requests an application may send to a tenant: Graph counts them over a sliding window of 30 s.
//! <https://learn.microsoft.com/graph/throttling-limits>
//!
//! A request takes a place when it is sent, and the place is free again 30 s after its answer has arrived. The service sees
//! the request at some moment between, so that it never counts more within any 30 s than there are places. What the
//! service takes is found by trying: beyond the limit a few requests at a time are sent, and the limit follows them as long
//! as they are accepted. At the first 429 it falls. Pure: the clock is passed in.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The length of Graph's window.
pub(crate) const WINDOW: Duration = Duration::from_secs(30);

/// Places that become free within this time share an entry, so that memory stays bounded. They become free at its end.
const TICK: Duration = Duration::from_millis(10);

/// The part of the limit that may be in flight beyond it: what a service with a lower limit rejects stays below 2 %.
const PROBE: u32 = 75;

/// How long the limit stays as it is after it fell.
const QUIET: Duration = Duration::from_secs(60);

/// How long a caller that wants several places waits to get them together, rather than one by one.
const TOGETHER: Duration = Duration::from_millis(100);

/// The limit falls no lower, so that a 429 with another reason does not stop everything.
const LOWEST: u32 = 100;

/// Where the limit starts, and how far it may rise.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Limits {
    pub(crate) start: u32,
    /// [`Limits::NONE`] for no limit.
    pub(crate) ceiling: u32,
}

impl Limits {
    /// Microsoft's pages name both numbers: the older ones 1,500, the newer ones 10,000.
    pub(crate) const DEFAULT: Self = Self { start: 1500, ceiling: 10_000 };

    /// The ceiling of who does not want to wait.
    pub(crate) const NONE: u32 = u32::MAX;

    /// The limits that were given; `None` if there were none. A caller that gives a ceiling alone knows the limit.
    pub(crate) fn told(start: Option<u32>, ceiling: Option<u32>) -> Option<Self> {
        let start = start.or(ceiling)?;
        Some(Self { start, ceiling: ceiling.unwrap_or(Self::DEFAULT.ceiling) })
    }
}

/// The window of one application in one tenant.
#[derive(Debug)]
pub(crate) struct Throttle {
    limits: Limits,
    /// How many places are taken at full speed.
    limit: u32,
    /// Sent and not answered.
    in_flight: u32,
    /// Answered, by the time at which the places are free.
    answered: VecDeque<(Instant, u32)>,
    /// The sum of `answered`.
    held: u32,
    /// By the time of sending: how many of the last 30 s were answered, so that the service surely counts them still.
    seen: VecDeque<(Instant, u32)>,
    /// The sum of `seen`.
    known: u32,
    /// How often the limit fell. What was sent before a fall says nothing about the limit after it.
    falls: u64,
    quiet_until: Option<Instant>,
    /// To round times to.
    origin: Instant,
}

/// Places that were taken together.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) count: u32,
    sent: Instant,
    falls: u64,
}

impl Throttle {
    pub(crate) fn new(limits: Limits, now: Instant) -> Self {
        Self {
            limits,
            limit: limits.start.min(limits.ceiling),
            in_flight: 0,
            answered: VecDeque::new(),
            held: 0,
            seen: VecDeque::new(),
            known: 0,
            falls: 0,
            quiet_until: None,
            origin: now,
        }
    }

    /// Replaces start and ceiling. What was learned stays, as far as they allow it.
    pub(crate) fn set(&mut self, limits: Limits) {
        self.limits = limits;
        let learned = if self.falls == 0 { self.limit.max(limits.start) } else { self.limit };
        self.limit = learned.min(limits.ceiling);
    }

    /// Takes up to `wanted` places. `Err` says when to ask again; `None`: when an answer has arrived.
    ///
    /// Fewer are given only if the others do not become free soon: requests that travel together need places together.
    pub(crate) fn take(&mut self, wanted: u32, now: Instant) -> Result<Places, Option<Instant>> {
        self.release(now);
        let free = match self.limits.ceiling {
            Limits::NONE => wanted,
            _ => self.limit.saturating_sub(self.used()).max(self.beyond(now)).min(wanted),
        };
        if free == wanted {
            return Ok(self.put(wanted, now));
        }
        let together = self.all_free(wanted).filter(|at| *at > now && *at - now <= TOGETHER);
        match free {
            0 => Err(self.next_free(now)),
            _ if together.is_some() => Err(together),
            free => Ok(self.put(free, now)),
        }
    }

    /// Counts requests that do not wait for a place.
    pub(crate) fn count(&mut self, count: u32, now: Instant) -> Places {
        self.release(now);
        self.put(count, now)
    }

    /// The requests of these places were answered, or will not be, and so many of them with 429.
    pub(crate) fn answered(&mut self, places: &Places, rejected: u32, now: Instant) {
        self.release(now);
        self.in_flight -= places.count;
        self.hold(places.count, now);
        self.see(places);
        if places.falls != self.falls {
            return;
        }
        if rejected > 0 {
            self.fall(rejected, now);
        } else if self.known > self.limit {
            self.limit = self.known.min(self.limits.ceiling);
        }
    }

    /// Requests that were sent, or answered less than 30 s ago.
    pub(crate) fn used(&self) -> u32 {
        self.in_flight.saturating_add(self.held)
    }

    /// The same at another time.
    pub(crate) fn used_at(&mut self, now: Instant) -> u32 {
        self.release(now);
        self.used()
    }

    /// How many requests may be sent within 30 s, as far as is known.
    pub(crate) fn limit(&self) -> u32 {
        if self.limits.ceiling == Limits::NONE { Limits::NONE } else { self.limit }
    }

    /// Whether any place is taken, or the limit has been learned.
    pub(crate) fn is_in_use(&mut self, now: Instant) -> bool {
        self.release(now);
        self.used() > 0 || self.falls > 0
    }

    fn put(&mut self, count: u32, now: Instant) -> Places {
        self.in_flight += count;
        if self.seen.back().is_none_or(|(at, _)| now >= *at + TICK) {
            self.seen.push_back((now, 0));
        }
        Places { count, sent: now, falls: self.falls }
    }

    /// How many may be sent beyond the limit, to see whether the service takes them.
    fn beyond(&self, now: Instant) -> u32 {
        if self.quiet_until.is_some_and(|end| now < end) {
            return 0;
        }
        let probe = (self.limit / PROBE).max(1);
        let to_ceiling = self.limits.ceiling.saturating_sub(self.used());
        probe.saturating_sub(self.in_flight).min(to_ceiling)
    }

    /// When the next place may be free, other than by an answer.
    fn next_free(&self, now: Instant) -> Option<Instant> {
        let place = self.answered.front().map(|(at, _)| *at);
        place.into_iter().chain(self.quiet_until.filter(|end| *end > now)).min()
    }

    /// When so many places within the limit will be free; `None` where that depends on answers.
    fn all_free(&self, wanted: u32) -> Option<Instant> {
        let mut used = self.used();
        let enough = self.limit.checked_sub(wanted)?;
        self.answered.iter().find_map(|(at, count)| {
            used -= count;
            (used <= enough).then_some(*at)
        })
    }

    /// The service has less room than the limit. How much it has is known, unless others use the same window: then half of
    /// the limit is the next guess.
    fn fall(&mut self, rejected: u32, now: Instant) {
        let accepted = (self.known + self.in_flight).saturating_sub(rejected);
        let limit = self.limit.min(accepted.max(self.limit / 2));
        let lowest = LOWEST.min(self.limits.ceiling);
        self.limit = (limit - limit / 50).max(lowest).min(self.limit);
        self.falls += 1;
        self.quiet_until = Some(now + QUIET);
    }

    fn see(&mut self, places: &Places) {
        let entry = self.seen.partition_point(|(at, _)| *at <= places.sent);
        // What was sent so long ago that its entry is gone, the service counts no longer.
        if let Some((_, count)) = entry.checked_sub(1).and_then(|entry| self.seen.get_mut(entry)) {
            *count += places.count;
            self.known += places.count;
        }
    }

    fn hold(&mut self, count: u32, now: Instant) {
        let ticks = (now - self.origin).as_millis() / TICK.as_millis() + 1;
        let free = self.origin + WINDOW + TICK * u32::try_from(ticks).unwrap_or(u32::MAX);
        match self.answered.back_mut() {
            Some((at, held)) if *at >= free => *held += count,
            _ => self.answered.push_back((free, count)),
        }
        self.held += count;
    }

    fn release(&mut self, now: Instant) {
        while let Some((_, count)) = self.answered.front().filter(|(at, _)| *at <= now) {
            self.held -= count;
            self.answered.pop_front();
        }
        while let Some((_, count)) = self.seen.front().filter(|(at, _)| now >= *at + WINDOW) {
            self.known -= count;
            self.seen.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;

    fn limits(start: u32, ceiling: u32) -> Limits {
        Limits { start, ceiling }
    }

    fn at(origin: Instant, seconds: f64) -> Instant {
        origin + Duration::from_secs_f64(seconds)
    }

    /// A service that counts as Graph does: what it rejects counts too.
    struct Service {
        limit: usize,
        seen: VecDeque<Instant>,
        most: usize,
        accepted: u32,
        rejected: u32,
        /// The largest part that was rejected of all that had come by then.
        worst: f64,
    }

    impl Service {
        fn new(limit: usize) -> Self {
            Self { limit, seen: VecDeque::new(), most: 0, accepted: 0, rejected: 0, worst: 0.0 }
        }

        /// How many of these requests it rejects.
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

    /// What is under way: when the service sees it, when the answer is there.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    enum Step {
        Arrives(usize),
        Answered(usize, u32),
    }

    /// Sends as much as the throttle allows, in batches of 20, 32 of them at a time. How long each one travels is drawn
    /// from `travel`, in ms.
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
                        assert!(
                            again.is_none_or(|again| again > now),
                            "a wait that ends in the past"
                        );
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

    #[test]
    fn a_place_is_taken_from_sending_until_30_s_after_the_answer() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(2, 2), origin);
        let first = throttle.take(1, origin).unwrap();
        let second = throttle.take(1, at(origin, 1.0)).unwrap();
        assert_eq!(throttle.take(1, at(origin, 20.0)).unwrap_err(), None);
        throttle.answered(&first, 0, at(origin, 25.0));
        let free = throttle.take(1, at(origin, 26.0)).unwrap_err().unwrap();
        assert!((at(origin, 55.0)..=at(origin, 55.01)).contains(&free));
        assert!(throttle.take(1, free - Duration::from_millis(1)).is_err());
        assert_eq!(throttle.take(1, free).unwrap().count, 1);
        throttle.answered(&second, 0, at(origin, 60.0));
        assert_eq!(throttle.used(), 2);
    }

    #[test]
    fn places_that_are_free_soon_are_taken_together() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(20, 20), origin);
        let all = throttle.take(20, origin).unwrap();
        throttle.answered(&all, 0, origin);
        let now = at(origin, 31.0);
        let taken = throttle.take(15, now).unwrap();
        assert_eq!(throttle.take(10, now).unwrap().count, 5, "the rest is free in 30 s");
        throttle.answered(&taken, 0, now);
        let soon = at(origin, 60.95);
        let wait = throttle.take(10, soon).unwrap_err().unwrap();
        assert!(wait > soon && throttle.take(10, wait).unwrap().count == 10);
    }

    #[test]
    fn requests_that_do_not_wait_are_counted() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(10, 10), origin);
        let plain = throttle.count(12, origin);
        assert!(throttle.take(1, origin).is_err());
        throttle.answered(&plain, 0, origin);
        assert_eq!(throttle.take(1, at(origin, 31.0)).unwrap().count, 1);
        assert_eq!(throttle.limit(), 10, "a ceiling that was told stays");
    }

    #[test]
    fn the_limit_follows_what_is_accepted_beyond_it_a_few_at_a_time() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(1500, 10_000), origin);
        let all = throttle.take(1500, origin).unwrap();
        assert!(throttle.take(20, origin).is_err(), "too much is in flight");
        throttle.answered(&all, 0, origin);
        let probe = throttle.take(40, origin).unwrap();
        assert_eq!(probe.count, 20);
        assert!(throttle.take(1, origin).is_err());
        throttle.answered(&probe, 0, origin);
        assert_eq!(throttle.limit(), 1520);
    }

    #[test]
    fn a_429_takes_the_limit_to_what_was_accepted_and_keeps_it_there_for_a_minute() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(2000, 10_000), origin);
        let (first, second) =
            (throttle.take(1500, origin).unwrap(), throttle.take(500, origin).unwrap());
        throttle.answered(&second, 250, origin);
        assert_eq!(throttle.limit(), 1715, "1750 were accepted");
        throttle.answered(&first, 1000, origin);
        assert_eq!(throttle.limit(), 1715, "what was sent before the fall counts once");
        let again = throttle.take(1, at(origin, 1.0)).unwrap_err().unwrap();
        assert!(again <= at(origin, 30.1), "places are free before the minute is over");
        assert_eq!(throttle.take(2000, at(origin, 40.0)).unwrap().count, 1715);
    }

    #[test]
    fn a_429_in_an_empty_window_means_that_others_send_too_and_halves_the_limit() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(1500, 10_000), origin);
        let mut limit = Vec::new();
        for minute in 0..6 {
            let now = at(origin, 60.0 * f64::from(minute));
            let places = throttle.take(1, now).unwrap();
            throttle.answered(&places, 1, now);
            limit.push(throttle.limit());
        }
        assert_eq!(limit, [735, 360, 177, LOWEST, LOWEST, LOWEST]);
    }

    #[test]
    fn who_wants_no_limit_never_waits_and_is_counted() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(1500, Limits::NONE), origin);
        for _ in 0..100 {
            let places = throttle.take(1000, origin).unwrap();
            throttle.answered(&places, 20, origin);
        }
        assert_eq!((throttle.used(), throttle.limit()), (100_000, Limits::NONE));
    }

    #[test]
    fn other_limits_keep_what_was_learned() {
        let origin = Instant::now();
        let mut throttle = Throttle::new(limits(1500, 10_000), origin);
        throttle.set(limits(5000, 10_000));
        assert_eq!(throttle.limit(), 5000);
        let places = throttle.take(3000, origin).unwrap();
        throttle.answered(&places, 1000, origin);
        throttle.set(limits(5000, 10_000));
        assert_eq!(throttle.limit(), 2450);
        throttle.set(limits(5000, 2000));
        assert_eq!(throttle.limit(), 2000);
    }

    /// From a cold start, at any time at most 2 % of what was sent has been rejected.
    #[test]
    fn a_limit_that_nobody_told_is_found_without_many_429s() {
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

        /// However long requests travel.
        #[test]
        fn the_service_never_sees_more_than_the_ceiling_within_30_s(
            ceiling in 1u32..3000,
            travel in prop::collection::vec(prop_oneof![0u64..5, 0u64..300, 0u64..40_000], 1..50),
        ) {
            let mut throttle = Throttle::new(limits(ceiling, ceiling), Instant::now());
            let mut service = Service::new(ceiling as usize);
            let mut travel = travel.into_iter().cycle();
            run(&mut throttle, &mut service, 200, || travel.next().unwrap());
            prop_assert!(service.most <= ceiling as usize, "{} of {ceiling}", service.most);
            prop_assert_eq!(service.rejected, 0);
        }
    }
}
