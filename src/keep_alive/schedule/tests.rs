//! The rules of the schedule, one test each.

use std::time::Duration;

use super::{Outcome, Schedule, Step};
use crate::keep_alive::event::KeepAliveState::{
    self, Failing, Held, Lost, Recovered, Refused, Renewed, Stopped,
};
use crate::keep_alive::hold::{Condition, HoldId, Work};
use crate::keep_alive::moment::Moment;
use crate::keep_alive::outage::{Down, Sign};
use crate::keep_alive::rhythm::Rhythm;

const MINUTE: u64 = 60;

const AVAILABLE: Rhythm =
    Rhythm { lifetime: Duration::from_secs(300), interval: Duration::from_secs(240) };
const BUSY_FOR_AN_HOUR: Rhythm =
    Rhythm { lifetime: Duration::from_secs(3600), interval: Duration::from_secs(2880) };

/// A schedule with a clock, whose requests are answered when a test says so.
struct Driver {
    schedule: Schedule<&'static str>,
    second: u64,
}

impl Driver {
    fn new() -> Self {
        Self { schedule: Schedule::new(100, true), second: 0 }
    }

    /// A driver with one presence that has been set.
    fn holding(rhythm: Rhythm) -> (Self, HoldId) {
        let mut driver = Self::new();
        let hold = driver.hold(rhythm);
        assert_eq!(driver.send(), Some((hold, Work::Renew)));
        driver.answer(hold, Outcome::Done);
        driver.events();
        (driver, hold)
    }

    fn now(&self) -> Moment {
        Moment::of_second(self.second)
    }

    fn hold(&mut self, rhythm: Rhythm) -> HoldId {
        self.schedule.hold(rhythm, self.now())
    }

    /// Sends the next request, if one may be sent now.
    fn send(&mut self) -> Option<(HoldId, Work)> {
        match self.schedule.poll(self.now(), Moment::START) {
            Step::Send(hold, work) => Some((hold, work)),
            Step::Wait(_) => None,
        }
    }

    /// The second at which the schedule wants to be asked again, while it has nothing to send.
    fn next(&mut self) -> u64 {
        match self.schedule.poll(self.now(), Moment::START) {
            Step::Wait(Some(next)) => next.second(),
            other => panic!("{other:?}"),
        }
    }

    fn answer(&mut self, hold: HoldId, outcome: Outcome<&'static str>) {
        self.schedule.finished(hold, outcome, self.now());
    }

    fn fail(&mut self, hold: HoldId) {
        self.answer(hold, failed());
    }

    /// Runs for some seconds, answering each request at once. Returns the seconds at which requests were sent.
    fn run(&mut self, seconds: u64, outcome: Outcome<&'static str>) -> Vec<u64> {
        let mut sent = Vec::new();
        for _ in 0..seconds {
            self.second += 1;
            while let Some((hold, _)) = self.send() {
                sent.push(self.second);
                self.answer(hold, outcome.clone());
            }
        }
        sent
    }

    fn events(&mut self) -> Vec<KeepAliveState> {
        self.schedule.take_events().iter().map(|event| event.state).collect()
    }
}

/// The service cannot be reached.
fn failed() -> Outcome<&'static str> {
    failed_until(
        None,
        Sign::Down(Down { error: "down", may_be_of_one: false, pause: Duration::ZERO }),
    )
}

fn failed_until(wait: Option<Duration>, sign: Sign<&'static str>) -> Outcome<&'static str> {
    Outcome::Failed { error: "503", wait, sign, may_be_set: true }
}

/// The service cannot serve this request.
fn unavailable() -> Outcome<&'static str> {
    failed_until(
        None,
        Sign::Down(Down { error: "503", may_be_of_one: true, pause: Duration::ZERO }),
    )
}

/// The service throttles the application, or one mailbox.
fn throttled(wait: Duration) -> Outcome<&'static str> {
    let sign = Sign::Down(Down { error: "429", may_be_of_one: true, pause: wait });
    Outcome::Failed { error: "429", wait: Some(wait), sign, may_be_set: false }
}

