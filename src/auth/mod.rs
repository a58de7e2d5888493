//! Where a bearer token comes from.

mod claims;
mod credential;
mod escaped;
mod failure;
mod token;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use claims::Claims;
pub(crate) use credential::app_id;
pub use credential::{AccessToken, Credential};
pub(crate) use failure::AuthFailure;
pub(crate) use token::Token;
