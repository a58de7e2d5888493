//! GET /{tenant}/v2.0/adminconsent. The consent is given at once, without a page.
//! <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use super::authorize::destination;
use super::error::EntraError;
use super::form::Form;
use super::response_mode::ResponseMode;
use super::tenant::known_tenant;
use crate::http::{Answer, Request};
use crate::state::State;

pub(super) fn admin_consent(
    state: &mut State,
    request: &Request,
    tenant: &str,
) -> Result<Answer, EntraError> {
    let form = Form::of_query(request);
    let (application, redirect_uri) = destination(state, &form, tenant)?;
    let tenant = known_tenant(state, tenant)?.id;
    state.applications.consent(&application, &tenant);
    let mut parameters = vec![("admin_consent", "True".to_owned()), ("tenant", tenant)];
    for name in ["scope", "state"] {
        parameters.extend(form.get(name).map(|value| (name, value.to_owned())));
    }
    Ok(ResponseMode::Query.send_back(&redirect_uri, &parameters))
}