#[test]
fn a_presence_is_set_at_once_and_renewed_before_it_fades() {
    let (mut driver, _) = Driver::holding(AVAILABLE);
    assert_eq!(driver.next(), 240);
    assert_eq!(driver.run(20 * MINUTE, Outcome::Done), [240, 480, 720, 960, 1200]);
    assert_eq!(driver.events(), [Renewed; 5]);
}

#[test]
fn a_presence_is_renewed_before_it_expires() {
    let (mut driver, _) = Driver::holding(BUSY_FOR_AN_HOUR);
    assert_eq!(driver.run(2 * 60 * MINUTE, Outcome::Done), [2880, 5760]);
}

#[test]
fn a_failure_is_reported_once_and_the_pause_doubles_with_each_attempt() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    let other = driver.hold(BUSY_FOR_AN_HOUR);
    driver.send();
    driver.answer(other, Outcome::Done);
    driver.events();
    driver.second = 240;
    let mut pauses = Vec::new();
    for _ in 0..6 {
        assert_eq!(driver.send(), Some((hold, Work::Renew)));
        driver.fail(hold);
        let now = driver.now();
        driver.schedule.outage.answered(now); // others succeed meanwhile
        let next = driver.schedule.look(hold).next().unwrap().second();
        pauses.push(next - driver.second);
        driver.second = next;
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 16]);
    assert_eq!(driver.events(), [Failing]);
    driver.send();
    driver.answer(hold, Outcome::Done);
    assert_eq!(driver.events(), [Recovered]);
}

#[test]
fn a_presence_that_was_not_renewed_in_time_is_lost_and_recovers() {
    let (mut driver, _) = Driver::holding(AVAILABLE);
    driver.run(299, failed());
    assert_eq!(driver.events(), [Failing]);
    driver.run(1, failed());
    assert_eq!(driver.events(), [Lost]);
    driver.run(60, Outcome::Done);
    assert_eq!(driver.events(), [Recovered]);
}

#[test]
fn the_wait_that_the_service_asks_for_is_observed() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.second = 240;
    driver.send();
    driver.answer(hold, failed_until(Some(Duration::from_secs(7)), Sign::Unknown));
    assert_eq!(driver.run(10, Outcome::Done), [247]);
}

#[test]
fn nothing_is_sent_while_the_service_throttles_three_users() {
    let mut driver = Driver::new();
    let holds: Vec<HoldId> = (0..5).map(|_| driver.hold(AVAILABLE)).collect();
    (0..3).for_each(|_| _ = driver.send());
    for hold in &holds[..3] {
        driver.answer(*hold, throttled(Duration::from_secs(20)));
    }
    assert_eq!(driver.events(), [Failing; 5], "those that wait are told why");
    assert_eq!(driver.next(), 20);
    assert_eq!(driver.run(30, Outcome::Done), [20; 5]);
}

#[test]
fn a_user_whom_the_service_throttles_does_not_stop_the_others() {
    let mut driver = Driver::new();
    let holds: Vec<HoldId> = (0..5).map(|_| driver.hold(AVAILABLE)).collect();
    driver.send();
    driver.answer(holds[0], throttled(Duration::from_secs(3600)));
    assert_eq!(driver.run(1, Outcome::Done), [1; 4]);
}

#[test]
fn clears_wait_for_a_service_that_throttles_but_not_for_ever() {
    let mut driver = Driver::new();
    let holds: Vec<HoldId> = (0..10).map(|_| driver.hold(AVAILABLE)).collect();
    driver.run(1, Outcome::Done);
    driver.events();
    holds.iter().for_each(|hold| driver.schedule.release(*hold, true, driver.now()));
    let sent = driver.run(200, throttled(Duration::from_secs(3600)));
    assert!(driver.events().len() == 10 && sent.last() < Some(&100), "{sent:?}");
}

#[test]
fn nothing_is_sent_before_the_throttle_opens() {
    let mut driver = Driver::new();
    let hold = driver.hold(AVAILABLE);
    let opens = Moment::of_second(9);
    assert_eq!(driver.schedule.poll(driver.now(), opens), Step::Wait(Some(opens)));
    assert_eq!(driver.schedule.poll(opens, opens), Step::Send(hold, Work::Renew));
}

