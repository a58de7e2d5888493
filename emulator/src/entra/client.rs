//! Which application calls the token endpoint, and whether it has proved so.

use super::assertion;
use super::error::EntraError;
use super::form::Form;
use super::tenant::{authority, known_tenant};
use crate::directory::Application;
use crate::http::Request;
use crate::state::State;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The application of `client_id`, unproved.
pub(super) fn named(state: &State, form: &Form) -> Result<Application, EntraError> {
    let id = form.required("client_id")?;
    state.applications.find(id).cloned().ok_or_else(|| EntraError::unknown_application(id))
}

/// The application of `client_id`, proved by assertion or secret; without either only if it is public.
pub(super) fn proved(
    state: &State,
    request: &Request,
    form: &Form,
    tenant: &str,
) -> Result<Application, EntraError> {
    let application = named(state, form)?;
    let is_client_credentials = form.get("grant_type") == Some("client_credentials");
    match (form.get("client_assertion"), form.get("client_secret")) {
        (Some(assertion), _) => {
            if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(EntraError::assertion_type());
            }
            assertion::check(
                assertion,
                &application,
                &audiences(state, request, tenant)?,
                state.now(),
            )?;
        }
        (None, Some(secret)) if !application.secrets.iter().any(|known| known == secret) => {
            return Err(EntraError::wrong_secret(&application.id));
        }
        (None, Some(_)) => {}
        (None, None) if is_client_credentials => {
            return Err(EntraError::no_credential_for_client_credentials());
        }
        (None, None) if !application.is_public => return Err(EntraError::no_credential()),
        (None, None) => {}
    }
    Ok(application)
}

/// The endpoint and the issuer, by the tenant's name in the path and by its id.
fn audiences(state: &State, request: &Request, tenant: &str) -> Result<Vec<String>, EntraError> {
    let names = [tenant, known_tenant(tenant)?];
    let forms = names.map(|name| authority(state, request, name));
    Ok(forms
        .iter()
        .flat_map(|authority| {
            [format!("{authority}/oauth2/v2.0/token"), format!("{authority}/v2.0")]
        })
        .collect())
}
