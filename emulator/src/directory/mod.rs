//! The directory of the emulated tenant: its users and its app registrations.

mod application;
mod public_key;
mod user;

pub(crate) use application::{Application, Applications};
pub(crate) use public_key::PublicKey;
pub(crate) use user::{DOMAIN, Directory, NewUser, User};
