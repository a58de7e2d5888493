//! One batched operation: its request and its progress, without I/O.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use tokio::time::Instant;

use super::failure::BatchFailure;
use super::groups::{Common, Group, Groups};
use super::order::Access;
use super::schedule::{Facts, Wait};
use crate::auth::{AuthFailure, Wanted};
use crate::call::LONGEST_QUEUE;
use crate::error::{Error, LocalFailure};
use crate::operation::{Effect, On, Order, Part, Plan, Request, Target, is_split};
use crate::token::Token;
use crate::transport::{Progress, RetryRule, TransportFailure, client_request_id};

/// The largest request that is batched, in bytes: ten times the size of a real one.
const LARGEST: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Work {
    pub(super) part: Part,
    pub(super) order: Option<Order>,
    pub(super) client_request_id: String,
    pub(super) progress: Progress,
    pub(super) retry: RetryRule,
    pub(super) timeout: Duration,
    /// Set when the operation is first sent.
    pub(super) deadline: Option<Instant>,
    /// The token to ask for if Graph refused the previous one.
    pub(super) wanted: Option<Wanted>,
    /// Whether it is sent without others.
    pub(super) is_alone: bool,
    /// How many batches with it have failed as a whole.
    pub(super) failed_batches: u32,
}

/// Whether a request is sent in the order of its user. A page of a list and a request that is split have no user.
pub(crate) fn can_be_batched(request: &Request) -> bool {
    request.next_link.is_none() && !is_split(request)
}

/// Whether a request shares no batch with others: a long one, one whose content type is not JSON, and one that asks for it.
fn is_sent_alone(request: &Request) -> bool {
    let is_json = |(name, value): &(String, String)| {
        !name.eq_ignore_ascii_case("content-type") || value.to_ascii_lowercase().contains("json")
    };
    request.alone || request.size() > LARGEST || !request.headers.iter().all(is_json)
}

/// Stands for the id of the user who signed in, which is not known here: a different one for each token. It contains a
/// NUL, so that it differs from every user id.
fn me(token: Option<&Token>) -> Box<str> {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    format!("\0{:x}", hasher.finish()).into()
}

impl Work {
    /// Checks a request.
    pub(super) fn new(
        request: Request,
        retry: RetryRule,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let Plan { mut parts, order } = Plan::new(request)?;
        let (Some(part), true) = (parts.pop(), parts.is_empty()) else {
            return Err(LocalFailure::Internal("a batched request has several parts".into()).into());
        };
        let retry = match part.request.urgent {
            true => RetryRule { max_attempts: 1, ..retry },
            false => retry,
        };
        let is_alone = is_sent_alone(&part.request);
        Ok(Self {
            client_request_id: client_request_id(&part.request),
            progress: Progress::new(part.request.trace),
            part,
            order,
            retry,
            timeout,
            deadline: None,
            wanted: None,
            is_alone,
            failed_batches: 0,
        })
    }

    pub(super) fn facts(&self, groups: &Groups) -> Facts<Group> {
        let request = &self.part.request;
        let row = request.operation.row();
        let user = match (row.on, &request.target) {
            (On::Communications(_), _) => None,
            (On::Presence(_), Target::Me) => Some(me(request.access_token.as_ref())),
            (On::Presence(_), Target::User(id) | Target::Communications(id)) => {
                Some(id.to_lowercase().into())
            }
        };
        let access = if row.effect == Effect::Write { Access::Write } else { Access::Read };
        Facts {
            group: groups.of(self.common()),
            user,
            access,
            is_urgent: request.urgent,
            is_alone: self.is_alone,
        }
    }

    fn common(&self) -> Common {
        let request = &self.part.request;
        let (api_version, token) = (request.api_version, request.access_token.clone());
        Common { api_version, token, timeout: self.timeout, urgent: request.urgent }
    }

    /// The longest wait before the operation is first sent.
    pub(super) fn longest_wait(&self) -> Duration {
        match self.part.request.urgent {
            true => self.timeout,
            false => self.timeout.saturating_mul(LONGEST_QUEUE),
        }
    }

    /// The failure of an operation that timed out while it was not in flight.
    pub(super) fn expired(
        &self,
        Wait { group, is_behind }: &Wait<Group>,
        max_in_flight: u32,
    ) -> Error {
        if self.deadline.is_none() {
            let (after, is_behind) = (self.longest_wait(), *is_behind);
            if group.lacks_token() {
                return self.fails(&AuthFailure::Late { after }.into());
            }
            return self.fails(&BatchFailure::NotSent { after, is_behind }.into());
        }
        match self.progress.timed_out(self.timeout, max_in_flight) {
            late @ TransportFailure::Timeout { waited_for_slot: Some(_), .. } => {
                self.fails(&late.into())
            }
            _ => {
                let (after, attempts) = (self.timeout, self.progress.attempts);
                self.fails(&BatchFailure::NotSentAgain { after, attempts }.into())
            }
        }
    }

    /// The failure of an operation that timed out while its batch was in flight.
    pub(super) fn timed_out(&self, max_in_flight: u32) -> Error {
        self.fails(&self.progress.timed_out(self.timeout, max_in_flight).into())
    }

    /// Notes that a batch with the operation failed as a whole. After the second time it is sent alone, because one of
    /// the requests may have been the reason.
    pub(super) fn batch_failed(&mut self) {
        self.failed_batches += 1;
        self.is_alone |= self.failed_batches >= 2;
    }

    /// The failure of an operation that timed out while its batch waited for a slot.
    pub(super) fn had_no_slot(&mut self, waited: Duration, max_in_flight: u32) -> Error {
        let failure = self.progress.had_no_slot(waited, self.timeout, max_in_flight);
        self.fails(&failure.into())
    }

    /// Whether the deadline has passed.
    pub(super) fn is_late(&self, now: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// Adds what is known of the operation to a failure.
    pub(super) fn fails(&self, failure: &Error) -> Error {
        failure.in_context(self.progress.context(&self.client_request_id, None))
    }
}