#[test]
fn the_number_in_flight_is_limited() {
    let mut driver = Driver::new();
    driver.schedule = Schedule::new(2, false);
    let hold = driver.hold(AVAILABLE);
    (0..4).for_each(|_| _ = driver.hold(AVAILABLE));
    let sent = std::iter::from_fn(|| driver.send()).count();
    assert_eq!((sent, driver.schedule.counts().in_flight), (2, 2));
    driver.answer(hold, Outcome::Done);
    assert_eq!(std::iter::from_fn(|| driver.send()).count(), 1);
}

#[test]
fn a_request_that_was_not_sent_is_not_a_failure_and_is_due_again() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.second = 240;
    for _ in 0..5 {
        assert_eq!(driver.send(), Some((hold, Work::Renew)));
        driver.answer(hold, Outcome::NotSent);
    }
    assert_eq!((driver.events(), driver.schedule.outage()), (vec![], None));
    assert_eq!(driver.schedule.counts().failures, 0);

    driver.send();
    driver.schedule.release(hold, true, driver.now());
    driver.answer(hold, Outcome::NotSent);
    for outcome in [Outcome::NotSent, Outcome::Done] {
        assert_eq!(driver.send(), Some((hold, Work::Clear)));
        driver.answer(hold, outcome);
    }
    assert_eq!(driver.events(), [Stopped]);
}

#[test]
fn the_presence_that_lapses_first_is_sent_first_and_a_lost_one_last() {
    let (mut driver, lost) = Driver::holding(AVAILABLE);
    driver.second = 100;
    let later = driver.hold(AVAILABLE);
    driver.send();
    driver.answer(later, Outcome::Done);
    driver.second = 50;
    let sooner = driver.hold(AVAILABLE);
    driver.send();
    driver.answer(sooner, Outcome::Done);
    driver.second = 345; // the machine slept
    let new = driver.hold(AVAILABLE);
    let order: Vec<HoldId> = std::iter::from_fn(|| driver.send().map(|(hold, _)| hold)).collect();
    assert_eq!(order, [sooner, later, lost, new]);
}

#[test]
fn an_outage_is_probed_and_at_its_end_everything_is_sent() {
    let mut driver = Driver::new();
    for _ in 0..50 {
        driver.hold(AVAILABLE);
    }
    let probes = driver.run(100, failed());
    assert!((15..40).contains(&probes.len()), "{}", probes.len());
    assert_eq!(driver.events(), [Failing; 50]);
    assert_eq!(driver.schedule.outage(), Some(&"down"));
    let held = driver.run(12, Outcome::Done);
    assert_eq!((held.len(), held.first()), (50, held.last()));
    assert_eq!(driver.events(), [Held; 50]);
    assert_eq!(driver.schedule.outage(), None);
}

#[test]
fn a_user_that_the_service_refuses_is_reported_and_not_tried_again() {
    let mut driver = Driver::new();
    let hold = driver.hold(AVAILABLE);
    assert_eq!(driver.run(24 * 60 * MINUTE, Outcome::Refused("404")), [1]);
    assert_eq!(driver.events(), [Refused]);
    assert_eq!(driver.schedule.counts().refused, 1);
    driver.schedule.release(hold, true, driver.now());
    assert_eq!((driver.send(), driver.events()), (None, vec![Stopped]));
}

#[test]
fn a_presence_that_was_set_is_given_up_after_the_second_refusal_in_a_row() {
    let (mut driver, _) = Driver::holding(AVAILABLE);
    assert_eq!(driver.run(20 * MINUTE, Outcome::Refused("403")), [240, 270]);
    assert_eq!(driver.events(), [Failing, Refused]);

    let (mut driver, _) = Driver::holding(AVAILABLE);
    driver.run(240, Outcome::Refused("403"));
    assert_eq!(driver.run(60, Outcome::Done), [270]);
    assert_eq!(driver.events(), [Failing, Recovered]);
}

#[test]
fn a_refused_user_is_tried_again_when_asked_for_again() {
    let mut driver = Driver::new();
    let hold = driver.hold(AVAILABLE);
    driver.run(1, Outcome::Refused("404"));
    driver.schedule.replace(hold, AVAILABLE, driver.now());
    driver.run(1, Outcome::Done);
    assert_eq!(driver.events(), [Refused, Held]);
}

