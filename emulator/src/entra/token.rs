//! POST /{tenant}/oauth2/v2.0/token, for every grant.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use super::claims::RequestedClaims;
use super::client;
use super::error::EntraError;
use super::form::Form;
use super::grant::{self, Exchange, SignedIn};
use super::tenant::known_tenant;
use crate::http::{Answer, Request};
use crate::state::{Decision, State};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(super) fn token(
    state: &mut State,
    request: &Request,
    tenant_name: &str,
) -> Result<Answer, EntraError> {
    let form = Form::posted(request)?;
    let tenant = known_tenant(state, tenant_name)?;
    let redeem = match form.required("grant_type")? {
        "client_credentials" => client_credentials,
        "authorization_code" => authorization_code,
        "refresh_token" => refresh_token,
        DEVICE_CODE | "device_code" => device_code,
        other => return Err(EntraError::unsupported_grant(other)),
    };
    let application = client::proved(state, request, &form, (tenant_name, &tenant))?;
    redeem(state, &Exchange { request, form: &form, application, tenant_name, tenant })
}

fn client_credentials(state: &mut State, exchange: &Exchange<'_>) -> Result<Answer, EntraError> {
    let resource = grant::default_scope(exchange.form.required("scope")?)?;
    exchange.to_application(state, resource)
}

fn authorization_code(state: &mut State, exchange: &Exchange<'_>) -> Result<Answer, EntraError> {
    let Exchange { form, application, .. } = exchange;
    let now = state.now();
    let text = form.required("code")?;
    let redirect_uri = form.required("redirect_uri")?;
    let code = state.sign_ins.code(text).ok_or_else(EntraError::malformed_grant)?;
    if code.app != application.id {
        return Err(EntraError::other_application());
    }
    if code.is_redeemed {
        return Err(EntraError::redeemed_code());
    }
    if code.expires <= now {
        return Err(EntraError::expired_code());
    }
    if code.redirect_uri != redirect_uri {
        return Err(EntraError::redirect_mismatch());
    }
    if let Some((challenge, method)) = &code.challenge {
        check_verifier(form.required("code_verifier")?, challenge, method)?;
    }
    code.is_redeemed = true;
    let code = code.clone();
    let scopes = grant::scopes(&code.scope, application)?;
    exchange.to_user(state, SignedIn { user: code.user, scopes, nonce: code.nonce })
}

/// Checks the code verifier against the challenge (PKCE, RFC 7636).
fn check_verifier(verifier: &str, challenge: &str, method: &str) -> Result<(), EntraError> {
    if !(43..=128).contains(&verifier.len()) {
        return Err(EntraError::verifier_size());
    }
    let derived = match method {
        "S256" => URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())),
        _ => verifier.to_owned(),
    };
    (derived == challenge).then_some(()).ok_or_else(EntraError::verifier_mismatch)
}

fn refresh_token(state: &mut State, exchange: &Exchange<'_>) -> Result<Answer, EntraError> {
    let Exchange { form, application, .. } = exchange;
    let known = state.sign_ins.refresh_token(form.required("refresh_token")?).cloned();
    let known = known
        .filter(|known| known.app == application.id)
        .ok_or_else(EntraError::malformed_grant)?;
    if known.is_revoked {
        return Err(EntraError::revoked());
    }
    if known.expires <= state.now() {
        return Err(EntraError::inactive_refresh_token());
    }
    if let Some(wanted) = state.claims_challenge.as_ref().filter(|wanted| wanted.is_interactive)
        && RequestedClaims::of(form)?.is_challenged
    {
        return Err(EntraError::interaction_required(wanted.claims()));
    }
    let mut scopes = match form.get("scope") {
        Some(scope) => grant::scopes(scope, application)?,
        None => known.scopes,
    };
    scopes.is_offline = true;
    exchange.to_user(state, SignedIn { user: known.user, scopes, nonce: None })
}

fn device_code(state: &mut State, exchange: &Exchange<'_>) -> Result<Answer, EntraError> {
    let Exchange { form, application, .. } = exchange;
    let text = form.required("device_code")?;
    let known = state.sign_ins.device(text).cloned();
    let known = known
        .filter(|known| known.app == application.id)
        .ok_or_else(EntraError::unknown_device_code)?;
    if known.expires <= state.now() {
        return Err(EntraError::device_code_expired());
    }
    match known.decision {
        Decision::Pending => Err(EntraError::authorization_pending()),
        Decision::SlowDown => Err(EntraError::slow_down()),
        Decision::Declined => Err(EntraError::authorization_declined()),
        Decision::Approved(user) => {
            let scopes = grant::scopes(&known.scope, application)?;
            state.sign_ins.close_device(text);
            exchange.to_user(state, SignedIn { user, scopes, nonce: None })
        }
    }
}
