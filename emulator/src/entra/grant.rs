//! What was granted: scopes asked for, and the token answer made of them.

use serde_json::{Value, json};

use super::error::EntraError;
use crate::directory::Application;
use crate::http::Answer;
use crate::state::World;
use crate::token::TokenRequest;

const GRAPH: &str = "https://graph.microsoft.com";

/// Scopes that are about the sign-in and not about a resource.
const OPEN_ID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scopes of a delegated request: one resource, and its permissions by their short names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Scopes {
    pub(super) resource: String,
    pub(super) permissions: Vec<String>,
    pub(super) is_offline: bool,
    pub(super) is_open_id: bool,
}

impl Scopes {
    /// Short names are Graph's; `<resource>/.default` means all that was consented to.
    pub(super) fn of(text: &str, application: &Application) -> Result<Self, EntraError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let has = |word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        let of_resource: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !OPEN_ID.iter().any(|known| known.eq_ignore_ascii_case(word)))
            .collect();
        let (resource, _) = split(of_resource.first().ok_or_else(EntraError::no_scope)?);
        let mut permissions = Vec::new();
        for (_, name) in of_resource.iter().map(|word| split(word)) {
            match (name, &application.scopes) {
                (".default", Some(consented)) => permissions.extend(consented.clone()),
                (".default", None) => {
                    permissions.extend(["Presence.ReadWrite".into(), "Presence.Read.All".into()])
                }
                (name, Some(consented))
                    if !consented.iter().any(|known| known.eq_ignore_ascii_case(name)) =>
                {
                    return Err(EntraError::no_consent(&application.id));
                }
                (name, _) => permissions.push(name.to_owned()),
            }
        }
        Ok(Self {
            resource: resource.into(),
            permissions,
            is_offline: has("offline_access"),
            is_open_id: has("openid"),
        })
    }

    /// As the answer to a token request lists them.
    fn text(&self) -> String {
        let names = self.permissions.iter().map(|name| format!("{}/{name}", self.resource));
        names.collect::<Vec<_>>().join(" ")
    }
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
    world: &mut World,
    application: &Application,
    resource: &str,
) -> Answer {
    let token = TokenRequest {
        app_id: Some(application.id.clone()),
        permissions: Some(application.roles.clone()),
        ..TokenRequest::default()
    };
    let token = mint(world, token, resource);
    answer(world, json!({"access_token": token}))
}

/// The answer to an application that acts for a user. `refresh_token`: the one to use next time.
pub(super) fn to_user(
    world: &mut World,
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
        "access_token": mint(world, token(scopes.permissions.clone()), &scopes.resource),
        "scope": scopes.text(),
    });
    if scopes.is_open_id {
        body["id_token"] = mint(world, token(Vec::new()), &application.id).into();
    }
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = refresh_token.into();
    }
    answer(world, body)
}

fn mint(world: &mut World, request: TokenRequest, resource: &str) -> String {
    let lifetime = world.settings.semantics.token_lifetime_seconds;
    world.mint(TokenRequest {
        audience: Some(resource.into()),
        expires_in_seconds: Some(lifetime),
        ..request
    })
}

fn answer(world: &World, mut body: Value) -> Answer {
    let lifetime = world.settings.semantics.token_lifetime_seconds;
    body["token_type"] = "Bearer".into();
    body["expires_in"] = lifetime.into();
    body["ext_expires_in"] = lifetime.into();
    Answer::json(200, &body)
}

/// Resource and short name of a scope.
fn split(scope: &str) -> (&str, &str) {
    match scope.rsplit_once('/') {
        Some((resource, name)) => (resource, name),
        None => (GRAPH, scope),
    }
}

#[cfg(test)]
mod tests {
    use super::{Scopes, default_scope};
    use crate::directory::Applications;

    #[test]
    fn scopes_come_short_or_with_their_resource() {
        let applications = Applications::default();
        let application = applications.find(crate::APP_ID).unwrap();
        let long = Scopes::of(
            "https://graph.microsoft.com/Presence.ReadWrite offline_access",
            application,
        )
        .unwrap();
        let short = Scopes::of("offline_access Presence.ReadWrite", application).unwrap();
        assert_eq!(long, short);
        assert!(long.is_offline && !long.is_open_id);
        assert!(Scopes::of("openid offline_access", application).is_err());
    }

    #[test]
    fn what_was_not_consented_to_is_not_granted() {
        let json = r#"{"appId": "a", "scopes": ["Presence.Read"]}"#;
        let application = serde_json::from_str(json).unwrap();
        assert!(Scopes::of("Presence.ReadWrite", &application).is_err());
        assert_eq!(
            Scopes::of("https://graph.microsoft.com/.default", &application).unwrap().permissions,
            ["Presence.Read"]
        );
    }

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
