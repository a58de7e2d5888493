//! Why there is no usable token.

use std::fmt;
use std::time::Duration;

use crate::error::Cause;
use crate::quoted::Truncated;
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum AuthFailure {
    NoCredential,
    Callback { reason: Box<str> },
    Late { after: Duration },
    NotSendable,
    Empty,
    TooLong { length: usize, limit: usize },
}

impl Cause for AuthFailure {
    fn status(&self) -> Status {
        match self {
            Self::NoCredential => Status::NoCredential,
            Self::Late { .. } => Status::Timeout,
            Self::Callback { .. } | Self::NotSendable | Self::Empty | Self::TooLong { .. } => {
                Status::Token
            }
        }
    }
}

impl fmt::Display for AuthFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredential => f.write_str(
                "There is no access token. Give the client a credential or the request a token.",
            ),
            Self::Callback { reason } => write!(f, "The credential provided no token: {}.", Truncated(reason)),
            Self::Late { after } => write!(
                f,
                "The credential provided no token within {} s. Raise the timeout, or find out why its callback \
                 is slow.",
                after.as_secs_f64()
            ),
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
