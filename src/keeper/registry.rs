//! The presences that are kept, with the request for each.

use std::collections::{HashMap, HashSet};
use std::mem::discriminant;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::attempt;
use super::clock::Clock;
use super::failure::KeepAliveFailure;
use super::options::{KeepAliveOptions, KeepAliveStatus};
use crate::error::{Error, LocalFailure};
use crate::keep_alive::{
    Event, HoldId, KeepAliveEvent, KeepAliveState, MOST_IN_FLIGHT, Moment, PresenceKey, Rhythm,
    Schedule, Step, Timeline, Work,
};
use crate::operation::{Operation, Request, Target};
use crate::response::Response;

/// How often the clocks are compared, to notice that the machine slept.
const TICK: Duration = Duration::from_secs(5);
/// How long to wait while nothing is scheduled.
const LONG: Duration = Duration::from_secs(3600);
/// By how much a driver is late that has slept, with the machine or the process.
const OVERSLEPT: Duration = Duration::from_secs(5);

/// The schedule of a keep-alive, and the request of each hold.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) clock: Clock,
    schedule: Schedule<Error>,
    timeline: Timeline,
    by_key: HashMap<PresenceKey, HoldId>,
    /// The entries, by number of the hold.
    entries: Vec<Option<Entry>>,
    /// The presences that could not be cleared when they were released, until they are kept again.
    not_cleared: HashSet<PresenceKey>,
    interval: Option<Duration>,
    clears: bool,
    is_stopped: bool,
    /// When the driver looks again at the latest.
    look_by: Moment,
}

#[derive(Debug)]
struct Entry {
    key: PresenceKey,
    request: Request,
}

/// An event on its way to the queue, with the presence that it concerns.
pub(super) type Reported = (PresenceKey, KeepAliveEvent, Result<Response, Error>);

/// What to do next.
pub(super) enum Next {
    Send {
        hold: HoldId,
        work: Work,
        request: Box<Request>,
    },
    /// Wait for this time, or until something happens.
    Wait(Duration),
}

impl Registry {
    pub(super) fn new(options: &KeepAliveOptions) -> Self {
        let clock = options.clock.clone().unwrap_or_else(Clock::machine);
        Self {
            schedule: Schedule::new(MOST_IN_FLIGHT, options.report_renewals),
            timeline: Timeline::new(clock.read()),
            clock,
            by_key: HashMap::new(),
            entries: Vec::new(),
            not_cleared: HashSet::new(),
            interval: options.interval,
            clears: options.clear_on_stop,
            is_stopped: false,
            look_by: Moment::START.after(LONG),
        }
    }

    /// Keeps the presence that a request sets, replacing the same presence of the same user.
    pub(super) fn hold(&mut self, request: Request) -> Result<(), Error> {
        if self.is_stopped {
            return Err(KeepAliveFailure::Ended.into());
        }
        request.check()?;
        let rhythm = Rhythm::of(&request, self.interval)?;
        let now = self.now();
        let key = key(request.operation, &request.target);
        if let Some(&hold) = self.by_key.get(&key) {
            let entry = self.entry(hold);
            let is_same = sets_the_same(&entry.request, &request);
            entry.request = request;
            if !is_same || self.schedule.look(hold).is_given_up() {
                self.schedule.replace(hold, rhythm, now);
            }
            return Ok(());
        }
        let hold = self.schedule.hold(rhythm, now);
        if self.not_cleared.remove(&key) {
            self.schedule.was_set_before(hold);
        }
        let entry = Entry { key: Arc::clone(&key), request };
        self.entries.resize_with(self.entries.len().max(hold.0 + 1), || None);
        self.entries[hold.0] = Some(entry);
        self.by_key.insert(key, hold);
        Ok(())
    }

    /// Releases the presences of a user: the session, the preferred presence, or both. They are cleared if the keep-alive
    /// clears and has set them, or if `clears`.
    pub(super) fn release(&mut self, target: &Target, clears: bool) -> Result<(), Error> {
        let now = self.now();
        let held: Vec<HoldId> = [Operation::SetPresence, Operation::SetUserPreferredPresence]
            .into_iter()
            .filter_map(|operation| self.by_key.get(&key(operation, target)).copied())
            .collect();
        if held.is_empty() {
            return Err(KeepAliveFailure::NotHeld { user: target.subject().into() }.into());
        }
        for hold in held {
            if clears {
                self.schedule.was_set_before(hold); // perhaps by an earlier process
            }
            self.schedule.release(hold, clears || self.clears, now);
        }
        Ok(())
    }

    /// Releases everything, and accepts no new request.
    pub(super) fn stop(&mut self) {
        self.is_stopped = true;
        let now = self.now();
        let all: Vec<HoldId> = self.by_key.values().copied().collect();
        all.into_iter().for_each(|hold| self.schedule.release(hold, self.clears, now));
    }

