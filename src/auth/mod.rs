//! The sources of access tokens: one file for each way to sign in.

mod access_token;
mod advice;
mod attempt;
mod authority;
mod builder;
mod callback;
mod certificate;
mod chain;
mod challenge;
mod client_assertion;
mod client_certificate;
mod client_secret;
mod credential;
mod device_code;
mod entra;
mod environment;
mod environment_variables;
mod failure;
mod file;
mod form;
mod github_actions;
mod handover;
mod interactive_browser;
mod managed_identity;
mod network;

mod options;
mod pending_lines;
mod person;
mod prompt;
mod refused;
mod sign_in;
mod source;
mod workload_identity;

pub use access_token::AccessToken;
pub use builder::CredentialBuilder;
#[cfg(test)]
pub(crate) use builder::PERSON_TIMEOUT;
pub(crate) use builder::{AnyWay, SIGN_IN_TIMEOUT, Way};
pub use certificate::Certificate;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use certificate::sign_with;
pub use chain::Chain;
pub(crate) use challenge::claims_challenge;
pub use client_assertion::ClientAssertion;
pub use client_certificate::ClientCertificate;
pub use client_secret::ClientSecret;
pub use credential::Credential;
pub use device_code::DeviceCode;
pub(crate) use environment::Environment;
pub use environment_variables::EnvironmentVariables;
pub(crate) use failure::AuthFailure;
pub use github_actions::GitHubActions;
pub use interactive_browser::InteractiveBrowser;
pub use managed_identity::ManagedIdentity;
pub(crate) use person::AsksPerson;
pub use prompt::Prompt;
pub(crate) use source::Wanted;
pub use workload_identity::WorkloadIdentity;
