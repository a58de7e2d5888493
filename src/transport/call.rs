//! The input of an exchange: the message, and the limits of its attempts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Message, RetryRule, SharedThrottle};
use crate::operation::{On, Replay, Row, Target};
use crate::quoted::Quoted;
use crate::token::Token;

/// Everything that one exchange needs, apart from the connection.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) row: &'static Row,
    pub(crate) subject: Subject,
    pub(crate) message: Message,
    pub(crate) token: Token,
    pub(crate) replay: Replay,
    pub(crate) retry: RetryRule,
    pub(crate) timeout: Duration,
    /// The start of the call plus `timeout`.
    pub(crate) deadline: Instant,
    pub(crate) client_request_id: String,
    /// Whether the token came with the request.
    pub(crate) is_own_token: bool,
    /// Counts the attempts; `None` if places are held for them already.
    pub(crate) throttle: Option<Arc<SharedThrottle>>,
}

/// What was requested, for the message of a refusal: `set the presence of adele`.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    row: &'static Row,
    target: Target,
    /// Whether the whole batch was refused that contained the request.
    pub(crate) is_in_batch: bool,
}

impl Subject {
    pub(crate) fn new(row: &'static Row, target: Target) -> Self {
        Self { row, target, is_in_batch: false }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_in_batch {
            f.write_str("take the batch that was to ")?;
        }
        match self.row.on {
            On::Presence(_) => write!(f, "{} {}", self.row.does, Quoted(self.target.subject())),
            On::Communications(_) => f.write_str(self.row.does),
        }
    }
}
