//! Failures below the service: there is no response, or none that can be understood.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use super::Peer;
use crate::error::Cause;
use crate::quoted::{Quoted, Truncated};
use crate::status::Status;

/// A failure below the service. It contains messages of lower layers only if those cannot contain a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum TransportFailure {
    BaseUrl {
        given: Box<str>,
        reason: &'static str,
    },
    Origin {
        given: Box<str>,
        origin: String,
    },
    Option {
        name: &'static str,
        reason: String,
    },
    /// An environment variable has a value that cannot be used.
    Environment {
        name: &'static str,
        reason: &'static str,
    },
    Connect {
        to: String,
        reason: String,
        peer: Peer,
    },
    Tls {
        to: String,
        reason: String,
        advice: Cow<'static, str>,
    },
    /// The proxy in front of the origin made no connection.
    Proxy {
        proxy: String,
        reason: String,
        advice: &'static str,
    },
    /// A URL that this crate has built is too long to be sent. The checks refuse a request before.
    UrlTooLong {
        length: usize,
        limit: usize,
    },
    /// A URL from the service is too long to be sent.
    LinkTooLong {
        length: usize,
        limit: usize,
    },
    /// The deadline passed during an attempt. The call turns this into a `Timeout`.
    Late,
    Timeout {
        after: Duration,
        attempts: u32,
        /// The time spent waiting for a slot, and the number of slots; set if that was most of the time.
        waited_for_slot: Option<(Duration, u32)>,
    },
    NoSlot {
        after: Duration,
        limit: u32,
    },
    /// A submitted request did not start in time.
    NotStarted {
        after: Duration,
        limit: u32,
    },
    /// The request or its connection could not be prepared in time, such as because a file was slow to read.
    NotReady {
        after: Duration,
        ca_file: Option<Box<str>>,
    },
    /// A blocking call timed out without hearing from the thread that drives the I/O.
    ThreadBusy {
        after: Duration,
    },
    /// The system has no thread or descriptor left.
    OutOfResources {
        reason: String,
    },
    ConnectionLost {
        to: String,
        http_status: Option<u16>,
        reason: String,
    },
    Redirect {
        http_status: u16,
        to: Option<String>,
        origin: String,
        peer: Peer,
    },
    NotHttp {
        from: String,
        reason: String,
        peer: Peer,
    },
    NotJson {
        from: String,
        http_status: u16,
        content_type: String,
        /// Line and column.
        at: (usize, usize),
    },
    /// A success status with an error object.
    ErrorInSuccess {
        from: String,
        http_status: u16,
        code: Box<str>,
        message: Box<str>,
    },
    /// JSON of another kind than the operation returns.
    NotExpected {
        from: String,
        http_status: u16,
        given: String,
        expected: &'static str,
    },
    TooLong {
        from: String,
        http_status: u16,
        limit: usize,
        peer: Peer,
    },
}

impl Cause for TransportFailure {
    fn status(&self) -> Status {
        match self {
            Self::BaseUrl { .. } | Self::Option { .. } | Self::Environment { .. } => Status::Option,
            Self::Origin { .. } | Self::LinkTooLong { .. } => Status::Origin,
            Self::UrlTooLong { .. } => Status::InvalidQuery,
            Self::Connect { .. } | Self::Proxy { .. } => Status::Connect,
            Self::Tls { .. } => Status::Tls,
            Self::Late
            | Self::Timeout { .. }
            | Self::NoSlot { .. }
            | Self::NotStarted { .. }
            | Self::NotReady { .. }
            | Self::ThreadBusy { .. } => Status::Timeout,
            Self::OutOfResources { .. } => Status::Internal,
            Self::ConnectionLost { .. } => Status::ConnectionLost,
            Self::Redirect { .. } => Status::Redirect,
            Self::NotHttp { .. }
            | Self::NotJson { .. }
            | Self::ErrorInSuccess { .. }
            | Self::NotExpected { .. }
            | Self::TooLong { .. } => Status::Response,
        }
    }

    fn is_unsent(&self) -> bool {
        matches!(self, Self::NoSlot { .. } | Self::NotStarted { .. })
    }
}

