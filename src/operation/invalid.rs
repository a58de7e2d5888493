//! Why a request is refused before a byte is sent: one variant per rule.

use std::fmt;

use crate::error::Cause;
use crate::presence::id::InvalidId;
use crate::presence::invalid_duration::InvalidDuration;
use crate::presence::pairs::NotAPair;
use crate::quoted::Quoted;
use crate::status::Status;

/// A value that Graph would refuse, or that would change where the request goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Invalid {
    Pair(NotAPair),
    Duration(InvalidDuration),
    Id(InvalidId),
    SessionIdMissing { action: &'static str },
    SessionIdUnknown { action: &'static str },
    SessionIdEmpty,
    BodyTooLong { length: usize, limit: usize },
    BodySyntax { line: usize, column: usize },
    BodyKind { given: &'static str },
    BodyMissing { action: &'static str, properties: &'static str },
    BodyNotTaken { action: &'static str },
    Missing { property: &'static str, action: &'static str, advice: String },
    Kind { property: &'static str, given: &'static str, wanted: &'static str },
    Value { property: &'static str, given: Box<str>, advice: &'static str },
    Header { name: Box<str>, fault: &'static str },
    TooManyHeaders { count: usize, limit: usize },
    HeadersTooLong { length: usize, limit: usize },
    Query { name: Box<str>, fault: &'static str },
    PathTooLong { length: usize, limit: usize },
}

macro_rules! from_domain_errors {
    ($($variant:ident($type:ty)),+) => {$(
        impl From<$type> for Invalid {
            fn from(invalid: $type) -> Self {
                Self::$variant(invalid)
            }
        }
    )+};
}

from_domain_errors!(Pair(NotAPair), Duration(InvalidDuration), Id(InvalidId));

impl Cause for Invalid {
    fn status(&self) -> Status {
        match self {
            Self::Pair(_) => Status::InvalidPair,
            Self::Duration(_) => Status::InvalidDuration,
            Self::SessionIdMissing { .. }
            | Self::SessionIdUnknown { .. }
            | Self::SessionIdEmpty => Status::InvalidSessionId,
            Self::Id(_) => Status::InvalidId,
            Self::BodyTooLong { .. }
            | Self::BodySyntax { .. }
            | Self::BodyKind { .. }
            | Self::BodyMissing { .. }
            | Self::BodyNotTaken { .. } => Status::InvalidBody,
            Self::Header { .. } | Self::TooManyHeaders { .. } | Self::HeadersTooLong { .. } => {
                Status::InvalidHeader
            }
            Self::Query { .. } | Self::PathTooLong { .. } => Status::InvalidQuery,
            Self::Missing { property, .. }
            | Self::Kind { property, .. }
            | Self::Value { property, .. } => match *property {
                "availability" | "activity" => Status::InvalidPair,
                "sessionId" => Status::InvalidSessionId,
                "expirationDuration" => Status::InvalidDuration,
                _ => Status::InvalidValue,
            },
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pair(refused) => refused.fmt(f),
            Self::Duration(refused) => refused.fmt(f),
            Self::Id(refused) => refused.fmt(f),
            Self::SessionIdMissing { action } => write!(
                f,
                "{action} needs a sessionId. Give the application's client id as sessionId, or ask for the default one, as PowerShell does without -BodyParameter."
            ),
            Self::SessionIdUnknown { action } => write!(
                f,
                "{action} needs a sessionId, and the token does not name an application. Give the application's \
                 client id as sessionId."
            ),
            Self::SessionIdEmpty => {
                f.write_str("sessionId is empty. Give the application's client id.")
            }
            Self::BodyTooLong { length, limit } => {
                write!(f, "The body has {length} bytes. Send at most {limit} bytes at a time.")
            }
            Self::BodySyntax { line, column } => {
                write!(
                    f,
                    "The body is not JSON at line {line}, column {column}. Give a JSON object."
                )
            }
            Self::BodyKind { given } => {
                write!(f, "The body is {given}. Give a JSON object.")
            }
            Self::BodyMissing { action, properties } => {
                write!(f, "{action} needs a body with {properties}.")
            }
            Self::BodyNotTaken { action } => {
                write!(f, "{action} takes no body. Leave it out.")
            }
            Self::Missing { property, action, advice } => {
                write!(f, "{action} needs {property}. {advice}.")
            }
            Self::Kind { property, given, wanted } => {
                write!(f, "{property} is {given}. Give {wanted}.")
            }
            Self::Value { property, given, advice } => {
                write!(
                    f,
                    "{property} \"{}\" is not a value that Graph accepts. {advice}.",
                    Quoted(given)
                )
            }
            Self::Header { name, fault } => write!(f, "Header \"{}\" {fault}.", Quoted(name)),
            Self::TooManyHeaders { count, limit } => {
                write!(f, "The request has {count} headers. Give at most {limit}.")
            }
            Self::HeadersTooLong { length, limit } => {
                write!(f, "The headers have {length} bytes. Give at most {limit} in all.")
            }
            Self::Query { name, fault } => write!(f, "Query option \"{}\" {fault}.", Quoted(name)),
            Self::PathTooLong { length, limit } => write!(
                f,
                "The URL has {length} bytes after the host, and at most {limit} can be sent. Ask for less at a \
                 time, or for many users with getPresencesByUserId."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_value_are_escaped() {
        let text = Invalid::Header { name: "a\r\nb".into(), fault: "is not a name" }.to_string();
        assert_eq!(text, "Header \"a\\r\\nb\" is not a name.");
    }
}
