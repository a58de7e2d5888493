//! The application that calls an endpoint, and its authentication.

use super::assertion;
use super::error::EntraError;
use super::form::Form;
use super::tenant::authority;
use crate::directory::{Application, Tenant};
use crate::http::Request;
use crate::state::State;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The application with the given `client_id` in that tenant, not authenticated.
pub(super) fn named(
    state: &State,
    form: &Form,
    tenant: &Tenant,
) -> Result<Application, EntraError> {
    let id = form.required("client_id")?;
    let found = state.applications.find(id, &tenant.id);
    let application = found.ok_or_else(|| EntraError::unknown_application(id, tenant))?;
    match application.is_disabled {
        true => Err(EntraError::disabled_application(&application)),
        false => Ok(application),
    }
}

/// The application with the given `client_id`, authenticated by an assertion or a secret. Only a public client needs
/// neither. `tenant_name` is the tenant's name in the path.
pub(super) fn proved(
    state: &State,
    request: &Request,
    form: &Form,
    (tenant_name, tenant): (&str, &Tenant),
) -> Result<Application, EntraError> {
    let application = named(state, form, tenant)?;
    let is_client_credentials = form.get("grant_type") == Some("client_credentials");
    match (form.get("client_assertion"), form.get("client_secret")) {
        (Some(assertion), _) => {
            if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(EntraError::assertion_type());
            }
            let audiences = audiences(state, request, [tenant_name, &tenant.id]);
            assertion::check(assertion, &application, &audiences, &state.key, state.now())?;
        }
        (None, Some(secret)) => check_secret(state, &application, secret)?,
        (None, None) if is_client_credentials => {
            return Err(EntraError::no_credential_for_client_credentials());
        }
        (None, None) if !application.is_public => return Err(EntraError::no_credential()),
        (None, None) => {}
    }
    Ok(application)
}

fn check_secret(state: &State, application: &Application, secret: &str) -> Result<(), EntraError> {
    let mut known = application.secrets.iter().filter(|known| known.text == secret).peekable();
    if known.peek().is_none() {
        return Err(EntraError::wrong_secret(&application.id));
    }
    let is_good = known.any(|known| known.end.is_none_or(|end| state.now() < end));
    is_good.then_some(()).ok_or_else(|| EntraError::expired_secret(&application.id))
}

/// The accepted audiences: the endpoint and the issuer, with each name of the tenant.
fn audiences(state: &State, request: &Request, names: [&str; 2]) -> Vec<String> {
    let forms = names.map(|name| authority(state, request, name));
    let both = |authority: &String| {
        [format!("{authority}/oauth2/v2.0/token"), format!("{authority}/v2.0")]
    };
    forms.iter().flat_map(both).collect()
}
