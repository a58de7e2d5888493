//! Managed identities: the endpoints from which a workload on Azure gets tokens without a secret.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview>

mod answer;
mod app_service;
mod arc;
mod machine;

pub(super) use app_service::app_service;
pub(super) use arc::arc;
pub(super) use machine::machine;
