//! How many requests an application may send to a tenant: Graph counts them over a sliding window of 30 s.
//! <https://learn.microsoft.com/graph/throttling-limits>
//!
//! A request takes a place when it is sent, and the place is free again 30 s after the response has arrived. The
//! service counts the request at some moment between, so it never counts more requests within 30 s than there are
//! places.
//!
//! The limit of the service is found by probing: a few requests at a time are sent beyond the current limit, which
//! rises as long as they are accepted, and falls at a 429. The time is an argument.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The length of Graph's window.
pub(crate) const WINDOW: Duration = Duration::from_secs(30);

/// Places that become free within this interval share an entry, so that memory is bounded. They become free at its end.
const TICK: Duration = Duration::from_millis(10);

/// One in so many requests may be in flight beyond the limit, so that a service with a lower limit rejects less than 2
/// %.
const PROBE: u32 = 75;

/// How long after a fall no requests are sent beyond the limit.
const QUIET: Duration = Duration::from_secs(60);

/// How long a caller that wants several places waits to get them together.
const TOGETHER: Duration = Duration::from_millis(100);

/// The limit does not fall below this, so that a 429 for another reason does not stop everything.
const LOWEST: u32 = 100;

/// The first and the highest value of the limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Limits {
    pub(crate) start: u32,
    /// [`Limits::NONE`] for no limit.
    pub(crate) ceiling: u32,
}

impl Limits {
    /// Both numbers are in Microsoft's documentation: 1,500 in older pages, 10,000 in newer ones.
    pub(crate) const DEFAULT: Self = Self { start: 1500, ceiling: 10_000 };

    /// The ceiling that means no limit.
    pub(crate) const NONE: u32 = u32::MAX;

    /// The limits that a caller has set; `None` for neither. A ceiling alone is also the start, because the caller
    /// knows the limit.
    pub(crate) fn given(start: Option<u32>, ceiling: Option<u32>) -> Option<Self> {
        let start = start.or(ceiling)?;
        Some(Self { start, ceiling: ceiling.unwrap_or(Self::DEFAULT.ceiling) })
    }
}

/// The window of one application in one tenant.
#[derive(Debug)]
pub(crate) struct Throttle {
    limits: Limits,
    /// The current limit.
    limit: u32,
    /// Requests in flight.
    in_flight: u32,
    /// Places of requests that were answered, by the time at which they become free.
    answered: VecDeque<(Instant, u32)>,
    /// The sum of `answered`.
    held: u32,
    /// Answered requests of the last 30 s, by the time of sending. The service certainly still counts them.
    seen: VecDeque<(Instant, u32)>,
    /// The sum of `seen`.
    known: u32,
    /// How often the limit fell. Requests that were sent before a fall do not tell anything about the limit after it.
    falls: u64,
    quiet_until: Option<Instant>,
    /// The time to which ticks are relative.
    origin: Instant,
}

/// Places that were taken together.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) count: u32,
    sent: Instant,
    falls: u64,
}

impl Places {
    /// Leaves `count` places, and returns the others.
    pub(crate) fn split_off(&mut self, count: u32) -> Self {
        let others = self.count.saturating_sub(count);
        self.count -= others;
        Self { count: others, ..*self }
    }
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

    /// Replaces start and ceiling. The learned limit is kept, up to the new ceiling.
    pub(crate) fn set(&mut self, limits: Limits) {
        self.limits = limits;
        let learned = if self.falls == 0 { self.limit.max(limits.start) } else { self.limit };
        self.limit = learned.min(limits.ceiling);
    }

    /// Takes up to `wanted` places. `Err` says when to ask again; `None` means when a response has arrived.
    ///
    /// Fewer places are taken only if the rest will not be free soon, since the requests of a batch need their places
    /// at the same time.
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

    /// Counts requests that do not wait for places.
    pub(crate) fn count(&mut self, count: u32, now: Instant) -> Places {
        self.release(now);
        self.put(count, now)
    }

    /// Records that the requests of these places were not sent.
    pub(crate) fn unsent(&mut self, places: &Places) {
        self.in_flight -= places.count;
    }

    /// Records that the requests of these places have ended without an answer that shows whether they were counted. They
    /// take their places like others, but tell nothing about the limit.
    pub(crate) fn lost(&mut self, places: &Places, now: Instant) {
        self.release(now);
        self.in_flight -= places.count;
        self.hold(places.count, now);
    }

    /// Records that the service has answered the requests of these places, `rejected` of them with 429.
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

    /// Requests in flight, or answered less than 30 s ago.
    pub(crate) fn used(&self) -> u32 {
        self.in_flight.saturating_add(self.held)
    }

    /// The same at a later time.
    pub(crate) fn used_at(&mut self, now: Instant) -> u32 {
        self.release(now);
        self.used()
    }

    /// The current limit of requests within 30 s.
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

    /// How many requests may be sent beyond the limit, to probe whether the service accepts them.
    fn beyond(&self, now: Instant) -> u32 {
        if self.quiet_until.is_some_and(|end| now < end) {
            return 0;
        }
        let probe = (self.limit / PROBE).max(1);
        let to_ceiling = self.limits.ceiling.saturating_sub(self.used());
        probe.saturating_sub(self.in_flight).min(to_ceiling)
    }

    /// When the next place becomes free without a response.
    fn next_free(&self, now: Instant) -> Option<Instant> {
        let place = self.answered.front().map(|(at, _)| *at);
        place.into_iter().chain(self.quiet_until.filter(|end| *end > now)).min()
    }

    /// When `wanted` places within the limit will be free; `None` if that depends on responses.
    fn all_free(&self, wanted: u32) -> Option<Instant> {
        let mut used = self.used();
        let enough = self.limit.checked_sub(wanted)?;
        self.answered.iter().find_map(|(at, count)| {
            used -= count;
            (used <= enough).then_some(*at)
        })
    }

    /// Lowers the limit after a 429, to the number of requests that the service has accepted. If other processes use
    /// the same window, that number is too low, so the limit falls by half at most.
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
        // Without an entry, the requests were sent so long ago that the service no longer counts them.
        if let Some((_, count)) = entry.checked_sub(1).and_then(|entry| self.seen.get_mut(entry)) {
            *count += places.count;
            self.known += places.count;
        }
    }

    fn hold(&mut self, count: u32, now: Instant) {
        let since = now - self.origin;
        let into_tick = Duration::from_nanos((since.as_nanos() % TICK.as_nanos()) as u64);
        let free = now - into_tick + TICK + WINDOW;
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
mod simulation;
#[cfg(test)]
mod tests;
