//! GET /{tenant}/oauth2/v2.0/authorize: signs a user in without a page and sends the browser back with a code.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::client;
use super::error::EntraError;
use super::form::Form;
use super::grant;
use super::tenant::known_tenant;
use crate::directory::Application;
use crate::http::{Answer, Request};
use crate::state::{Code, State};

/// Until application and address are known a mistake is shown as a page; afterwards it travels in the redirect.
pub(super) fn authorize(
    state: &mut State,
    request: &Request,
    tenant: &str,
) -> Result<Answer, EntraError> {
    let form = Form::of_query(request);
    let known = known_tenant(tenant).and_then(|_| {
        let application = client::named(state, &form)?;
        let redirect_uri = form.required("redirect_uri")?;
        match is_registered(redirect_uri, &application) {
            true => Ok((application, redirect_uri.to_owned())),
            false => {
                Err(EntraError::unregistered_redirect(redirect_uri, form.required("client_id")?))
            }
        }
    });
    let (application, redirect_uri) = match known {
        Ok(known) => known,
        Err(error) => return Ok(page(&error)),
    };
    let mut parameters = match open_code(state, &form, &application, &redirect_uri) {
        Ok(code) => vec![("code", code)],
        Err(error) => {
            vec![("error", error.word().to_owned()), ("error_description", error.description())]
        }
    };
    parameters.extend(form.get("state").map(|state| ("state", state.to_owned())));
    Ok(Answer::empty(302).with("location", with_parameters(&redirect_uri, &parameters)))
}

/// The user is the one of `login_hint`, else the one whose sign-ins are approved, else the first.
fn open_code(
    state: &mut State,
    form: &Form,
    application: &Application,
    redirect_uri: &str,
) -> Result<String, EntraError> {
    if form.get("response_type") != Some("code") {
        return Err(EntraError::response_type());
    }
    let scope = form.required("scope")?;
    grant::scopes(scope, application)?;
    let user = match form.get("login_hint") {
        Some(hint) => state.directory.find(hint).ok_or_else(|| EntraError::unknown_user(hint))?,
        None => {
            let user = state.approving_user().or(state.directory.all().first());
            user.ok_or_else(|| EntraError::unknown_user(""))?
        }
    };
    let method = form.get("code_challenge_method").unwrap_or("plain");
    let challenge =
        form.get("code_challenge").map(|challenge| (challenge.to_owned(), method.to_owned()));
    let now = state.now();
    let code = Code {
        code: String::new(),
        app: application.id.clone(),
        user: user.id.clone(),
        scope: scope.into(),
        redirect_uri: redirect_uri.into(),
        challenge,
        expires: now,
        is_redeemed: false,
    };
    Ok(state.sign_ins.open_code(code, now, &mut state.random))
}

/// As registered; a loopback address needs no registration here, with any port and path (RFC 8252, 7.3).
fn is_registered(uri: &str, application: &Application) -> bool {
    let is_loopback =
        ["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(|start| {
            uri.strip_prefix(start).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with([':', '/']) && !rest.contains('@')
            })
        });
    is_loopback || application.redirect_uris.iter().any(|known| known == uri)
}

fn page(error: &EntraError) -> Answer {
    let text = error.description().replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><title>Sign in to your account</title><p>Sorry, but we're having trouble signing you in.</p><p>{text}</p>"
    );
    Answer::text(error.status(), "text/html; charset=utf-8", page)
}

fn with_parameters(uri: &str, parameters: &[(&str, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    let mark = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{mark}{}", pairs.collect::<Vec<_>>().join("&"))
}
