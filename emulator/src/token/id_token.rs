//! ID tokens, which tell a client about the signed-in user.
//! <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde::Serialize;
use serde_json::json;

use super::Scopes;
use crate::directory::User;

/// The claims of version 2.0. Claims of the scopes `profile` and `email` are present only if these were requested.
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

/// The issue of a token: its issuer, application, tenant and lifetime.
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

/// The user's id for one application. It differs between applications, so that they cannot correlate users.
pub(crate) fn subject(app_id: &str, user_id: &str) -> String {
    let pair = format!("{app_id} {user_id}");
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, pair.as_bytes()))
}

/// `client_info`, with the ids that Microsoft's libraries use as keys in their token caches.
pub(crate) fn client_info(user_id: &str, tenant_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(json!({"uid": user_id, "utid": tenant_id}).to_string())
}
