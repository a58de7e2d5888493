//! Tokens for tests, with claims made from a test's description of the caller.

use jiff::Timestamp;
use serde::Deserialize;

use super::Claims;
use super::id_token::subject;
use crate::directory::Directory;

/// The default lifetime. It is longer than any test moves the clock, so a token expires only if a test asks for it.
const LIFETIME_SECONDS: i64 = 30 * 24 * 3600;

/// The description of a token. With a user it is delegated (`scp`), without one it is an application token (`roles`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct TokenRequest {
    /// The application id. The default is the default application.
    pub(crate) app_id: Option<String>,
    /// Any name by which the directory finds a user. An unknown name is used as an object id.
    pub(crate) user: Option<String>,
    /// The permissions. The default permits reading and writing presence.
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) tenant: Option<String>,
    pub(crate) expires_in_seconds: Option<i64>,
    /// The resource that the token is for. The default is Graph.
    pub(crate) audience: Option<String>,
    /// Authentication contexts that the sign-in satisfied, such as `c1`.
    pub(crate) acrs: Vec<String>,
    /// The client's capabilities, such as `cp1`.
    pub(crate) client_capabilities: Vec<String>,
}

impl TokenRequest {
    pub(crate) fn into_claims(self, directory: &Directory, now: Timestamp, uti: String) -> Claims {
        let tenant = self.tenant.unwrap_or_else(|| crate::directory::TENANT_ID.into());
        let app = self.app_id.unwrap_or_else(|| crate::directory::APP_ID.into());
        let now = now.as_second();
        let claims = Claims {
            aud: Some(self.audience.unwrap_or_else(|| "https://graph.microsoft.com".into())),
            iss: Some(format!("https://sts.windows.net/{tenant}/")),
            iat: Some(now),
            nbf: Some(now),
            exp: Some(now.saturating_add(self.expires_in_seconds.unwrap_or(LIFETIME_SECONDS))),
            appid: Some(app.clone()),
            tid: Some(tenant),
            ver: Some("1.0".into()),
            uti: Some(uti),
            acrs: some(self.acrs),
            xms_cc: some(self.client_capabilities),
            ..Claims::default()
        };
        let Some(name) = self.user else {
            let roles = self.permissions.unwrap_or_else(|| vec!["Presence.ReadWrite.All".into()]);
            return Claims {
                idtyp: Some("app".into()),
                oid: Some(crate::guid::of_name(&app)),
                sub: Some(crate::guid::of_name(&app)),
                roles: Some(roles),
                ..claims
            };
        };
        let scopes = self
            .permissions
            .unwrap_or_else(|| vec!["Presence.ReadWrite".into(), "Presence.Read.All".into()]);
        let user = directory.find(&name);
        Claims {
            idtyp: Some("user".into()),
            name: user.map(|user| user.display_name.clone()),
            sub: Some(subject(&app, user.map_or(&name, |user| &user.id))),
            oid: Some(user.map_or(name, |user| user.id.clone())),
            upn: user.map(|user| user.user_principal_name.clone()),
            scp: Some(scopes.join(" ")),
            ..claims
        }
    }
}

fn some(list: Vec<String>) -> Option<Vec<String>> {
    Some(list).filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Directory, Timestamp, TokenRequest};

    #[test]
    fn a_user_makes_the_token_delegated() {
        let directory = Directory::of_default_users();
        let request = TokenRequest { user: Some("adele".into()), ..TokenRequest::default() };
        let claims = request.into_claims(&directory, Timestamp::UNIX_EPOCH, String::new());
        assert_eq!(claims.oid.as_deref(), Some("fa8bf3dc-eca7-46b7-bad1-db199b62afc3"));
        assert_eq!((claims.scp.is_some(), claims.roles), (true, None));

        let claims =
            TokenRequest::default().into_claims(&directory, Timestamp::UNIX_EPOCH, String::new());
        assert_eq!((claims.scp, claims.roles.is_some()), (None, true));
    }
}
