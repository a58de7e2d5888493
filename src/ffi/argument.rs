//! Failures of the arguments of C functions, in the words of the header.

use std::fmt;
use std::time::Duration;

use crate::error::Cause;
use crate::quoted::Long;
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum ArgumentFailure {
    Null(&'static str),
    Utf8(&'static str),
    StructSize(&'static str),
    Option {
        name: &'static str,
        reason: String,
    },
    Number {
        what: &'static str,
        given: i32,
    },
    TargetWithoutId,
    IdWithoutTarget,
    TargetOfCollection,
    ExpiryInHalf,
    /// A close had to end this many requests.
    Ended {
        count: usize,
        after: Duration,
    },
}

impl Cause for ArgumentFailure {
    fn status(&self) -> Status {
        match self {
            Self::Null(_) => Status::NullArgument,
            Self::Utf8(_) => Status::Utf8,
            Self::StructSize(_) => Status::StructSize,
            Self::Option { .. } => Status::Option,
            Self::Number { .. } | Self::TargetOfCollection => Status::Operation,
            Self::TargetWithoutId | Self::IdWithoutTarget => Status::InvalidId,
            Self::ExpiryInHalf => Status::InvalidValue,
            Self::Ended { .. } => Status::Timeout,
        }
    }
}

impl fmt::Display for ArgumentFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(name) => write!(f, "{name} is NULL, but the call needs it."),
            Self::Utf8(name) => write!(f, "{name} is not UTF-8. Convert it before the call."),
            Self::StructSize(name) => write!(
                f,
                "struct_size does not match any version of {name}. Set it with the header's INIT macro, and use \
                 a library as new as the header."
            ),
            Self::Option { name, reason } => write!(f, "Option `{name}` {}.", Long(reason)),
            Self::Number { what, given } => {
                write!(f, "{what} {given} is unknown. Use one of the header's constants.")
            }
            Self::TargetWithoutId => {
                f.write_str("target_id is NULL. Give a user's id, or set target to MGP_TARGET_ME.")
            }
            Self::IdWithoutTarget => f.write_str(
                "target_id is given, but target is MGP_TARGET_ME. Set target to MGP_TARGET_USER, or leave the \
                 id out.",
            ),
            Self::TargetOfCollection => f.write_str(
                "The operation applies to the whole collection. Leave target and target_id out.",
            ),
            Self::ExpiryInHalf => f.write_str(
                "An expiry needs a time and its time zone. Give both, or neither for a message without an end.",
            ),
            Self::Ended { count, after } => write!(
                f,
                "{count} request{} did not complete within {} s and {} ended. Give the close more time.",
                if *count == 1 { "" } else { "s" },
                after.as_secs_f64(),
                if *count == 1 { "was" } else { "were" }
            ),
        }
    }
}
