//! Where access tokens come from.

mod access_token;
mod advice;
mod attempt;
mod authority;
mod builder;
mod callback;
mod certificate;
mod challenge;
mod client_assertion;
mod client_certificate;
mod client_secret;
mod credential;
mod entra;
mod environment;
mod failure;
mod form;
mod network;
mod options;
mod refused;
mod sign_in;
mod source;

pub use access_token::AccessToken;
pub use builder::CredentialBuilder;
pub(crate) use builder::PERSON_TIMEOUT;
pub(crate) use builder::Way;
pub use certificate::Certificate;
pub(crate) use challenge::claims_challenge;
pub use client_certificate::ClientCertificate;
pub use client_secret::ClientSecret;
pub use credential::Credential;
pub(crate) use failure::AuthFailure;
pub(crate) use source::Wanted;
