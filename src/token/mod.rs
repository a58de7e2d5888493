//! An access token in memory, and what it says of itself. Without I/O.

mod bearer;
mod claims;
mod escaped;
mod failure;
mod secret;

pub(crate) use bearer::Token;
pub(crate) use claims::{Claims, Holder};
pub(crate) use failure::TokenFailure;
pub(crate) use secret::Secret;
