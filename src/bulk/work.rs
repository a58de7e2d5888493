//! The work of one batched operation: its request, and what has become of it so far. Without I/O.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use tokio::time::Instant;

use super::failure::BatchFailure;
use super::order::Access;
use super::schedule::Facts;
use crate::auth::Wanted;
use crate::call::LONGEST_QUEUE;
use crate::error::{Error, LocalFailure};
use crate::operation::{ApiVersion, Effect, On, Order, Part, Plan, Request, Target, is_split};
use crate::token::Token;
use crate::transport::{Progress, RetryRule, TransportFailure, client_request_id};

/// The largest request that travels in a batch, in bytes. Any real one is a tenth of it.
const LARGEST: usize = 16 * 1024;

/// What operations must have in common to travel together.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Group {
    pub(super) api_version: ApiVersion,
    /// The request's own token; else it is the credential's.
    pub(super) token: Option<Token>,
    /// A batch has one deadline.
    pub(super) timeout: Duration,
}

#[derive(Debug)]
pub(super) struct Work {
    pub(super) part: Part,
    pub(super) order: Option<Order>,
    pub(super) client_request_id: String,
    pub(super) progress: Progress,
    pub(super) retry: RetryRule,
    pub(super) timeout: Duration,
    /// Set when it is sent for the first time.
    pub(super) deadline: Option<Instant>,
    /// What token to ask for in place of one that Graph refused.
    pub(super) wanted: Option<Wanted>,
}

/// Whether a request can travel in a batch. What is long, or is a page of a list, goes alone, and so does a body that
/// is not sent as JSON.
pub(crate) fn can_travel(request: &Request) -> bool {
    let is_json = |(name, value): &(String, String)| {
        !name.eq_ignore_ascii_case("content-type") || value.to_ascii_lowercase().contains("json")
    };
    request.next_link.is_none()
        && request.size() <= LARGEST
        && !is_split(request)
        && request.headers.iter().all(is_json)
}

/// The user of a token, who has no id here: another one for each token. An id is never empty and has no such character.
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
            return Err(LocalFailure::Internal("a request for a batch has parts".into()).into());
        };
        let retry = match part.request.urgent {
            true => RetryRule { max_attempts: 1, ..retry },
            false => retry,
        };
        Ok(Self {
            client_request_id: client_request_id(&part.request),
            progress: Progress::new(part.request.trace),
            part,
            order,
            retry,
            timeout,
            deadline: None,
            wanted: None,
        })
    }

    pub(super) fn facts(&self) -> Facts<Group> {
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
        Facts { group: self.group(), user, access, is_urgent: request.urgent }
    }

    fn group(&self) -> Group {
        let request = &self.part.request;
        let (api_version, token) = (request.api_version, request.access_token.clone());
        Group { api_version, token, timeout: self.timeout }
    }

    /// How long it waits to be sent for the first time.
    pub(super) fn longest_wait(&self) -> Duration {
        match self.part.request.urgent {
            true => self.timeout,
            false => self.timeout.saturating_mul(LONGEST_QUEUE),
        }
    }

    /// The end of one that was not in flight when its time was over.
    pub(super) fn expired(&self, max_in_flight: u32) -> Error {
        if self.deadline.is_none() {
            let after = self.longest_wait();
            return self.fails(&BatchFailure::NotSent { after }.into());
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

    /// A failure with what is known of the operation.
    pub(super) fn fails(&self, failure: &Error) -> Error {
        failure.in_context(self.progress.context(&self.client_request_id, None))
    }
}