impl TransportFailure {
    /// Whether the request may have reached the service although there is no response.
    pub(crate) fn is_lost_response(&self) -> bool {
        matches!(self, Self::ConnectionLost { http_status: None, .. })
    }

    /// Whether the host has sent nothing, so that the connection may be dead.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(self, Self::Late) || self.is_lost_response()
    }

    /// Whether the host was not reached, or the connection ended before a complete response.
    pub(crate) fn is_of_connection(&self) -> bool {
        matches!(self, Self::ConnectionLost { .. } | Self::Connect { .. })
    }
}

impl fmt::Display for TransportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl { given, reason } => {
                write!(f, "Base URL \"{}\" {reason}.", Quoted(given))
            }
            Self::Origin { given, origin } => write!(
                f,
                "The service pointed to \"{}\", which is not {origin}. The token is not sent there.",
                Quoted(given)
            ),
            Self::Option { name, reason } => write!(f, "Option `{name}` {reason}."),
            Self::Environment { name, reason } => write!(
                f,
                "The environment variable {name} {reason}, or set `proxy_url`, empty for no proxy."
            ),
            Self::Connect { to, reason, peer } => {
                write!(
                    f,
                    "{to} cannot be reached: {}. Check the network, the proxy and {}.",
                    Truncated(reason),
                    peer.setting()
                )
            }
            Self::Tls { to, reason, advice } => {
                write!(f, "There is no secure connection to {to}: {}. {advice}.", Truncated(reason))
            }
            Self::Proxy { proxy, reason, advice } => {
                write!(f, "The proxy {} {}. {advice}.", Quoted(proxy), Truncated(reason))
            }
            Self::UrlTooLong { length, limit } => {
                write!(f, "The URL has {length} bytes, and at most {limit} can be sent.")
            }
            Self::LinkTooLong { length, limit } => write!(
                f,
                "The link to the next page has {length} bytes, and at most {limit} can be sent. Ask for larger \
                 pages with $top."
            ),
            Self::Late => f.write_str("The attempt timed out."),
            Self::NoSlot { after, limit } => write!(
                f,
                "The call timed out: none of the {limit} slots became free within {} s. Raise \
                 `max_in_flight` or `timeout`.",
                after.as_secs_f64()
            ),
            Self::NotStarted { after, limit } => write!(
                f,
                "The request was not started within {} s, since only {limit} submitted requests run at a time. \
                 Raise `max_in_flight` or `timeout`.",
                after.as_secs_f64()
            ),
            Self::NotReady { after, ca_file: Some(path) } => write!(
                f,
                "Option `ca_file` \"{}\" could not be read within {} s. Find out what holds it up.",
                Quoted(path),
                after.as_secs_f64()
            ),
            Self::NotReady { after, ca_file: None } => write!(
                f,
                "The request could not be prepared within {} s. Raise `timeout`, or send less at a time.",
                after.as_secs_f64()
            ),
            Self::ThreadBusy { after } => write!(
                f,
                "The call timed out after {} s. The thread that does the I/O was too busy to say more.",
                after.as_secs_f64()
            ),
            Self::OutOfResources { reason } => f.write_str(reason),
            Self::Timeout { after, attempts, waited_for_slot: Some((waited, limit)) } => write!(
                f,
                "The call timed out after {} s and {attempts} attempt{}, of which it waited {:.1} s for one of \
                 the {limit} slots. Raise `max_in_flight` or `timeout`.",
                after.as_secs_f64(),
                if *attempts == 1 { "" } else { "s" },
                waited.as_secs_f64()
            ),
            Self::Timeout { after, attempts, waited_for_slot: None } => write!(
                f,
                "The call timed out after {} s and {attempts} attempt{}. Raise `timeout`, or find out why the \
                 service is slow or cannot be reached.",
                after.as_secs_f64(),
                if *attempts == 1 { "" } else { "s" }
            ),
            Self::ConnectionLost { to, http_status: None, reason } => {
                write!(f, "The connection to {to} ended before a response: {}.", Truncated(reason))
            }
            Self::ConnectionLost { to, http_status: Some(status), reason } => {
                write!(
                    f,
                    "{to} answered {status}, and the connection ended within the body: {reason}."
                )
            }
            Self::Redirect { http_status, to: Some(to), origin, peer } => write!(
                f,
                "{origin} answered {http_status} and pointed to {}. Redirects are not followed. Set {} if that \
                 is right.",
                Quoted(to),
                peer.setting()
            ),
            Self::Redirect { http_status, to: None, origin, .. } => {
                write!(f, "{origin} answered {http_status}, a redirect without a target.")
            }
            Self::NotHttp { from, reason, peer } => {
                write!(
                    f,
                    "{from} did not answer in HTTP: {}. Check {}.",
                    Truncated(reason),
                    peer.setting()
                )
            }
            Self::NotJson { from, http_status, content_type, at: (line, column) } => {
                write!(f, "{from} answered {http_status} with {}", Quoted(content_type))?;
                match content_type.contains("json") {
                    true => write!(
                        f,
                        " that is not JSON at line {line}, column {column}. The response may have been cut on \
                         its way."
                    ),
                    false => f.write_str(
                        " where Graph sends JSON. A proxy or a sign-in page may have answered.",
                    ),
                }
            }
            Self::ErrorInSuccess { from, http_status, code, message } => {
                write!(f, "{from} answered {http_status} with an error ({}", Quoted(code))?;
                match &**message {
                    "" => f.write_str(")")?,
                    message => write!(f, ": {})", Truncated(message))?,
                }
                f.write_str(
                    ". It does not say that the request was done. Check before you repeat it.",
                )
            }
            Self::NotExpected { from, http_status, given, expected } => write!(
                f,
                "{from} answered {http_status} with {given} where {expected} was expected. Check the base URL."
            ),
            Self::TooLong { from, http_status, limit, peer } => {
                write!(f, "{from} answered {http_status} with more than {limit} bytes. ")?;
                match peer {
                    Peer::Graph => f.write_str("Ask for less with $top or $select."),
                    peer => write!(
                        f,
                        "Check {}, and whether a proxy answers in its place.",
                        peer.setting()
                    ),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_differs_from_a_wrong_response() {
        let host = || String::from("https://host.example");
        let lost = |http_status| TransportFailure::ConnectionLost {
            to: host(),
            http_status,
            reason: "reset".into(),
        };
        let (peer, reason) = (Peer::Graph, String::from("why"));
        for (failure, is_lost_response, is_of_connection) in [
            (lost(None), true, true),
            (lost(Some(200)), false, true),
            (TransportFailure::Connect { to: host(), reason: reason.clone(), peer }, false, true),
            (TransportFailure::NotHttp { from: host(), reason, peer }, false, false),
            (TransportFailure::Late, false, false),
        ] {
            let judged = (failure.is_lost_response(), failure.is_of_connection());
            assert_eq!(judged, (is_lost_response, is_of_connection), "{failure}");
        }
    }

    #[test]
    fn the_advice_names_the_setting_of_the_host_that_failed() {
        for (peer, setting, where_it_is_too_long) in [
            (Peer::Graph, "the base URL", "Ask for less with $top or $select."),
            (
                Peer::LoginHost,
                "the authority",
                "Check the authority, and whether a proxy answers in its place.",
            ),
            (
                Peer::GitHub,
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                "Check ACTIONS_ID_TOKEN_REQUEST_URL, and whether a proxy answers in its place.",
            ),
            (
                Peer::Machine,
                "the endpoint of the managed identity",
                "Check the endpoint of the managed identity, and whether a proxy answers in its place.",
            ),
        ] {
            let (host, reason) = (String::from("https://host.example"), String::from("why"));
            let (to, from, origin) = (host.clone(), host.clone(), host.clone());
            let target = Some("/".into());
            for (failure, advice) in [
                (
                    TransportFailure::Connect { to, reason: reason.clone(), peer },
                    format!("Check the network, the proxy and {setting}."),
                ),
                (TransportFailure::NotHttp { from, reason, peer }, format!("Check {setting}.")),
                (
                    TransportFailure::Redirect { http_status: 302, to: target, origin, peer },
                    format!("Set {setting} if that is right."),
                ),
                (
                    TransportFailure::TooLong { from: host, http_status: 200, limit: 9, peer },
                    where_it_is_too_long.into(),
                ),
            ] {
                assert!(failure.to_string().ends_with(&advice), "{failure}");
            }
        }
    }
}
