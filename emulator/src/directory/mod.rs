//! The directory of the emulated tenants: users and app registrations.

mod application;
mod public_key;
mod tenant;
mod user;
mod well_known;

pub(crate) use application::{Application, Applications};
pub(crate) use public_key::PublicKey;
pub(crate) use tenant::{Tenant, Tenants};
pub(crate) use user::{Directory, NewUser, User};
pub(crate) use well_known::DOMAIN;
pub use well_known::{APP_ID, CLIENT_SECRET, MANAGED_IDENTITY_ID, TENANT_ID};
