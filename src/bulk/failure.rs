//! Failures of batched operations.

use std::fmt;
use std::time::Duration;

use crate::error::Cause;
use crate::quoted::Quoted;
use crate::status::Status;

/// What is wrong with the response to one item.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    Missing,
    Twice,
    NoStatus,
}

/// What was received instead of the response to a batch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Oddity {
    /// Line and column.
    NotJson(usize, usize),
    Given(&'static str),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum BatchFailure {
    Item {
        from: String,
        fault: Fault,
    },
    Whole {
        from: String,
        http_status: u16,
        content_type: String,
        oddity: Oddity,
    },
    /// The responses together are too long, so none of them was read.
    TooLong {
        from: String,
        limit: usize,
    },
    /// The client has the maximum of batched operations.
    Full {
        limit: usize,
    },
    /// The operation found no place within the limit of requests, or waited for another of the same user.
    NotSent {
        after: Duration,
        is_behind: bool,
    },
    /// The operation was sent, had to be sent again, and timed out before it was.
    NotSentAgain {
        after: Duration,
        attempts: u32,
    },
}

impl Cause for BatchFailure {
    fn status(&self) -> Status {
        match self {
            Self::Item { .. } | Self::Whole { .. } | Self::TooLong { .. } => Status::Response,
            Self::Full { .. } => Status::Full,
            Self::NotSent { .. } | Self::NotSentAgain { .. } => Status::Timeout,
        }
    }

    fn is_unsent(&self) -> bool {
        matches!(self, Self::NotSent { .. })
    }
}

impl fmt::Display for BatchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CHECK: &str = "The request may have been done. Check before you repeat it.";
        match self {
            Self::Item { from, fault } => {
                let what = match fault {
                    Fault::Missing => "without a response to this request",
                    Fault::Twice => "with several responses to this request",
                    Fault::NoStatus => "with a response to this request that has no HTTP status",
                };
                write!(f, "{from} answered the batch {what}. {CHECK}")
            }
            Self::Whole {
                from,
                http_status,
                content_type,
                oddity: Oddity::NotJson(line, column),
            } => {
                write!(
                    f,
                    "{from} answered {http_status} to the batch with {} that is not JSON at line {line}, column \
                     {column}. {CHECK}",
                    Quoted(content_type)
                )
            }
            Self::Whole { from, http_status, oddity: Oddity::Given(given), .. } => write!(
                f,
                "{from} answered {http_status} to the batch with {given} where a list of responses was expected. \
                 {CHECK}"
            ),
            Self::TooLong { from, limit } => write!(
                f,
                "{from} answered the batch with more than {limit} bytes. {CHECK} Requests with long responses are \
                 better sent alone."
            ),
            Self::Full { limit } => write!(
                f,
                "The client has {limit} batched operations outstanding and takes no more. Take completions from the \
                 queue, then submit the request again."
            ),
            Self::NotSent { after, is_behind: true } => write!(
                f,
                "The batched request was not sent within {} s, since an earlier request for the same user had not \
                 ended. Raise `timeout`, or lower that of the earlier request.",
                after.as_secs_f64()
            ),
            Self::NotSent { after, is_behind: false } => write!(
                f,
                "The batched request was not sent within {} s: the service was away, as many requests as allowed \
                 were in flight, or the limit of requests in 30 s left no room. Submit fewer at a time, or raise \
                 `timeout`.",
                after.as_secs_f64()
            ),
            Self::NotSentAgain { after, attempts } => write!(
                f,
                "The call timed out after {} s and {attempts} attempt{} while it waited to be sent again: the \
                 service was away, or the limit of requests in 30 s left no room. Submit fewer at a time, or raise \
                 `timeout`.",
                after.as_secs_f64(),
                if *attempts == 1 { "" } else { "s" }
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_says_what_was_received_and_what_to_do() {
        let from = || "https://graph.microsoft.com".to_string();
        let check = "The request may have been done. Check before you repeat it.";
        for (failure, text) in [
            (
                BatchFailure::Item { from: from(), fault: Fault::Missing },
                format!(
                    "https://graph.microsoft.com answered the batch without a response to this request. {check}"
                ),
            ),
            (
                BatchFailure::Item { from: from(), fault: Fault::Twice },
                format!(
                    "https://graph.microsoft.com answered the batch with several responses to this request. {check}"
                ),
            ),
            (
                BatchFailure::Whole {
                    from: from(),
                    http_status: 200,
                    content_type: "text/html".into(),
                    oddity: Oddity::NotJson(1, 2),
                },
                format!(
                    "https://graph.microsoft.com answered 200 to the batch with text/html that is not JSON at line \
                     1, column 2. {check}"
                ),
            ),
            (
                BatchFailure::TooLong { from: from(), limit: 8 },
                format!(
                    "https://graph.microsoft.com answered the batch with more than 8 bytes. {check} Requests with \
                     long responses are better sent alone."
                ),
            ),
            (
                BatchFailure::Full { limit: 4000 },
                "The client has 4000 batched operations outstanding and takes no more. Take completions from the \
                 queue, then submit the request again."
                    .into(),
            ),
            (
                BatchFailure::NotSent { after: Duration::from_secs(1), is_behind: true },
                "The batched request was not sent within 1 s, since an earlier request for the same user had not \
                 ended. Raise `timeout`, or lower that of the earlier request."
                    .into(),
            ),
            (
                BatchFailure::NotSent { after: Duration::from_secs(1000), is_behind: false },
                "The batched request was not sent within 1000 s: the service was away, as many requests as allowed \
                 were in flight, or the limit of requests in 30 s left no room. Submit fewer at a time, or raise \
                 `timeout`."
                    .into(),
            ),
            (
                BatchFailure::NotSentAgain { after: Duration::from_secs(10), attempts: 2 },
                "The call timed out after 10 s and 2 attempts while it waited to be sent again: the service was \
                 away, or the limit of requests in 30 s left no room. Submit fewer at a time, or raise `timeout`."
                    .into(),
            ),
        ] {
            assert_eq!(failure.to_string(), text);
        }
    }
}
