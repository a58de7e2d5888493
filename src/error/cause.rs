//! The trait that each module implements for its failures: a status, a message, and what Graph said.

use std::fmt;

use super::Refusal;
use crate::status::Status;

/// Why a call failed. Each subject has its own enum with its messages; an [`Error`](crate::Error) contains any of them.
pub(crate) trait Cause: fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// What callers branch on.
    fn status(&self) -> Status;

    /// Whether the request was not sent because no slot was free before its deadline.
    fn is_unsent(&self) -> bool {
        false
    }

    /// What Graph said, if the failure is a refusal by Graph.
    fn refusal(&self) -> Option<&Refusal> {
        None
    }
}

impl Cause for Refusal {
    fn status(&self) -> Status {
        match self.http_status {
            400 => Status::BadRequest,
            401 => Status::Unauthorized,
            403 => Status::Forbidden,
            404 => Status::NotFound,
            409 | 412 => Status::Conflict,
            429 => Status::Throttled,
            500..=599 => Status::Unavailable,
            _ => Status::Service,
        }
    }

    fn refusal(&self) -> Option<&Refusal> {
        Some(self)
    }
}
