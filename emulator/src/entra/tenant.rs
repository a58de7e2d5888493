//! The tenant in a path of Entra, and who issues its tokens.

use super::error::EntraError;
use crate::directory::{DOMAIN, TENANT_ID};
use crate::http::Request;
use crate::state::State;

/// Who issues: the origin that the client used, so that what it compares agrees.
pub(super) fn authority(state: &State, request: &Request, tenant: &str) -> String {
    format!("{}/{tenant}", state.origin(request))
}

/// The tenant's id. It is named by id, by domain, or, where any will do, by `common` or `organizations`.
pub(super) fn known_tenant(tenant: &str) -> Result<&'static str, EntraError> {
    let names = [TENANT_ID, DOMAIN, "common", "organizations"];
    let is_known = names.iter().any(|name| name.eq_ignore_ascii_case(tenant));
    is_known.then_some(TENANT_ID).ok_or_else(|| EntraError::unknown_tenant(tenant))
}
