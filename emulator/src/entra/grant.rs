//! What was granted: scopes asked for, and the token answer made of them.

use serde_json::{Value, json};

use super::error::EntraError;
use crate::directory::Application;
use crate::http::Answer;
use crate::state::State;
use crate::token::{ScopeError, Scopes, TokenRequest};

/// The scopes that a delegated request asks for, as far as the application has consent for them.
pub(super) fn scopes(text: &str, application: &Application) -> Result<Scopes, EntraError> {
    Scopes::parse(text, application.scopes.as_deref()).map_err(|error| match error {
        ScopeError::NoResource => EntraError::no_scope(),
        ScopeError::NoConsent => EntraError::no_consent(&application.id),
    })
}

/// The resource of an application's own token: the scope must be `<resource>/.default`.
pub(super) fn default_scope(text: &str) -> Result<&str, EntraError> {
    let resource = text
        .strip_suffix("/.default")
        .filter(|resource| !resource.is_empty() && !resource.contains(' '));
    resource.ok_or_else(|| EntraError::default_scope(text))
}

/// The answer to an application that acts as itself.
pub(super) fn to_application(
    state: &mut State,
    application: &Application,
    resource: &str,
) -> Answer {
    let token = TokenRequest {
        app_id: Some(application.id.clone()),
        permissions: Some(application.roles.clone()),
        ..TokenRequest::default()
    };
    let token = mint(state, token, resource);
    answer(state, json!({"access_token": token}))
}

/// The answer to an application that acts for a user. `refresh_token`: the one to use next time.
pub(super) fn to_user(
    state: &mut State,
    application: &Application,
    user: &str,
    scopes: &Scopes,
    refresh_token: Option<String>,
) -> Answer {
    let token = |permissions: Vec<String>| TokenRequest {
        app_id: Some(application.id.clone()),
        user: Some(user.into()),
        permissions: Some(permissions),
        ..TokenRequest::default()
    };
    let mut body = json!({
        "access_token": mint(state, token(scopes.permissions.clone()), &scopes.resource),
        "scope": scopes.text(),
    });
    if scopes.is_open_id {
        body["id_token"] = mint(state, token(Vec::new()), &application.id).into();
    }
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = refresh_token.into();
    }
    answer(state, body)
}

fn mint(state: &mut State, request: TokenRequest, resource: &str) -> String {
    let lifetime = state.settings.token_lifetime.whole();
    state.mint(TokenRequest {
        audience: Some(resource.into()),
        expires_in_seconds: Some(lifetime),
        ..request
    })
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