#[test]
fn a_changed_presence_is_set_at_once_and_the_old_one_lasts_until_then() {
    let (mut driver, hold) = Driver::holding(BUSY_FOR_AN_HOUR);
    driver.second = 100;
    driver.schedule.replace(hold, AVAILABLE, driver.now());
    assert_eq!(driver.schedule.look(hold).lapses, Some(Moment::of_second(3600)));
    assert_eq!(driver.send(), Some((hold, Work::Renew)));
    driver.answer(hold, Outcome::Done);
    assert_eq!(driver.events(), [Held]);
    assert_eq!(driver.next(), 340);
}

#[test]
fn a_changed_presence_waits_as_long_as_the_service_has_asked_for_the_user() {
    let wait = Duration::from_secs(20);
    for is_in_flight in [false, true] {
        let (mut driver, hold) = Driver::holding(AVAILABLE);
        driver.second = 240;
        driver.send();
        if is_in_flight {
            driver.schedule.replace(hold, BUSY_FOR_AN_HOUR, driver.now());
        }
        driver.answer(hold, throttled(wait));
        driver.second = 245;
        driver.schedule.replace(hold, BUSY_FOR_AN_HOUR, driver.now());
        assert_eq!((driver.send(), driver.next()), (None, 260));
    }
}

#[test]
fn a_changed_presence_waits_for_the_request_in_flight() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.second = 240;
    driver.send();
    driver.schedule.replace(hold, BUSY_FOR_AN_HOUR, driver.now());
    assert_eq!(driver.send(), None);
    for outcome in [Outcome::Done, failed(), Outcome::Refused("400")] {
        driver.answer(hold, outcome);
        assert_eq!(driver.send(), Some((hold, Work::Renew)));
        driver.schedule.replace(hold, BUSY_FOR_AN_HOUR, driver.now());
    }
    driver.answer(hold, Outcome::Done);
    driver.send();
    driver.answer(hold, Outcome::Done);
    assert_eq!(driver.events(), [Held]);
    assert_eq!(driver.next(), 240 + 2880);
}

#[test]
fn a_release_clears_the_presence_only_if_asked_to() {
    for (clears, sent) in [(true, Some(Work::Clear)), (false, None)] {
        let (mut driver, hold) = Driver::holding(AVAILABLE);
        driver.schedule.release(hold, clears, driver.now());
        assert_eq!(driver.send().map(|(_, work)| work), sent);
        driver.answer_if(sent, hold);
        assert_eq!(driver.events(), [Stopped]);
        assert_eq!(driver.schedule.counts().holds(), 0);
        assert!(driver.run(20 * MINUTE, Outcome::Done).is_empty());
    }
}

#[test]
fn a_release_waits_for_the_request_in_flight_and_then_clears() {
    for outcome in [Outcome::Done, failed()] {
        let mut driver = Driver::new();
        let hold = driver.hold(AVAILABLE);
        driver.send();
        driver.schedule.release(hold, true, driver.now());
        assert_eq!(driver.send(), None);
        driver.answer(hold, outcome);
        assert_eq!(driver.send(), Some((hold, Work::Clear)));
        driver.answer(hold, Outcome::Done);
        assert_eq!(driver.events(), [Stopped]);
    }
}

#[test]
fn a_release_in_flight_also_clears_if_that_is_asked_for_later() {
    let mut driver = Driver::new();
    let hold = driver.hold(AVAILABLE);
    driver.send();
    for clears in [false, true, false] {
        driver.schedule.release(hold, clears, driver.now());
    }
    driver.answer(hold, Outcome::Done);
    assert_eq!(driver.send(), Some((hold, Work::Clear)));
}

