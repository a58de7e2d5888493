//! The rules of the throttle, one test each.

use std::time::{Duration, Instant};

use super::*;

fn limits(start: u32, ceiling: u32) -> Limits {
    Limits { start, ceiling }
}

fn at(origin: Instant, seconds: f64) -> Instant {
    origin + Duration::from_secs_f64(seconds)
}

#[test]
fn a_place_is_taken_until_30_s_after_the_response() {
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
fn places_that_will_be_free_soon_are_taken_together() {
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
fn requests_without_an_answer_take_places_and_do_not_raise_the_limit() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(10, 1000), origin);
    for _ in 0..20 {
        let beyond = throttle.count(5, origin);
        throttle.lost(&beyond, origin);
    }
    assert_eq!((throttle.used(), throttle.limit()), (100, 10));

    let unsent = throttle.count(50, origin);
    throttle.unsent(&unsent);
    assert_eq!(throttle.used(), 100);
}

#[test]
fn requests_that_do_not_wait_are_counted() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(10, 10), origin);
    let plain = throttle.count(12, origin);
    assert!(throttle.take(1, origin).is_err());
    throttle.answered(&plain, 0, origin);
    assert_eq!(throttle.take(1, at(origin, 31.0)).unwrap().count, 1);
    assert_eq!(throttle.limit(), 10, "the caller's ceiling stays");
}

#[test]
fn the_limit_rises_with_accepted_requests_a_few_at_a_time() {
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
fn a_429_lowers_the_limit_to_the_accepted_requests_for_a_minute() {
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
fn a_429_in_an_empty_window_halves_the_limit() {
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
fn without_a_limit_requests_are_counted_and_never_wait() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(1500, Limits::NONE), origin);
    for _ in 0..100 {
        let places = throttle.take(1000, origin).unwrap();
        throttle.answered(&places, 20, origin);
    }
    assert_eq!((throttle.used(), throttle.limit()), (100_000, Limits::NONE));
}

#[test]
fn new_limits_keep_the_learned_limit() {
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

#[test]
fn fewer_places_are_taken_unless_all_will_be_free_soon() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(20, 20), origin);
    let first = throttle.take(15, origin).unwrap();
    throttle.answered(&first, 0, origin);
    let soon = at(origin, 29.95);
    let wait = throttle.take(10, soon).unwrap_err().unwrap();
    assert!((soon..=at(origin, 30.01)).contains(&wait), "five are free, the others in 60 ms");
    assert_eq!(throttle.take(10, at(origin, 29.8)).unwrap().count, 5, "the others in 210 ms");
}

#[test]
fn a_throttle_is_in_use_while_places_are_taken_and_after_a_fall() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(1500, 10_000), origin);
    assert!(!throttle.is_in_use(origin));
    let places = throttle.take(1, origin).unwrap();
    assert!(throttle.is_in_use(origin));
    throttle.answered(&places, 0, origin);
    assert!(throttle.is_in_use(at(origin, 29.9)));
    assert!(!throttle.is_in_use(at(origin, 30.1)));

    let places = throttle.take(1, at(origin, 31.0)).unwrap();
    throttle.answered(&places, 1, at(origin, 31.0));
    assert!(throttle.is_in_use(at(origin, 100.0)), "it knows a limit");
}

#[test]
fn memory_does_not_grow_with_the_number_of_responses() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(10_000, 10_000), origin);
    for number in 0..10_000 {
        let now = at(origin, f64::from(number) / 10_000.0);
        let places = throttle.take(1, now).unwrap();
        throttle.answered(&places, 0, now);
    }
    let entries = (throttle.answered.len(), throttle.seen.len());
    assert_eq!(throttle.used(), 10_000);
    assert!(entries.0 <= 101 && entries.1 <= 101, "one entry for 10 ms: {entries:?}");
}

#[test]
fn a_place_is_held_for_30_s_also_in_a_process_that_has_run_for_years() {
    let origin = Instant::now();
    let mut throttle = Throttle::new(limits(10, 10), origin);
    let now = origin + Duration::from_secs(3 * 365 * 24 * 3600);
    let places = throttle.take(10, now).unwrap();
    throttle.answered(&places, 0, now);
    assert_eq!(throttle.used_at(now + WINDOW), 10);
    assert_eq!(throttle.used_at(now + WINDOW + TICK), 0);
}
