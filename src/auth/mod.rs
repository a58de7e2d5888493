//! Where a bearer token comes from.

mod claims;
mod credential;
mod escaped;
mod failure;
mod token;

pub(crate) use credential::app_id;
pub use credential::{AccessToken, Credential};
pub(crate) use failure::AuthFailure;
pub(crate) use token::Token;