#[test]
fn a_presence_that_is_asked_for_again_during_its_release_is_kept() {
    // The clear has not been sent, or is in flight.
    for is_sent in [false, true] {
        let (mut driver, hold) = Driver::holding(AVAILABLE);
        driver.schedule.release(hold, true, driver.now());
        if is_sent {
            assert_eq!(driver.send(), Some((hold, Work::Clear)));
        }
        driver.schedule.replace(hold, AVAILABLE, driver.now());
        if is_sent {
            assert_eq!(driver.send(), None);
            driver.answer(hold, Outcome::Done);
        }
        assert_eq!(driver.send(), Some((hold, Work::Renew)));
        driver.answer(hold, Outcome::Done);
        assert_eq!(driver.events(), [Held]);
        assert_eq!(driver.run(240, Outcome::Done), [240]);
        assert_eq!(driver.schedule.counts().held, 1);
    }
}

#[test]
fn a_presence_that_was_never_set_is_not_cleared() {
    let mut driver = Driver::new();
    let hold = driver.hold(AVAILABLE);
    driver.schedule.release(hold, true, driver.now());
    assert_eq!((driver.send(), driver.events()), (None, vec![Stopped]));
}

#[test]
fn what_may_have_been_set_is_cleared() {
    // The answer was lost.
    let mut driver = Driver::new();
    let hold = driver.hold(AVAILABLE);
    driver.send();
    driver.fail(hold);
    driver.schedule.release(hold, true, driver.now());
    assert_eq!(driver.send(), Some((hold, Work::Clear)));

    // It was held before it was refused, and lasts.
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.run(5 * MINUTE, Outcome::Refused("403"));
    assert_eq!(driver.events().last(), Some(&Refused));
    driver.schedule.release(hold, true, driver.now());
    assert_eq!(driver.send(), Some((hold, Work::Clear)));

    // The service said that it was not done.
    for outcome in [Outcome::Refused("403"), throttled(Duration::ZERO)] {
        let mut driver = Driver::new();
        let hold = driver.hold(AVAILABLE);
        driver.send();
        driver.answer(hold, outcome);
        driver.schedule.release(hold, true, driver.now());
        assert_eq!(driver.send(), None);
    }
}

#[test]
fn a_clear_waits_as_long_as_the_service_asks() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.schedule.release(hold, true, driver.now());
    let wait = Some(Duration::from_secs(15));
    assert_eq!(driver.run(60, failed_until(wait, Sign::Unknown)), [1, 16, 31]);
    assert_eq!(driver.events(), [Stopped]);
}

#[test]
fn a_clear_waits_up_to_a_minute_for_a_service_that_is_down() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.schedule.release(hold, true, driver.now());
    assert_eq!(driver.run(70, failed()), [1, 2, 4, 8, 16, 32, 48]);
    assert_eq!(driver.events(), [Stopped]);

    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.schedule.release(hold, true, driver.now());
    driver.run(40, failed());
    assert!(driver.run(30, Outcome::Done).len() == 1);
    assert_eq!(driver.events(), [Stopped]);
}

#[test]
fn a_clear_has_its_attempts_however_long_it_waits_for_each() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.schedule.release(hold, true, driver.now());
    for _ in 0..3 {
        assert_eq!(driver.events(), []);
        driver.second += 100; // in the queue of the library
        assert_eq!(driver.send(), Some((hold, Work::Clear)));
        driver.answer(hold, unavailable());
    }
    assert_eq!(driver.events(), [Stopped]);
}

#[test]
fn a_clear_that_the_service_throttles_for_longer_ends_at_once() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.schedule.release(hold, true, driver.now());
    assert_eq!(driver.run(1, throttled(Duration::from_secs(61))), [1]);
    assert_eq!(driver.events(), [Stopped]);
}

#[test]
fn a_clear_that_the_service_throttles_is_tried_again_during_an_outage() {
    let mut driver = Driver::new();
    let holds = [(); 4].map(|()| driver.hold(AVAILABLE));
    driver.run(1, Outcome::Done);
    driver.run(300, throttled(Duration::from_secs(30)));
    driver.schedule.release(holds[0], true, driver.now());
    driver.events();
    assert_eq!(driver.run(35, throttled(Duration::from_secs(30))).len(), 1);
    assert_eq!(driver.events(), []);
    driver.run(60, Outcome::Done);
    assert!(driver.events().contains(&Stopped));
}

