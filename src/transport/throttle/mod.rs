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
mod simulation;
#[cfg(test)]
mod tests;
