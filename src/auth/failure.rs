//! Why there is no token.

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
}

impl Cause for AuthFailure {
    fn status(&self) -> Status {
        match self {
            Self::NoCredential => Status::NoCredential,
            Self::Late { .. } => Status::Timeout,
            Self::Callback { .. } => Status::Token,
        }
    }
}

impl fmt::Display for AuthFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredential => f.write_str(
                "There is no access token. Give the client a credential or the request a token.",
            ),
            Self::Callback { reason } => {
                write!(f, "The credential provided no token: {}.", Truncated(reason))
            }
            Self::Late { after } => write!(
                f,
                "The credential provided no token within {} s. Raise the timeout, or find out why its callback \
                 is slow.",
                after.as_secs_f64()
            ),
        }
    }
}
