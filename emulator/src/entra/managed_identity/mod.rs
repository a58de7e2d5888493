//! Managed identities: the endpoints through which Azure gives tokens to what runs on it, without a secret.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview>

mod answer;
mod app_service;
mod arc;
mod machine;

pub(super) use app_service::app_service;
pub(super) use arc::arc;
pub(super) use machine::machine;
