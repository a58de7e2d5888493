//! The guarantees of the schedule with a service that misbehaves: presences do not lapse, the load is even, and the
//! limit is observed.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::keep_alive::event::KeepAliveState::{Held, Lost, Recovered, Stopped};

/// Requests per 30 s that 10,000 Available users need.
const NEEDED: u32 = 1250;
/// Graph's limit according to some of its pages.
const LIMIT: u32 = 1500;
/// The most requests in 30 s of a settled keep-alive: at most a tenth more than the average.
const FLAT: u32 = NEEDED + NEEDED / 10;

fn script(users: usize, length: Ms) -> Script {
    Script {
        length,
        limit: LIMIT as usize,
        happenings: vec![(0, Happening::Hold(users, AVAILABLE))],
        outages: Vec::new(),
        failures: 0,
        seed: 7,
    }
}

fn outage(from: Ms, length: Ms, is_silent: bool) -> Outage {
    Outage { from, to: from + length, is_silent }
}

fn happening(at: Ms, happening: Happening) -> Vec<(Ms, Happening)> {
    [script(10_000, 0).happenings, vec![(at, happening)]].concat()
}

/// Asserts that every lapse is explained by an outage or a sleep, and that the limit was never exceeded.
#[track_caller]
fn assert_kept(world: &World) {
    let unexplained = world.unexplained();
    if let Some(Lapse { user, session }) = unexplained.first() {
        panic!(
            "{} lapses without a reason, the first of user {user}: {session:?}",
            unexplained.len()
        );
    }
    let most = world.most_in_window(0, world.now);
    assert!(most as usize <= world.script.limit, "{most} requests in 30 s");
}

#[test]
fn ten_thousand_users_stay_available_for_a_day_with_outages() {
    let outages = vec![
        outage(HOUR, 45 * SECOND, false),
        outage(5 * HOUR, 40 * SECOND, true),
        outage(9 * HOUR, 10 * MINUTE, false),
        outage(15 * HOUR, 10 * MINUTE, true),
        outage(20 * HOUR, SECOND, false),
    ];
    let world = World::run(Script { outages, failures: 5, ..script(10_000, 24 * HOUR) });
    assert_kept(&world);
    assert_eq!(world.lapses.len(), 2 * 10_000, "the two long outages lose everyone once");
    for (from, to) in [(1, 5), (5, 9), (9, 15), (15, 20), (20, 24)] {
        let settled = from * HOUR + 30 * MINUTE;
        let most = world.most_in_window(settled, to * HOUR);
        assert!(most <= FLAT, "{most} requests in 30 s after the outage at {from} h");
    }
}

#[test]
fn ten_thousand_users_are_set_as_fast_as_the_throttle_allows_and_then_evenly() {
    let world = World::run(script(10_000, HOUR));
    assert_kept(&world);
    let held: Vec<Ms> =
        world.events.iter().filter(|event| event.2 == Held).map(|event| event.0).collect();
    assert_eq!(held.len(), 10_000);
    let fastest = (10_000 / u64::from(LIMIT)) * WINDOW;
    assert!(*held.last().unwrap() <= fastest + 5 * SECOND, "{} ms", held.last().unwrap());
    let most = world.most_in_window(10 * MINUTE, HOUR);
    assert!(most <= FLAT, "{most} requests in 30 s");
}

#[test]
fn as_many_users_as_the_limit_allows_are_kept() {
    for (users, limit, length) in [(12_000, 1500, 2 * HOUR), (80_000, 10_000, 20 * MINUTE)] {
        let world = World::run(Script { limit, ..script(users, length) });
        assert_kept(&world);
        assert!(world.lapses.is_empty());
        assert_eq!(world.schedule.counts().pending, 0);
    }
}

#[test]
fn the_load_stays_even_when_users_come_and_go() {
    let mut happenings = vec![(0, Happening::Hold(5_000, AVAILABLE))];
    happenings.push((20 * MINUTE, Happening::Hold(5_000, AVAILABLE)));
    // The first half were set together, so that a part of each round is empty without them.
    happenings.extend((0..5_000).map(|user| (HOUR, Happening::Release(user))));
    let world = World::run(Script { happenings, ..script(0, 2 * HOUR) });
    assert_kept(&world);
    assert_eq!(world.events.iter().filter(|event| event.2 == Stopped).count(), 5_000);
    assert!(world.sessions[..5_000].iter().all(Option::is_none), "they were cleared");
    for (from, to, most) in [(30, 60, FLAT), (90, 120, FLAT / 2)] {
        let found = world.most_in_window(from * MINUTE, to * MINUTE);
        assert!(found <= most, "{found} requests in 30 s from minute {from} on");
    }
}

