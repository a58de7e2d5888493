//! GET /{tenant}/v2.0/adminconsent. The consent is given at once, without a page.
//! <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use super::authorize::destination;
use super::client;
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
    let consenting = known_tenant(state, tenant)?;
    let application = client::named(state, &form, &consenting)?;
    let back = form.get("redirect_uri").map(|_| destination(state, &form, tenant)).transpose()?;
    state.applications.consent(&application, &consenting.id);
    // An administrator who follows the link of an error has no application to go back to.
    let Some((_, redirect_uri)) = back else {
        let page = "<!doctype html><title>Consent</title><p>The application has the consent.";
        return Ok(Answer::text(200, "text/html; charset=utf-8", page));
    };
    let mut parameters = vec![("admin_consent", "True".to_owned()), ("tenant", consenting.id)];
    for name in ["scope", "state"] {
        parameters.extend(form.get(name).map(|value| (name, value.to_owned())));
    }
    Ok(ResponseMode::Query.send_back(&redirect_uri, &parameters))
}
