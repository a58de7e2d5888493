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
                "there is no access token; give the client a credential or the request a token",
            ),
            Self::Callback { reason } => write!(f, "the credential gave no token: {}", Truncated(reason)),
            Self::Late { after } => write!(
                f,
                "the credential gave no token within {} s; raise the timeout, or look why its callback is slow",
                after.as_secs_f64()
            ),
            Self::NotSendable => f.write_str(
                "the access token has a character that a header cannot carry; give the token alone, \
                 without \"Bearer\" and without line breaks",
            ),
            Self::Empty => f.write_str("the access token is empty; give one for Microsoft Graph"),
            Self::TooLong { length, limit } => write!(
                f,
                "the access token has {length} bytes; give one for Microsoft Graph, which has at most {limit}"
            ),
        }
    }
}
