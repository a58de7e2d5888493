//! Why a presence cannot be kept alive.

use std::fmt;
use std::time::Duration;

use crate::error::Cause;
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum InvalidKeepAlive {
    /// The operation does not set a presence that can be renewed.
    Operation { name: &'static str },
    /// The interval is too short, or not shorter than the lifetime of the presence.
    Interval { given: Duration, lifetime: Duration },
    /// The presence would have to be set again all the time.
    Lifetime { lifetime: Duration, shortest: Duration },
}

impl Cause for InvalidKeepAlive {
    fn status(&self) -> Status {
        match self {
            Self::Operation { .. } => Status::Operation,
            Self::Interval { .. } => Status::Option,
            Self::Lifetime { .. } => Status::InvalidDuration,
        }
    }
}

impl fmt::Display for InvalidKeepAlive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { name } => write!(
                f,
                "A request for {name} cannot be kept alive. Give one for setPresence or setUserPreferredPresence."
            ),
            Self::Interval { given, lifetime } => write!(
                f,
                "Option `interval` is {} s, but the presence lasts {} s. Use at least 1 s and less than {} s, or leave \
                 it out.",
                given.as_secs_f64(),
                lifetime.as_secs_f64(),
                lifetime.as_secs_f64()
            ),
            Self::Lifetime { lifetime, shortest } => write!(
                f,
                "A presence can be kept alive only if it lasts {} s or more, and expirationDuration is {} s. Give a \
                 longer one, such as PT1H.",
                shortest.as_secs_f64(),
                lifetime.as_secs_f64()
            ),
        }
    }
}
