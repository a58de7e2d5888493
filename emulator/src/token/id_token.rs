//! ID tokens: what a client learns about the user who signed in.
//! <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde::Serialize;
use serde_json::json;

use super::Scopes;
use crate::directory::User;

/// The claims of version 2.0. What the scopes `profile` and `email` do not ask for is left out.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IdToken {
    aud: String,
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    sub: String,
    tid: String,
    uti: String,
    ver: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Profile {
    name: String,
    oid: String,
    preferred_username: String,
}

/// Of one sign-in: who issues the token, to which application, in which tenant, from when to when.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub(crate) issuer: String,
    pub(crate) app_id: String,
    pub(crate) tenant_id: String,
    pub(crate) uti: String,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl IdToken {
    pub(crate) fn new(issue: Issue, user: &User, scopes: &Scopes, nonce: Option<String>) -> Self {
        let Issue { issuer, app_id, tenant_id, uti, from, until } = issue;
        let profile = || Profile {
            name: user.display_name.clone(),
            oid: user.id.clone(),
            preferred_username: user.user_principal_name.clone(),
        };
        Self {
            sub: subject(&app_id, &user.id),
            aud: app_id,
            iss: issuer,
            iat: from,
            nbf: from,
            exp: until,
            tid: tenant_id,
            uti,
            ver: "2.0",
            nonce,
            profile: scopes.is_profile.then(profile),
            email: scopes.is_email.then(|| user.user_principal_name.clone()),
        }
    }
}

/// The user as one application knows them: two applications cannot compare.
pub(crate) fn subject(app_id: &str, user_id: &str) -> String {
    let pair = format!("{app_id} {user_id}");
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, pair.as_bytes()))
}

/// `client_info`: by which ids the caches of Microsoft's libraries keep an account.
pub(crate) fn client_info(user_id: &str, tenant_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(json!({"uid": user_id, "utid": tenant_id}).to_string())
}
