//! Simulates days of a keep-alive in seconds: a schedule, a model of the service, clocks, and their faults.

mod tests;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, SystemTime};

use fastrand::Rng;

use super::event::KeepAliveState;
use super::hold::{HoldId, Work};
use super::moment::Moment;
use super::outage::{Down, Sign};
use super::rhythm::Rhythm;
use super::schedule::{MOST_IN_FLIGHT, Outcome, Schedule, Step};
use super::timeline::{Reading, Timeline};

/// Milliseconds of real time since the simulation began.
type Ms = u64;

const SECOND: Ms = 1000;
const MINUTE: Ms = 60 * SECOND;
const HOUR: Ms = 60 * MINUTE;

/// The window within which Graph counts requests.
const WINDOW: Ms = 30 * SECOND;
/// How often the driver reads the clocks.
const TICK: Ms = 5 * SECOND;
/// The smallest step of time.
const STEP: Ms = 50;
/// After this time, a request without a response has failed.
const TIMEOUT: Ms = 10 * SECOND;

/// An interruption that blocks less than this part of the slack must not lose a presence.
const BRIDGED: f64 = 0.75;

/// Something that happens at a given time.
#[derive(Clone, Debug)]
enum Happening {
    Hold(usize, Rhythm),
    /// The user with this number gets another presence, if one is kept.
    Replace(usize, Rhythm),
    Release(usize),
    SetWallClock(i64),
    Sleep(Ms),
}

/// When the service cannot be reached.
#[derive(Clone, Debug)]
struct Outage {
    from: Ms,
    to: Ms,
    /// Whether requests time out without a response. Otherwise they fail at once.
    is_silent: bool,
}

/// The script of one simulation.
#[derive(Clone, Debug)]
struct Script {
    length: Ms,
    /// The limit of requests per 30 s.
    limit: usize,
    happenings: Vec<(Ms, Happening)>,
    outages: Vec<Outage>,
    /// How many of 1,000 requests fail at random.
    failures: u32,
    seed: u64,
}

/// A user's session at the service.
#[derive(Clone, Copy, Debug)]
struct Session {
    set_at: Ms,
    rhythm: Rhythm,
}

/// A time during which a user's presence was not in effect.
#[derive(Clone, Copy, Debug)]
struct Lapse {
    user: usize,
    session: Session,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Answer {
    at: Ms,
    hold: HoldId,
    is_success: bool,
}

struct World {
    script: Script,
    now: Ms,
    slept: Ms,
    wall_offset: i64,
    timeline: Timeline,
    schedule: Schedule<&'static str>,
    /// The users by number; `None` once released.
    users: Vec<Option<HoldId>>,
    /// The user and the rhythm of each hold.
    of_hold: Vec<(usize, Rhythm)>,
    sessions: Vec<Option<Session>>,
    in_flight: BinaryHeap<Reverse<Answer>>,
    sent: VecDeque<Ms>,
    /// The number of requests in each second.
    load: Vec<u32>,
    lapses: Vec<Lapse>,
    events: Vec<(Ms, usize, KeepAliveState)>,
    asleep: Vec<(Ms, Ms)>,
    random: Rng,
}

impl World {
    fn run(script: Script) -> Self {
        let mut script = script;
        script.happenings.sort_by_key(|(at, _)| Reverse(*at));
        let mut world = Self {
            now: 0,
            slept: 0,
            wall_offset: 0,
            timeline: Timeline::new(reading(0, 0, 0)),
            schedule: Schedule::new(MOST_IN_FLIGHT, true),
            users: Vec::new(),
            of_hold: Vec::new(),
            sessions: Vec::new(),
            in_flight: BinaryHeap::new(),
            sent: VecDeque::new(),
            load: vec![0; (script.length / SECOND) as usize + 1],
            lapses: Vec::new(),
            events: Vec::new(),
            asleep: Vec::new(),
            random: Rng::with_seed(script.seed),
            script,
        };
        while world.now < world.script.length {
            world.step();
        }
        world.see_all();
        world
    }

