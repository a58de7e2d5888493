//! Why there is no token, apart from refusals by the sign-in service.

use std::fmt;
use std::time::Duration;

use crate::error::Cause;
use crate::quoted::{Long, Quoted, Truncated};
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum AuthFailure {
    NoCredential,
    Callback {
        reason: Box<str>,
    },
    Late {
        after: Duration,
    },
    /// A required field of a credential is missing.
    Missing {
        name: &'static str,
    },
    /// The value is not kept: it may be a secret that was given in the wrong place.
    Id {
        name: &'static str,
    },
    Authority {
        given: Box<str>,
        reason: &'static str,
    },
    /// Another field of a credential has a value that cannot be used.
    Field {
        name: &'static str,
        reason: String,
    },
    /// A file whose path is in an option or a variable cannot be read.
    File {
        name: &'static str,
        path: Box<str>,
        reason: String,
    },
    /// This way to sign in is not set up on this machine. A chain tries its next link.
    NotSetUp {
        what: &'static str,
        reason: Box<str>,
    },
    /// The challenge of Azure Arc's agent cannot be answered.
    ArcKey {
        reason: Box<str>,
    },
    /// No link of a chain is set up; `told` has the reason of each.
    Chain {
        told: String,
    },
    /// A person would have to sign in, but a renewal in the background must not ask.
    NeedsPerson,
    /// The person did not finish in time.
    PersonLate,
    NoBrowser {
        programs: String,
    },
    /// The response of an endpoint does not contain a token.
    NotUnderstood {
        from: String,
        http_status: u16,
    },
}

impl Cause for AuthFailure {
    fn status(&self) -> Status {
        match self {
            Self::NoCredential | Self::NotSetUp { .. } | Self::Chain { .. } => Status::NoCredential,
            Self::NeedsPerson | Self::NoBrowser { .. } => Status::Interaction,
            Self::PersonLate => Status::Timeout,
            Self::Late { .. } => Status::Timeout,
            Self::Callback { .. } | Self::ArcKey { .. } | Self::File { .. } => Status::Token,
            Self::Missing { .. }
            | Self::Id { .. }
            | Self::Authority { .. }
            | Self::Field { .. } => Status::Option,
            Self::NotUnderstood { .. } => Status::SignIn,
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
                write!(f, "The credential provided no token: {}.", Long(reason))
            }
            Self::Late { after } => write!(
                f,
                "The credential provided no token within {} s. Find out what holds up the sign-in, such as a person \
                 who has to sign in again, or raise `timeout`.",
                after.as_secs_f64()
            ),
            Self::Missing { name } => {
                write!(f, "Option `{name}` is missing, and this way to sign in needs it.")
            }
            Self::Id { name } => write!(
                f,
                "Option `{name}` is not an id, and is not shown, because it may be a secret. Give a GUID{}.",
                match *name {
                    "tenant_id" => ", a domain such as contoso.onmicrosoft.com, or organizations",
                    _ => "",
                }
            ),
            Self::Authority { given, reason } => {
                write!(f, "Authority \"{}\" {reason}.", Quoted(given))
            }
            Self::Field { name, reason } => write!(f, "Option `{name}` {}.", Long(reason)),
            Self::File { name, path, reason } => write!(
                f,
                "The file \"{}\" of `{name}` cannot be read: {}.",
                Quoted(path),
                Truncated(reason)
            ),
            Self::NotSetUp { what, reason } => {
                write!(f, "{what} is not set up here: {}.", Long(reason))
            }
            Self::Chain { told } => {
                write!(f, "No credential of the chain is set up here. {}", told)
            }
            Self::NeedsPerson => f.write_str("A person must sign in again."),
            Self::PersonLate => {
                f.write_str("The sign-in was not finished in time. Start it again.")
            }
            Self::NoBrowser { programs } => write!(
                f,
                "No browser could be opened (tried {programs}). Sign in with a device code instead, which takes a browser on any machine."
            ),
            Self::ArcKey { reason } => write!(
                f,
                "The agent of Azure Arc asks for proof that cannot be given: {}.",
                Truncated(reason)
            ),
            Self::NotUnderstood { from, http_status } => write!(
                f,
                "{from} answered the sign-in ({http_status}) with something that is not a token. Check the \
                 authority, and whether a proxy answers in its place."
            ),
        }
    }
}