    /// Accepts no new request, and leaves the presences as they are.
    pub(super) fn abandon(&mut self) {
        self.is_stopped = true;
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Whether the keep-alive was stopped and no presence is left.
    pub(super) fn has_ended(&self) -> bool {
        self.is_stopped && self.by_key.is_empty()
    }

    /// What to send now, or how long to wait.
    pub(super) fn next(&mut self) -> Next {
        let now = self.now();
        match self.schedule.poll(now, Moment::START) {
            Step::Send(hold, work) => {
                let kept = self.schedule.look(hold);
                let alone = attempt::goes_alone(kept.failures, kept.error.as_ref());
                let request = attempt::request(&self.entry(hold).request, work);
                let request = Box::new(Request { alone, ..request });
                Next::Send { hold, work, request }
            }
            Step::Wait(until) => {
                let wait = until.map_or(LONG, |until| until.since(now).min(TICK));
                self.look_by = now.after(wait);
                Next::Wait(wait)
            }
        }
    }

    /// Records the result of an attempt. Returns the events to report.
    pub(super) fn finished(
        &mut self,
        hold: HoldId,
        work: Work,
        result: Result<Response, Error>,
    ) -> Vec<Reported> {
        let outcome = attempt::outcome(work, &result);
        let now = self.now();
        self.schedule.finished(hold, outcome, now);
        self.events(result.ok())
    }

    /// The events to report. `response` is the response to the attempt that has just ended.
    pub(super) fn events(&mut self, mut response: Option<Response>) -> Vec<Reported> {
        let events = self.schedule.take_events();
        events.into_iter().filter_map(|event| self.reported(event, &mut response)).collect()
    }

    fn reported(
        &mut self,
        event: Event<Error>,
        response: &mut Option<Response>,
    ) -> Option<Reported> {
        let Event { hold, state, at, lapses, next, error } = event;
        let (key, operation, target) = {
            let entry = self.entry(hold);
            (Arc::clone(&entry.key), entry.request.operation, entry.request.target.clone())
        };
        if state == KeepAliveState::Stopped {
            self.forget(hold);
            if error.is_some() {
                self.not_cleared.insert(Arc::clone(&key));
            }
        }
        let result = match error {
            Some(error) => Err(error),
            None => result_of(state, &target, response)?,
        };
        let wall = |moment: Moment| self.timeline.wall(moment);
        let event = KeepAliveEvent {
            state,
            target: Some(target),
            operation: Some(operation),
            at: wall(at),
            next: next.map(wall),
            lapses: lapses.map(wall),
        };
        Some((key, event, result))
    }

    pub(super) fn status(&mut self) -> KeepAliveStatus {
        let now = self.now();
        self.schedule.advance(now);
        let counts = self.schedule.counts();
        KeepAliveStatus {
            pending: counts.pending,
            held: counts.held,
            failing: counts.failing,
            lost: counts.lost,
            refused: counts.refused,
            waiting: counts.waiting,
            in_flight: counts.in_flight,
            renewals: counts.renewals,
            failures: counts.failures,
            next: self.schedule.next_due().map(|due| self.timeline.wall(due)),
            outage: self.schedule.outage().cloned(),
        }
    }

    /// Whether the driver looks so late that the machine or the process may have slept.
    pub(super) fn has_slept(&mut self) -> bool {
        self.now() > self.look_by.after(OVERSLEPT)
    }

    pub(super) fn is_idle(&mut self) -> bool {
        let now = self.now();
        self.schedule.is_idle(now)
    }

    /// The wall-clock time.
    pub(super) fn wall(&self) -> SystemTime {
        self.clock.read().wall
    }

    fn now(&mut self) -> Moment {
        self.timeline.advance(self.clock.read())
    }

    fn entry(&mut self, hold: HoldId) -> &mut Entry {
        self.entries[hold.0].as_mut().expect("a hold has its entry until it has stopped")
    }

    fn forget(&mut self, hold: HoldId) {
        if let Some(entry) = self.entries[hold.0].take() {
            self.by_key.remove(&entry.key);
        }
    }
}

/// The result in the completion of an event without an error; `None` if the event cannot be reported without its
/// response.
fn result_of(
    state: KeepAliveState,
    target: &Target,
    response: &mut Option<Response>,
) -> Option<Result<Response, Error>> {
    match state {
        KeepAliveState::Stopped => Some(Err(LocalFailure::Cancelled.into())),
        KeepAliveState::Lost => {
            Some(Err(KeepAliveFailure::Lapsed { user: target.subject().into() }.into()))
        }
        _ => response.take().map(Ok),
    }
}

/// Whether two requests for one presence of a user have the same effect.
fn sets_the_same(one: &Request, other: &Request) -> bool {
    let body = |request: &Request| request.body.as_ref().map(|body| body.to_json());
    one.api_version == other.api_version
        && discriminant(&one.target) == discriminant(&other.target)
        && body(one) == body(other)
}

/// The key of a presence, whichever path leads to it. The id is in lower case, because Graph ignores the case of object ids
/// and user principal names. Both consist of ASCII characters, whose lower case is the same in every language.
fn key(operation: Operation, target: &Target) -> PresenceKey {
    let target = match target {
        Target::Me => Target::Me,
        Target::User(id) | Target::Communications(id) => Target::User(id.to_ascii_lowercase()),
    };
    Arc::new((operation, target))
}