    fn step(&mut self) {
        while let Some((_, happening)) = self.script.happenings.pop_if(|(at, _)| *at <= self.now) {
            self.happen(happening);
        }
        while let Some(Reverse(answer)) = self.in_flight.peek().copied() {
            if answer.at > self.now {
                break;
            }
            self.in_flight.pop();
            let outcome = match answer.is_success {
                true => Outcome::Done,
                false => {
                    let error = "cannot be reached";
                    let down = Down { error, may_be_of_one: false, pause: Duration::ZERO };
                    let sign = Sign::Down(down);
                    Outcome::Failed { error, wait: None, sign, may_be_set: true }
                }
            };
            let now = self.moment();
            self.schedule.finished(answer.hold, outcome, now);
            self.take_events();
        }
        let wake = loop {
            let now = self.moment();
            let opens = now.after(Duration::from_millis(self.opens().saturating_sub(self.now)));
            match self.schedule.poll(now, opens) {
                Step::Send(hold, work) => self.send(hold, work),
                Step::Wait(until) => {
                    break until.map(|until| self.now + until.since(now).as_millis() as Ms);
                }
            }
        };
        self.take_events();
        let answer = self.in_flight.peek().map(|Reverse(answer)| answer.at);
        let happening = self.script.happenings.last().map(|(at, _)| *at);
        let next = [wake, answer, happening].into_iter().flatten().min();
        let next = next.unwrap_or(Ms::MAX).min(self.now + TICK);
        self.now = next.max(self.now + STEP).min(self.script.length);
    }

    /// Takes the events before anything else happens, since the number of a hold that has ended is reused.
    fn take_events(&mut self) {
        for event in self.schedule.take_events() {
            self.events.push((self.now, self.of_hold[event.hold.0].0, event.state));
        }
    }

    fn moment(&mut self) -> Moment {
        self.timeline.advance(reading(self.now, self.slept, self.wall_offset))
    }

    /// When the throttle lets the next request through.
    fn opens(&mut self) -> Ms {
        while self.sent.front().is_some_and(|sent| sent + WINDOW <= self.now) {
            self.sent.pop_front();
        }
        match self.sent.len() < self.script.limit {
            true => self.now,
            false => self.sent[self.sent.len() - self.script.limit] + WINDOW,
        }
    }

    fn happen(&mut self, happening: Happening) {
        let now = self.moment();
        match happening {
            Happening::Hold(count, rhythm) => {
                for _ in 0..count {
                    let user = self.users.len();
                    let hold = self.schedule.hold(rhythm, now);
                    self.users.push(Some(hold));
                    self.sessions.push(None);
                    self.of_hold.resize(self.of_hold.len().max(hold.0 + 1), (user, rhythm));
                    self.of_hold[hold.0] = (user, rhythm);
                }
            }
            Happening::Replace(user, rhythm) => {
                if let Some(Some(hold)) = self.users.get(user) {
                    self.schedule.replace(*hold, rhythm, now);
                    self.of_hold[hold.0].1 = rhythm;
                }
            }
            Happening::Release(user) => {
                if let Some(hold) = self.users.get_mut(user).and_then(Option::take) {
                    self.schedule.release(hold, true, now);
                    self.take_events();
                }
            }
            Happening::SetWallClock(by) => self.wall_offset += by,
            Happening::Sleep(length) => {
                let length = length.min(self.script.length - self.now);
                self.asleep.push((self.now, self.now + length));
                self.now += length;
                self.slept += length;
                // No connection survives a sleep.
                let cut = std::mem::take(&mut self.in_flight);
                self.in_flight = cut
                    .into_iter()
                    .map(|Reverse(answer)| {
                        Reverse(Answer { at: self.now, is_success: false, ..answer })
                    })
                    .collect();
            }
        }
    }