#[test]
fn after_a_sleep_all_users_are_renewed_within_the_limit() {
    let happenings = happening(HOUR, Happening::Sleep(HOUR));
    let world = World::run(Script { happenings, ..script(10_000, 4 * HOUR) });
    assert_kept(&world);
    let of = |state| world.events.iter().filter(move |event| event.2 == state);
    assert_eq!((of(Lost).count(), of(Recovered).count()), (10_000, 10_000));
    let woken = 2 * HOUR;
    let last = of(Recovered).next_back().unwrap().0;
    assert!(last <= woken + 210 * SECOND + TICK, "{} s after waking", (last - woken) / SECOND);
    let most = world.most_in_window(3 * HOUR, 4 * HOUR);
    assert!(most <= FLAT, "{most} requests in 30 s");
}

#[test]
fn a_sleep_shorter_than_the_slack_does_not_lose_a_presence() {
    let happenings = happening(HOUR, Happening::Sleep(40 * SECOND));
    let world = World::run(Script { happenings, ..script(10_000, 2 * HOUR) });
    assert_kept(&world);
    assert!(world.lapses.is_empty());
}

#[test]
fn setting_the_wall_clock_does_not_lose_a_presence() {
    let day = 24 * HOUR as i64;
    for by in [day, -day, 30 * SECOND as i64, -30 * SECOND as i64] {
        let happenings = happening(HOUR, Happening::SetWallClock(by));
        let world = World::run(Script { happenings, ..script(10_000, 2 * HOUR) });
        assert_kept(&world);
        assert!(world.lapses.is_empty(), "set by {by} ms");
    }
}

#[test]
fn a_user_whose_presence_changes_has_a_session_throughout() {
    let changes = (0..100).map(|user| (HOUR + 1000 * user as Ms, user));
    let mut happenings = vec![(0, Happening::Hold(100, BUSY_FOR_AN_HOUR))];
    happenings.extend(changes.map(|(at, user)| (at, Happening::Replace(user, AVAILABLE))));
    let world = World::run(Script { happenings, ..script(0, 3 * HOUR) });
    assert_kept(&world);
    assert!(world.lapses.is_empty());
    assert!(world.sessions.iter().all(|session| session.unwrap().rhythm == AVAILABLE));
    assert!((0..100).all(|user| world.events_of(user)[..2] != [Held, Held]));
    let held = |user| world.events_of(user).iter().filter(|state| **state == Held).count();
    assert!((0..100).all(|user| held(user) == 2), "each was set for the first time twice");
}

fn any_rhythm() -> impl Strategy<Value = Rhythm> {
    prop_oneof![Just(AVAILABLE), Just(BUSY_FOR_AN_HOUR)]
}

fn any_happening() -> impl Strategy<Value = (Ms, Happening)> {
    let what = prop_oneof![
        (1..60_usize, any_rhythm()).prop_map(|(count, rhythm)| Happening::Hold(count, rhythm)),
        (0..200_usize, any_rhythm()).prop_map(|(user, rhythm)| Happening::Replace(user, rhythm)),
        (0..200_usize).prop_map(Happening::Release),
        (-HOUR_SIGNED..HOUR_SIGNED).prop_map(Happening::SetWallClock),
        (SECOND..HOUR).prop_map(Happening::Sleep),
    ];
    (0..3 * HOUR, what)
}

const HOUR_SIGNED: i64 = HOUR as i64;

fn any_outage() -> impl Strategy<Value = Outage> {
    (0..3 * HOUR, SECOND..5 * MINUTE, any::<bool>())
        .prop_map(|(from, length, is_silent)| outage(from, length, is_silent))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn only_outages_and_sleep_lose_a_presence(
        users in 1..200_usize,
        happenings in vec(any_happening(), 0..30),
        outages in vec(any_outage(), 0..6),
        failures in 0..5_u32,
        seed in any::<u64>(),
    ) {
        let start = script(users, 3 * HOUR);
        let happenings = [start.happenings.clone(), happenings].concat();
        let world = World::run(Script { happenings, outages, failures, seed, ..start });
        let unexplained = world.unexplained();
        prop_assert!(unexplained.is_empty(), "{unexplained:?}");
        let counts = world.schedule.counts();
        prop_assert_eq!(counts.holds(), world.users.iter().flatten().count() + world.ending());
    }
}
