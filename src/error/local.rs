//! Failures that have nothing to do with the service: wrong use of a call, cancellation, and bugs.

use std::any::Any;
use std::fmt;

use super::Cause;
use crate::quoted::Truncated;
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum LocalFailure {
    WouldDeadlock,
    Cancelled,
    ClientClosed,
    QueueClosed,
    Forked,
    WaitTimeout,
    Woken,
    Panic(String),
    Internal(String),
}

impl LocalFailure {
    /// The failure for a panic, with its message.
    pub(crate) fn panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::Panic(text.unwrap_or_else(|| "panic".into()))
    }
}

impl Cause for LocalFailure {
    fn status(&self) -> Status {
        match self {
            Self::WouldDeadlock => Status::WouldDeadlock,
            Self::Cancelled => Status::Cancelled,
            Self::ClientClosed | Self::QueueClosed => Status::Closed,
            Self::Forked => Status::Forked,
            Self::WaitTimeout => Status::WaitTimeout,
            Self::Woken => Status::Woken,
            Self::Panic(_) => Status::Panic,
            Self::Internal(_) => Status::Internal,
        }
    }
}

impl fmt::Display for LocalFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WouldDeadlock => f.write_str(
                "A blocking call inside a callback, or on a thread of an async runtime, would wait for itself. \
                 Submit the request to a queue.",
            ),
            Self::Cancelled => f.write_str("The operation was cancelled."),
            Self::ClientClosed => f.write_str("The client is closed. Create a new one."),
            Self::QueueClosed => f.write_str("The queue is closed. Create a new one."),
            Self::Forked => f.write_str(
                "This process is a fork of the one that created the object. Create a new client and a new queue \
                 after the fork.",
            ),
            Self::WaitTimeout => f.write_str("Nothing completed within the given time. Wait again."),
            Self::Woken => f.write_str("A wake ended the wait."),
            Self::Panic(what) => write!(f, "This is a bug in mgpresence: {}.", Truncated(what)),
            Self::Internal(what) => write!(f, "mgpresence cannot continue: {}.", Truncated(what)),
        }
    }
}
