//! Why a text is not a token that can be sent.

use std::fmt;

use crate::error::Cause;
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum TokenFailure {
    NotSendable,
    Empty,
    TooLong { length: usize, limit: usize },
}

impl Cause for TokenFailure {
    fn status(&self) -> Status {
        Status::Token
    }
}

impl fmt::Display for TokenFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSendable => f.write_str(
                "The access token contains a character that a header cannot carry. Give the token alone, \
                 without \"Bearer\" and without line breaks.",
            ),
            Self::Empty => f.write_str("The access token is empty. Give one for Microsoft Graph."),
            Self::TooLong { length, limit } => write!(
                f,
                "The access token has {length} bytes. Give one for Microsoft Graph, which has at most {limit}."
            ),
        }
    }
}
