//! Failures of a keep-alive itself.

use std::fmt;
use std::time::Duration;

use crate::error::Cause;
use crate::quoted::Quoted;
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum KeepAliveFailure {
    /// The keep-alive was stopped, or has ended.
    Ended,
    /// No presence of the user is kept.
    NotHeld { user: String },
    /// The presence was not renewed in time although no request failed.
    Lapsed { user: String },
    /// An attempt timed out. Its timeout is not one that the host chooses.
    Late { after: Duration },
    /// Graph cannot serve other requests, so this presence waits.
    Unavailable { http_status: u16 },
    /// The answers to other requests cannot be understood, so this presence waits.
    NotUnderstood,
}

impl Cause for KeepAliveFailure {
    fn status(&self) -> Status {
        match self {
            Self::Ended => Status::Closed,
            Self::NotHeld { .. } => Status::NotFound,
            Self::Lapsed { .. } | Self::Late { .. } => Status::Timeout,
            Self::Unavailable { http_status: 429 } => Status::Throttled,
            Self::Unavailable { .. } => Status::Unavailable,
            Self::NotUnderstood => Status::Response,
        }
    }
}

impl fmt::Display for KeepAliveFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable { http_status } => write!(
                f,
                "Requests for other users are answered with {http_status}, so nothing was sent for this one."
            ),
            Self::NotUnderstood => f.write_str(
                "Requests for other users get answers that cannot be understood, so nothing was sent for this one. A proxy, a \
                 firewall or a sign-in page may have answered.",
            ),
            Self::Late { after } => write!(
                f,
                "The attempt took more than {} s, the timeout of each attempt of a keep-alive. Find out whether the \
                 service, the sign-in or the number of other requests is the reason.",
                after.as_secs()
            ),
            Self::Ended => f.write_str("The keep-alive has ended. Start a new one."),
            Self::NotHeld { user } => write!(
                f,
                "The presence of {} is not held. Check the id, which must be the one that was given.",
                Quoted(user)
            ),
            Self::Lapsed { user } => write!(
                f,
                "The presence of {} was not renewed in time, because the machine slept, its clock was set or too \
                 many requests wait. It may have faded or expired, and is set again.",
                Quoted(user)
            ),
        }
    }
}
