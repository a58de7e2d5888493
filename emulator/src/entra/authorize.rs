//! GET /{tenant}/oauth2/v2.0/authorize: signs a user in without a page and sends the browser back with a code.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>

use super::client;
use super::error::{EntraError, Trace};
use super::form::Form;
use super::grant;
use super::response_mode::{ResponseMode, escape};
use super::tenant::{known_tenant, tenant_of};
use crate::directory::{Application, User};
use crate::http::{Answer, Request};
use crate::state::{Code, Decision, State};
use crate::token::client_info;

/// The accepted values of `prompt`. The emulator never shows a page.
const PROMPTS: [&str; 4] = ["login", "select_account", "consent", "none"];

/// An error is shown as a page until the application and the redirect URI are known, and is sent in the redirect
/// afterwards.
pub(super) fn authorize(
    state: &mut State,
    request: &Request,
    tenant: &str,
    trace: &Trace,
) -> Result<Answer, EntraError> {
    let form = Form::of_query(request);
    let (application, redirect_uri) = match destination(state, &form, tenant) {
        Ok(known) => known,
        Err(error) => return Ok(page(&error, trace)),
    };
    let (mode, outcome) = match ResponseMode::of(&form) {
        Ok(mode) => (mode, open_code(state, &form, tenant, &application, &redirect_uri)),
        Err(error) => (ResponseMode::default(), Err(error)),
    };
    let is_signed_in = outcome.is_ok();
    let mut parameters = outcome.unwrap_or_else(|error| error.parameters(trace));
    parameters.extend(form.get("state").map(|state| ("state", state.to_owned())));
    if is_signed_in {
        parameters.push(("session_state", state.random.guid()));
    }
    Ok(mode.send_back(&redirect_uri, &parameters))
}

/// The application and the redirect URI.
pub(super) fn destination(
    state: &State,
    form: &Form,
    tenant: &str,
) -> Result<(Application, String), EntraError> {
    let tenant = known_tenant(state, tenant)?;
    let application = client::named(state, form, &tenant)?;
    let redirect_uri = form.required("redirect_uri")?;
    match is_registered(redirect_uri, &application) {
        true => Ok((application, redirect_uri.to_owned())),
        false => Err(EntraError::unregistered_redirect(redirect_uri, &application.id)),
    }
}

/// The parameters of the redirect after a sign-in.
fn open_code(
    state: &mut State,
    form: &Form,
    tenant: &str,
    application: &Application,
    redirect_uri: &str,
) -> Result<Vec<(&'static str, String)>, EntraError> {
    if form.get("response_type") != Some("code") {
        return Err(EntraError::response_type());
    }
    let scope = form.required("scope")?;
    if application.needs_admin_consent {
        return Err(EntraError::needs_admin_consent());
    }
    grant::scopes(scope, application)?;
    let challenge = code_challenge(form)?;
    let user = user(state, form)?;
    let tenant = tenant_of(state, tenant, &user)?;
    let now = state.now();
    let code = Code {
        code: String::new(),
        app: application.id.clone(),
        user: user.id.clone(),
        scope: scope.into(),
        redirect_uri: redirect_uri.into(),
        challenge,
        nonce: form.get("nonce").map(Into::into),
        expires: now,
        is_redeemed: false,
    };
    let mut parameters = vec![("code", state.sign_ins.open_code(code, now, &mut state.random))];
    if form.get("client_info") == Some("1") {
        parameters.push(("client_info", client_info(&user.id, &tenant.id)));
    }
    Ok(parameters)
}

/// The code challenge and its method (PKCE, RFC 7636).
fn code_challenge(form: &Form) -> Result<Option<(String, String)>, EntraError> {
    let method = form.get("code_challenge_method").unwrap_or("plain");
    let Some(challenge) = form.get("code_challenge") else { return Ok(None) };
    if !["plain", "S256"].contains(&method) {
        return Err(EntraError::challenge_method(method));
    }
    if !(43..=128).contains(&challenge.len()) {
        return Err(EntraError::challenge_size());
    }
    Ok(Some((challenge.to_owned(), method.to_owned())))
}

/// The user that a test has chosen for this sign-in; otherwise the user of `login_hint`; otherwise the user whose
/// sign-ins are approved automatically; otherwise the first user.
fn user(state: &mut State, form: &Form) -> Result<User, EntraError> {
    let prompt = form.get("prompt");
    if let Some(prompt) = prompt.filter(|prompt| !PROMPTS.contains(prompt)) {
        return Err(EntraError::prompt(prompt));
    }
    let named = match state.sign_ins.take_next() {
        Some(Decision::Declined) => return Err(EntraError::declined_consent()),
        Some(Decision::Approved(user)) => Some(user),
        _ => form.get("login_hint").map(Into::into),
    };
    if let Some(name) = named {
        let found = state.directory.find(&name).cloned();
        return found.ok_or_else(|| EntraError::unknown_user(&name));
    }
    let first = || state.directory.all().first().filter(|_| prompt != Some("none"));
    let user = state.approving_user().or_else(first).cloned();
    user.ok_or_else(EntraError::silent_sign_in)
}

/// Whether the redirect URI is allowed: a registered one, or a loopback address with any port and path (RFC 8252, 7.3).
/// None has a fragment (RFC 6749, 3.1.2), behind which the code would be lost, or a character that a header cannot hold.
fn is_registered(uri: &str, application: &Application) -> bool {
    let is_sound = uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    is_sound && (is_loopback(uri) || application.redirect_uris.iter().any(|known| known == uri))
}

fn is_loopback(uri: &str) -> bool {
    let hosts = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    hosts.iter().filter_map(|start| uri.strip_prefix(start)).any(|rest| {
        let (port, _path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        port.is_empty() || port.strip_prefix(':').is_some_and(is_port)
    })
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

fn page(error: &EntraError, trace: &Trace) -> Answer {
    let text = escape(&error.description(trace));
    let page = format!(
        "<!doctype html><title>Sign in to your account</title><p>Sorry, but we're having trouble signing you in.</p><p>{text}</p>"
    );
    Answer::text(error.status(), "text/html; charset=utf-8", page)
}
