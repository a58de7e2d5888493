//! What a module implements for each of its failures: a status, a text, and what Graph said.

use std::fmt;

use super::Refusal;
use crate::status::Status;

/// Why a call failed. Each subject has an enum of its own with its texts; an [`Error`](crate::Error) holds any of them.
pub(crate) trait Cause: fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// What callers branch on.
    fn status(&self) -> Status;

    /// Whether the request was not sent because there was no room for it within its time.
    fn is_unsent(&self) -> bool {
        false
    }

    /// What Graph said, for the failure that is Graph's refusal.
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
