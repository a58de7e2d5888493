//! Where access tokens come from.

mod credential;
mod failure;

pub use credential::{AccessToken, Credential};
pub(crate) use failure::AuthFailure;
