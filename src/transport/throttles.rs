//! The throttles of the process: one for each origin, tenant and application. All clients share them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::throttle::{Limits, Places, Throttle};
use crate::process::PerProcess;
use crate::token::{Claims, Token};

/// Identifies the requests that Graph counts together.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct ThrottleKey {
    pub(crate) origin: String,
    /// The tenant of the token; empty if the token does not name it.
    pub(crate) tenant: String,
    pub(crate) application: String,
}

/// The throttle of one application in one tenant, which clients share.
#[derive(Debug)]
pub(crate) struct SharedThrottle {
    state: Mutex<Throttle>,
}

/// Places that are held until the response arrives. If they are dropped before, those of requests that were sent are
/// treated as answered, since the service may have seen the requests; the others are free again at once.
#[derive(Debug)]
pub(crate) struct Held {
    of: Arc<SharedThrottle>,
    places: Places,
    end: End,
}

/// How requests that have places ended.
#[derive(Debug)]
enum End {
    Unsent,
    /// Without an answer.
    Lost,
    Answered {
        rejected: u32,
    },
}

/// The throttles that a client uses.
#[derive(Debug)]
pub(crate) struct Throttles {
    origin: String,
    limits: Option<Limits>,
    /// The token that was sent last, and whether it came with the request.
    last: Mutex<Option<(Token, bool, Known)>>,
}

/// The application and the throttle of a token.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) application: Option<Arc<str>>,
    pub(crate) throttle: Arc<SharedThrottle>,
}

type All = Mutex<HashMap<ThrottleKey, Arc<SharedThrottle>>>;

static ALL: PerProcess<All> = PerProcess::new();

/// With more throttles than this, unused ones are dropped.
const MANY: usize = 64;

impl SharedThrottle {
    /// The throttle of a key, which the first call creates. `limits` replaces its limits.
    pub(crate) fn of(key: ThrottleKey, limits: Option<Limits>) -> Arc<Self> {
        let now = Instant::now();
        let mut known = ALL.get().lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MANY {
            known.retain(|_, throttle| Arc::strong_count(throttle) > 1 || throttle.is_in_use(now));
        }
        let throttle = known.entry(key).or_insert_with(|| {
            let state = Mutex::new(Throttle::new(limits.unwrap_or(Limits::DEFAULT), now));
            Arc::new(Self { state })
        });
        if let Some(limits) = limits {
            throttle.lock().set(limits);
        }
        Arc::clone(throttle)
    }

    /// Takes up to `wanted` places now. `Err` says when to ask again; `None` means when a response has arrived.
    pub(crate) fn try_take(self: &Arc<Self>, wanted: u32) -> Result<Held, Option<Instant>> {
        let places = self.lock().take(wanted, Instant::now())?;
        Ok(Held { of: Arc::clone(self), places, end: End::Unsent })
    }

    /// Counts requests that are sent now, and do not wait for places.
    pub(crate) fn count(self: &Arc<Self>, count: u32) -> Held {
        let places = self.lock().count(count, Instant::now());
        Held { of: Arc::clone(self), places, end: End::Lost }
    }

    /// The current limit of requests within 30 s.
    pub(crate) fn limit(&self) -> u32 {
        self.lock().limit()
    }

    /// The number of places that are taken.
    pub(crate) fn used(&self) -> u32 {
        self.lock().used_at(Instant::now())
    }

    fn is_in_use(&self, now: Instant) -> bool {
        self.lock().is_in_use(now)
    }

    fn lock(&self) -> MutexGuard<'_, Throttle> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    pub(crate) fn count(&self) -> u32 {
        self.places.count
    }

    /// Records that `count` of the requests are being sent. The places of the others are free again.
    pub(crate) fn sent(&mut self, count: u32) {
        let others = self.places.split_off(count);
        self.of.lock().unsent(&others);
        self.end = End::Lost;
    }

    /// Records that the responses have arrived, `rejected` of them with 429.
    pub(crate) fn answered(mut self, rejected: u32) {
        self.end = End::Answered { rejected };
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (mut throttle, now) = (self.of.lock(), Instant::now());
        match self.end {
            End::Lost => throttle.lost(&self.places, now),
            End::Unsent => throttle.unsent(&self.places),
            End::Answered { rejected } => throttle.answered(&self.places, rejected, now),
        }
    }
}

