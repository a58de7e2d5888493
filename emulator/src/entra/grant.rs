//! The result of a grant: the granted scopes, and the token response.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2>

use serde_json::{Value, json};

use super::claims::RequestedClaims;
use super::error::EntraError;
use super::form::Form;
use super::tenant::{authority, tenant_of};
use crate::directory::{Application, Tenant};
use crate::http::{Answer, Request};
use crate::state::State;
use crate::token::{IdToken, Issue, ScopeError, Scopes, TokenRequest, client_info};

/// A request to the token endpoint from an authenticated client.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) request: &'a Request,
    pub(super) form: &'a Form,
    pub(super) application: Application,
    /// The tenant's name in the path.
    pub(super) tenant_name: &'a str,
    pub(super) tenant: Tenant,
}

/// A user who has signed in, now or when the refresh token was issued.
#[derive(Debug)]
pub(super) struct SignedIn {
    /// The object id.
    pub(super) user: String,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
}

/// The scopes of a delegated request. An error if the application lacks consent for one of them.
pub(super) fn scopes(text: &str, application: &Application) -> Result<Scopes, EntraError> {
    if application.needs_admin_consent {
        return Err(EntraError::no_consent(application));
    }
    let consented = application.scopes.as_deref();
    Scopes::parse(text, consented).map_err(|error| scope_error(error, text, application))
}

/// Checks the scopes without regard to consent.
pub(super) fn check_scopes(text: &str, application: &Application) -> Result<(), EntraError> {
    let parsed = Scopes::parse(text, None).map(|_| ());
    parsed.map_err(|error| scope_error(error, text, application))
}

fn scope_error(error: ScopeError, text: &str, application: &Application) -> EntraError {
    match error {
        ScopeError::Empty => EntraError::missing_parameter("scope"),
        ScopeError::MixedDefault => EntraError::mixed_default_scope(text),
        ScopeError::NoConsent => EntraError::no_consent(application),
    }
}

/// The resource of an application token. The scope must be `<resource>/.default`.
pub(super) fn default_scope(text: &str) -> Result<&str, EntraError> {
    let resource = text
        .strip_suffix("/.default")
        .filter(|resource| !resource.is_empty() && !resource.contains(' '));
    resource.ok_or_else(|| EntraError::default_scope(text))
}

impl Exchange<'_> {
    /// The response to an application that acts as itself. Without an administrator's consent, the token has no roles.
    pub(super) fn to_application(
        &self,
        state: &mut State,
        resource: &str,
    ) -> Result<Answer, EntraError> {
        let roles = match self.application.needs_admin_consent {
            true => Vec::new(),
            false => self.application.roles.clone(),
        };
        let token = TokenRequest { permissions: Some(roles), ..TokenRequest::default() };
        let token = self.mint(state, token, &self.tenant, resource)?;
        Ok(answer(state, json!({"access_token": token})))
    }

    /// The response to an application that acts for a user, with a refresh token if `offline_access` was requested. As
    /// in Entra, a refresh token stays valid after use.
    pub(super) fn to_user(
        &self,
        state: &mut State,
        signed_in: SignedIn,
    ) -> Result<Answer, EntraError> {
        let SignedIn { user: id, scopes, nonce } = signed_in;
        let user = state.directory.find(&id).cloned();
        let user = user.ok_or_else(|| EntraError::unknown_user(&id))?;
        let tenant = tenant_of(state, self.tenant_name, &user)?;
        let token = TokenRequest {
            user: Some(id.clone()),
            permissions: Some(scopes.permissions.clone()),
            ..TokenRequest::default()
        };
        let token = self.mint(state, token, &tenant, &scopes.resource)?;
        let mut body = json!({"access_token": token, "scope": scopes.text()});
        if scopes.is_open_id {
            let issue = self.issue(state, &tenant);
            body["id_token"] = state.key.sign(&IdToken::new(issue, &user, &scopes, nonce)).into();
        }
        if self.form.get("client_info") == Some("1") {
            body["client_info"] = client_info(&id, &tenant.id).into();
        }
        if scopes.is_offline {
            let (app, now) = (&self.application.id, state.now());
            let token =
                state.sign_ins.open_refresh_token(app, &id, &scopes, now, &mut state.random);
            body["refresh_token"] = token.into();
        }
        Ok(answer(state, body))
    }

    /// The issuer, application, tenant and lifetime of a token.
    fn issue(&self, state: &mut State, tenant: &Tenant) -> Issue {
        let now = state.now().as_second();
        Issue {
            issuer: format!("{}/v2.0", authority(state, self.request, &tenant.id)),
            app_id: self.application.id.clone(),
            tenant_id: tenant.id.clone(),
            uti: state.random.guid(),
            from: now,
            until: now.saturating_add(state.settings.token_lifetime.whole()),
        }
    }

    fn mint(
        &self,
        state: &mut State,
        request: TokenRequest,
        tenant: &Tenant,
        resource: &str,
    ) -> Result<String, EntraError> {
        let RequestedClaims { acrs, client_capabilities, .. } = RequestedClaims::of(self.form)?;
        let lifetime = state.settings.token_lifetime.whole();
        Ok(state.mint(TokenRequest {
            app_id: Some(self.application.id.clone()),
            tenant: Some(tenant.id.clone()),
            audience: Some(resource.into()),
            expires_in_seconds: Some(lifetime),
            acrs,
            client_capabilities,
            ..request
        }))
    }
}

fn answer(state: &State, mut body: Value) -> Answer {
    let lifetime = state.settings.token_lifetime.whole();
    body["token_type"] = "Bearer".into();
    body["expires_in"] = lifetime.into();
    body["ext_expires_in"] = lifetime.into();
    Answer::json(200, &body)
}

#[cfg(test)]
mod tests {
    use super::default_scope;

    #[test]
    fn an_application_asks_for_all_of_one_resource() {
        assert_eq!(
            default_scope("https://graph.microsoft.com/.default").unwrap(),
            "https://graph.microsoft.com"
        );
        for scope in
            ["Presence.ReadWrite.All", "/.default", "https://a/.default https://b/.default"]
        {
            assert!(default_scope(scope).is_err(), "{scope}");
        }
    }
}
