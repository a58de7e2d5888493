//! The tenant in a path of Entra, and its issuer.
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints>

use super::error::EntraError;
use crate::directory::{Tenant, User};
use crate::http::Request;
use crate::state::State;

/// The names that stand for any tenant; the tenant is then that of the user who signs in.
const ANY: [&str; 2] = ["common", "organizations"];

/// The issuer. It starts with the origin that the client used, because clients compare the two.
pub(super) fn authority(state: &State, request: &Request, tenant: &str) -> String {
    format!("{}/{tenant}", state.origin(request))
}

pub(super) fn is_any(name: &str) -> bool {
    ANY.iter().any(|any| any.eq_ignore_ascii_case(name))
}

/// The tenant that a path names by id or domain; the first tenant if the path stands for any.
pub(super) fn known_tenant(state: &State, name: &str) -> Result<Tenant, EntraError> {
    let found = match is_any(name) {
        true => Some(state.tenants.first()),
        false => state.tenants.find(name),
    };
    found.cloned().ok_or_else(|| EntraError::unknown_tenant(name))
}

/// The tenant that issues the user's token; the user's home tenant if the path stands for any.
pub(super) fn tenant_of(state: &State, name: &str, user: &User) -> Result<Tenant, EntraError> {
    match is_any(name) {
        true => Ok(state.tenants.home_of(&user.user_principal_name).clone()),
        false => known_tenant(state, name),
    }
}