impl Throttles {
    pub(crate) fn new(origin: String, limits: Option<Limits>) -> Self {
        Self { origin, limits, last: Mutex::default() }
    }

    /// The application and throttle of a token. `is_own` says that the token came with the request. `application` is
    /// called only if the token differs from that of the last request.
    pub(crate) fn of(
        &self,
        token: &Token,
        is_own: bool,
        application: impl FnOnce() -> Option<String>,
    ) -> Known {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |(same, own, _): &&(Token, bool, Known)| same == token && *own == is_own;
        if let Some((_, _, known)) = last.as_ref().filter(is_same) {
            return known.clone();
        }
        let application = application();
        let key = ThrottleKey {
            origin: self.origin.clone(),
            tenant: Claims::of(token).tenant_id().unwrap_or_default(),
            application: application.clone().unwrap_or_default(),
        };
        let throttle = SharedThrottle::of(key, self.limits);
        let known = Known { application: application.map(Into::into), throttle };
        *last = Some((token.clone(), is_own, known.clone()));
        known
    }

    /// The throttle of the last request, if one was sent.
    pub(crate) fn last(&self) -> Option<Arc<SharedThrottle>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().map(|(_, _, known)| Arc::clone(&known.throttle))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key(application: &str) -> ThrottleKey {
        ThrottleKey { application: application.into(), ..ThrottleKey::default() }
    }

    #[test]
    fn an_application_in_a_tenant_has_one_throttle() {
        let limits = Some(Limits { start: 1, ceiling: 1 });
        let (first, same) =
            (SharedThrottle::of(key("one"), limits), SharedThrottle::of(key("one"), None));
        let mut held = first.try_take(1).unwrap();
        held.sent(1);
        assert_eq!((held.count(), same.try_take(1).unwrap_err()), (1, None));
        assert!(SharedThrottle::of(key("other"), limits).try_take(1).is_ok());
        drop(held);
        let free = same.try_take(1).unwrap_err().expect("30 s after the response");
        assert!(free > Instant::now() + Duration::from_secs(29));
    }

    #[test]
    fn places_of_requests_that_were_not_sent_are_free_at_once() {
        let throttle = SharedThrottle::of(key("cancelled"), Some(Limits { start: 1, ceiling: 1 }));
        drop(throttle.try_take(1).unwrap());
        assert_eq!(throttle.used(), 0);
        let mut held = throttle.try_take(1).unwrap();
        held.sent(1);
        drop(held);
        assert_eq!(throttle.used(), 1);
    }

    #[test]
    fn places_of_the_requests_that_were_left_out_are_free_at_once() {
        let throttle = SharedThrottle::of(key("some"), Some(Limits { start: 20, ceiling: 99 }));
        let mut held = throttle.try_take(20).unwrap();
        held.sent(3);
        assert_eq!((held.count(), throttle.used()), (3, 3));
        held.answered(0);
        assert_eq!((throttle.used(), throttle.limit()), (3, 20));
    }

    #[test]
    fn an_unused_throttle_is_dropped_and_one_with_places_taken_is_kept() {
        let limits = Some(Limits { start: 1, ceiling: 1 });
        drop(SharedThrottle::of(key("counts"), limits).count(1));
        for number in 0..10 * MANY {
            SharedThrottle::of(key(&format!("idle {number}")), None);
        }
        let known = ALL.get().lock().unwrap().len();
        assert!(known <= 2 * MANY, "{known} are known");
        assert!(SharedThrottle::of(key("counts"), limits).try_take(1).is_err());
    }
}