#[test]
fn clears_wait_for_a_minute_however_long_the_outage_has_lasted() {
    for outcome in [unavailable(), failed()] {
        let mut driver = Driver::new();
        (0..10).for_each(|_| _ = driver.hold(AVAILABLE));
        driver.run(1, Outcome::Done);
        driver.run(60 * MINUTE, outcome.clone());
        driver.events();
        (0..10).for_each(|hold| driver.schedule.release(HoldId(hold), true, driver.now()));
        driver.run(40, outcome.clone());
        assert_eq!(driver.events(), []);
        driver.run(28, outcome);
        assert_eq!(driver.events(), [Stopped; 10]);
    }
}

#[test]
fn a_clear_that_was_sent_in_an_outage_is_given_up_with_its_own_error() {
    let mut driver = Driver::new();
    let holds = [(); 10].map(|()| driver.hold(AVAILABLE));
    driver.run(1, Outcome::Done);
    driver.run(300, failed());
    driver.events();
    holds.iter().for_each(|hold| driver.schedule.release(*hold, true, driver.now()));
    driver.run(70, failed());
    let errors: Vec<_> = driver.schedule.take_events().into_iter().map(|it| it.error).collect();
    assert_eq!(errors, [Some("503"); 10]);
}

/// A driver whose clears of four presences have failed together, two seconds ago.
fn with_failed_clears() -> Driver {
    let mut driver = Driver::new();
    let holds = [(); 4].map(|()| driver.hold(AVAILABLE));
    driver.run(1, Outcome::Done);
    for hold in holds {
        driver.schedule.release(hold, true, driver.now());
    }
    while driver.send().is_some() {}
    holds.iter().for_each(|hold| driver.fail(*hold));
    driver.events();
    driver.second += 2;
    driver
}

#[test]
fn clears_that_failed_together_are_tried_again() {
    let mut driver = with_failed_clears();
    assert_eq!(driver.run(1, Outcome::Done).len(), 4);
    assert_eq!(driver.events(), [Stopped; 4]);
}

#[test]
fn a_clear_that_found_no_place_during_an_outage_is_given_up_after_a_minute() {
    let (mut driver, hold) = Driver::holding(AVAILABLE);
    driver.run(300, failed());
    driver.schedule.release(hold, true, driver.now());
    driver.events();
    for (after, events) in [(1, vec![]), (60, vec![Stopped])] {
        driver.second += after;
        assert_eq!(driver.send(), Some((hold, Work::Clear)));
        driver.answer(hold, Outcome::NotSent);
        assert_eq!(driver.events(), events);
    }
}

#[test]
fn a_presence_that_the_service_cannot_serve_does_not_stop_the_others() {
    let mut driver = Driver::new();
    let bad = [(); 5].map(|()| driver.hold(AVAILABLE));
    let answer = |hold| if bad.contains(&hold) { unavailable() } else { Outcome::Done };
    let seconds = |driver: &mut Driver, count| {
        for _ in 0..count {
            driver.second += 1;
            while let Some((hold, _)) = driver.send() {
                driver.answer(hold, answer(hold));
            }
        }
    };
    seconds(&mut driver, 60);
    assert!(driver.schedule.outage().is_some());
    let good = driver.hold(AVAILABLE);
    driver.events();
    seconds(&mut driver, 7);
    assert_eq!(driver.schedule.look(good).condition, Condition::Held);
    driver.schedule.release(good, true, driver.now());
    seconds(&mut driver, 7);
    let ends = driver.schedule.take_events().into_iter().filter(|it| it.hold == good);
    let ends: Vec<_> = ends.map(|it| (it.state, it.error)).collect();
    assert_eq!(ends.last(), Some(&(Stopped, None)));
}

#[test]
fn a_number_is_reused_only_after_its_hold_has_ended() {
    let (mut driver, first) = Driver::holding(AVAILABLE);
    let second = driver.hold(AVAILABLE);
    assert_ne!(first, second);
    driver.schedule.release(first, false, driver.now());
    assert_eq!(driver.hold(AVAILABLE), first);
}

impl Driver {
    fn answer_if(&mut self, sent: Option<Work>, hold: HoldId) {
        if sent.is_some() {
            self.answer(hold, Outcome::Done);
        }
    }
}
