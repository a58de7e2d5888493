//! POST /{tenant}/oauth2/v2.0/devicecode. <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>

use serde_json::json;

use super::client;
use super::error::EntraError;
use super::form::Form;
use super::grant;
use super::tenant::known_tenant;
use crate::http::{Answer, Request};
use crate::state::{DEVICE_CODE_LIFETIME, Decision, State};

/// Opens a sign-in, which the control API decides. It is approved at once if there is a user whose sign-ins are
/// approved automatically.
pub(super) fn device_code(
    state: &mut State,
    request: &Request,
    tenant: &str,
) -> Result<Answer, EntraError> {
    let form = Form::posted(request)?;
    let tenant = known_tenant(state, tenant)?;
    let application = client::named(state, &form, &tenant)?;
    let scope = form.required("scope")?;
    // Missing consent is reported when the client polls, because the user sees it first.
    grant::check_scopes(scope, &application)?;
    let approved = state.approving_user().map(|user| Decision::Approved(user.id.clone()));
    let (now, decision) = (state.now(), approved.unwrap_or(Decision::Pending));
    let opened =
        state.sign_ins.open_device(&application.id, scope, decision, now, &mut state.random);
    let page = format!("{}/_emulator/signIns", state.origin(request));
    let message = format!("To sign in, POST {{\"user\": …}} to {page}/{}", opened.user_code);
    Ok(Answer::json(
        200,
        &json!({
            "device_code": opened.code,
            "user_code": opened.user_code,
            "verification_uri": page,
            "expires_in": DEVICE_CODE_LIFETIME.as_secs(),
            "interval": state.settings.device_code_interval,
            "message": message,
        }),
    ))
}
