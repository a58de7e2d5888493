//! What an exchange sends, and the limits of its attempts.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Message, RetryRule, SharedThrottle};
use crate::operation::{Replay, Row};
use crate::token::Token;

/// Everything that one exchange needs besides the connection.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) row: &'static Row,
    /// `set the presence of adele`.
    pub(crate) subject: String,
    pub(crate) message: Message,
    pub(crate) token: Token,
    pub(crate) replay: Replay,
    pub(crate) retry: RetryRule,
    pub(crate) timeout: Duration,
    /// `timeout` after the call began.
    pub(crate) deadline: Instant,
    pub(crate) client_request_id: String,
    /// Whether the request brought the token.
    pub(crate) is_own_token: bool,
    /// Counts the attempts; `None` where places are held for them already.
    pub(crate) throttle: Option<Arc<SharedThrottle>>,
}