    fn send(&mut self, hold: HoldId, work: Work) {
        self.sent.push_back(self.now);
        self.load[(self.now / SECOND) as usize] += 1;
        let arrives = self.now + self.random.u64(10..150);
        let outage = self.script.outages.iter().find(|it| (it.from..it.to).contains(&arrives));
        let is_success = outage.is_none() && self.random.u32(0..1000) >= self.script.failures;
        let takes = match outage {
            Some(Outage { is_silent: true, .. }) => TIMEOUT,
            _ => self.random.u64(10..150),
        };
        if is_success {
            let (user, rhythm) = self.of_hold[hold.0];
            let session = (work == Work::Renew).then_some(Session { set_at: arrives, rhythm });
            self.see(user, arrives);
            self.sessions[user] = session;
        }
        self.in_flight.push(Reverse(Answer { at: arrives + takes, hold, is_success }));
    }

    /// Records a lapse if the user's session has ended by this time while its presence is kept.
    fn see(&mut self, user: usize, at: Ms) {
        if self.users[user].is_none() {
            return;
        }
        if let Some(session) = self.sessions[user].filter(|session| session.lapses() < at) {
            self.lapses.push(Lapse { user, session });
        }
    }

    fn see_all(&mut self) {
        (0..self.users.len()).for_each(|user| self.see(user, self.now));
    }

    /// The lapses that neither an outage nor a sleep explains: those for which less than `BRIDGED` of the slack was
    /// blocked. The end of an outage is noticed after a tenth of its length, the end of a sleep with the next reading
    /// of the clocks.
    fn unexplained(&self) -> Vec<Lapse> {
        let outages = self.script.outages.iter().map(|it| (it.from, it.to));
        let noticed = |(from, to): (Ms, Ms)| (from, to + (to - from) / 10 + TICK);
        let blocked: Vec<_> = outages.chain(self.asleep.iter().copied()).map(noticed).collect();
        let is_unexplained = |lapse: &&Lapse| {
            let Session { set_at, rhythm } = lapse.session;
            let (due, lapses) = (set_at + ms(rhythm.interval), lapse.session.lapses());
            let overlap = |(from, to): &(Ms, Ms)| lapses.min(*to).saturating_sub(due.max(*from));
            let blocked: Ms = blocked.iter().map(overlap).sum();
            (blocked as f64) < BRIDGED * (lapses - due) as f64
        };
        self.lapses.iter().filter(is_unexplained).copied().collect()
    }

    /// The most requests within any 30 s of a part of the simulation.
    fn most_in_window(&self, from: Ms, to: Ms) -> u32 {
        let load = &self.load[(from / SECOND) as usize..(to / SECOND) as usize];
        load.windows((WINDOW / SECOND) as usize)
            .map(|window| window.iter().sum())
            .max()
            .unwrap_or(0)
    }

    /// The number of users that were released and are not cleared yet.
    fn ending(&self) -> usize {
        let stopped = self.events.iter().filter(|(_, _, state)| *state == KeepAliveState::Stopped);
        self.users.iter().filter(|user| user.is_none()).count() - stopped.count()
    }

    fn events_of(&self, user: usize) -> Vec<KeepAliveState> {
        let of_user = self.events.iter().filter(|(_, other, _)| *other == user);
        of_user.map(|(_, _, state)| *state).collect()
    }
}

impl Session {
    fn lapses(&self) -> Ms {
        self.set_at + ms(self.rhythm.lifetime)
    }
}

fn ms(time: Duration) -> Ms {
    time.as_millis() as Ms
}

fn reading(now: Ms, slept: Ms, wall_offset: i64) -> Reading {
    let wall = (1_000_000 * HOUR + now).saturating_add_signed(wall_offset);
    Reading {
        monotonic: Duration::from_millis(now - slept),
        wall: SystemTime::UNIX_EPOCH + Duration::from_millis(wall),
    }
}

const fn rhythm(lifetime: u64) -> Rhythm {
    let (lifetime, interval) =
        (Duration::from_secs(lifetime), Duration::from_secs(lifetime / 5 * 4));
    Rhythm { lifetime, interval }
}

const AVAILABLE: Rhythm = rhythm(300);
const BUSY_FOR_AN_HOUR: Rhythm = rhythm(3600);
