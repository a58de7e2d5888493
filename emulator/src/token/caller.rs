//! The caller that a bearer token identifies, and the caller's permissions.
//! <https://learn.microsoft.com/graph/permissions-reference#presence-permissions>

use jiff::Timestamp;

use super::{Claims, SigningKey};
use crate::http::{GraphError, Request};

/// An application that acts alone or on behalf of a user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Caller {
    /// The application id, from `appid` or otherwise `azp`.
    pub(crate) app: String,
    pub(crate) tenant: String,
    /// The signed-in user's id, or the name in the token if the directory does not know it. `None` if the application
    /// acts as itself.
    pub(crate) user: Option<String>,
    /// The authentication contexts that the sign-in satisfied.
    pub(super) acrs: Vec<String>,
    /// The time of issue in seconds since 1970.
    pub(super) valid_from: i64,
    permissions: Vec<String>,
}

impl Caller {
    /// Reads the Authorization header. With `key`, every token that it did not sign is rejected.
    pub(crate) fn of(
        request: &Request,
        now: Timestamp,
        key: Option<&SigningKey>,
    ) -> Result<Self, GraphError> {
        let header = request.header("authorization").unwrap_or_default();
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer") => token.trim(),
            _ => "",
        };
        if token.is_empty() {
            return Err(GraphError::invalid_token("Access token is empty."));
        }
        let claims = Claims::read(token).ok_or_else(|| {
            GraphError::invalid_token(
                "IDX14100: JWT is not well formed: three parts of base64url JSON are needed.",
            )
        })?;
        if key.is_some_and(|key| !key.is_signer_of(token)) {
            return Err(GraphError::invalid_token("IDX10511: Signature validation failed."));
        }
        // A caller's own token may lack an audience, but one for another service is the commonest mistake.
        if !claims.aud.as_deref().map_or(key.is_none(), is_graph) {
            return Err(GraphError::invalid_token(
                "Access token validation failure. Invalid audience.",
            ));
        }
        Self::from_claims(claims, now)
    }

    fn from_claims(claims: Claims, now: Timestamp) -> Result<Self, GraphError> {
        let now = now.as_second();
        if claims.exp.is_some_and(|end| end <= now) {
            return Err(GraphError::invalid_token(
                "Lifetime validation failed, the token is expired.",
            ));
        }
        if claims.nbf.is_some_and(|start| start > now.saturating_add(300)) {
            return Err(GraphError::invalid_token(
                "Lifetime validation failed, the token is not yet valid.",
            ));
        }
        let user = claims.user().map(Into::into);
        let app = claims.appid.or(claims.azp).filter(|app| !app.is_empty());
        let app = app.ok_or_else(|| {
            GraphError::invalid_token("The token names no application (appid or azp).")
        })?;
        let permissions = match claims.scp {
            Some(scopes) => scopes.split(' ').map(Into::into).collect(),
            None => claims.roles.unwrap_or_default(),
        };
        Ok(Self {
            app,
            tenant: claims.tid.unwrap_or_default(),
            user,
            acrs: claims.acrs.unwrap_or_default(),
            valid_from: claims.nbf.unwrap_or_default(),
            permissions,
        })
    }

    /// Whether `id` is the signed-in user.
    pub(crate) fn is(&self, id: &str) -> bool {
        self.user.as_deref().is_some_and(|user| user.eq_ignore_ascii_case(id))
    }

    /// The permission to write presence. [`Self::may_write`] checks for which user.
    pub(crate) fn check_write_scope(&self) -> Result<(), GraphError> {
        let needed =
            if self.user.is_some() { "Presence.ReadWrite" } else { "Presence.ReadWrite.All" };
        self.has_any(&[needed])
    }

    /// A signed-in user may write only their own presence; an application may write every presence.
    pub(crate) fn may_write(&self, id: &str) -> Result<(), GraphError> {
        self.check_write_scope()?;
        match self.user {
            Some(_) if !self.is(id) => Err(GraphError::another_user()),
            _ => Ok(()),
        }
    }

    /// The permission for the location actions, which only delegated permissions grant. [`Self::may_write`] checks for
    /// which user.
    pub(crate) fn may_write_location(&self) -> Result<(), GraphError> {
        match self.user {
            Some(_) => self.check_write_scope(),
            None => Err(GraphError::missing_scope()),
        }
    }

    /// The permission to read a user's presence. A user's own presence needs a lesser permission.
    pub(crate) fn may_read(&self, id: &str) -> Result<(), GraphError> {
        if self.is(id) { self.may_read_own() } else { self.may_read_all() }
    }

    pub(crate) fn may_read_own(&self) -> Result<(), GraphError> {
        match self.user {
            Some(_) => self.has_any(&["Presence.Read", "Presence.ReadWrite", "Presence.Read.All"]),
            None => self.may_read_all(),
        }
    }

    pub(crate) fn may_read_all(&self) -> Result<(), GraphError> {
        match self.user {
            Some(_) => self.has_any(&["Presence.Read.All"]),
            None => self.has_any(&["Presence.Read.All", "Presence.ReadWrite.All"]),
        }
    }

    fn has_any(&self, permissions: &[&str]) -> Result<(), GraphError> {
        let is_held =
            |wanted: &&str| self.permissions.iter().any(|held| held.eq_ignore_ascii_case(wanted));
        permissions.iter().any(is_held).then_some(()).ok_or_else(GraphError::missing_scope)
    }
}

/// Whether the audience is Graph, given by its root URL in any cloud or by its application id.
fn is_graph(audience: &str) -> bool {
    const ID: &str = "00000003-0000-0000-c000-000000000000";
    const ROOTS: [&str; 4] = [
        "graph.microsoft.com",
        "graph.microsoft.us",
        "dod-graph.microsoft.us",
        "microsoftgraph.chinacloudapi.cn",
    ];
    let host = audience.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
    audience == ID || host.is_some_and(|host| ROOTS.contains(&host))
}

#[cfg(test)]
mod tests {
    use super::{Caller, Claims, Request, SigningKey, Timestamp};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn delegated(scopes: &str) -> Caller {
        let claims = Claims {
            appid: Some("app".into()),
            oid: Some("me".into()),
            scp: Some(scopes.into()),
            ..Claims::default()
        };
        Caller::from_claims(claims, NOW).unwrap()
    }

    fn application(role: &str) -> Caller {
        let claims =
            Claims { azp: Some("app".into()), roles: Some(vec![role.into()]), ..Claims::default() };
        Caller::from_claims(claims, NOW).unwrap()
    }

    fn status(result: Result<(), crate::http::GraphError>) -> u16 {
        result.map_or_else(|error| error.status, |()| 200)
    }

    #[test]
    fn who_may_do_what() {
        // Rows: caller, write own, write another's, read own, read another's, location.
        let rows = [
            (delegated("Presence.ReadWrite"), [200, 401, 200, 403, 200]),
            (delegated("Presence.Read"), [403, 403, 200, 403, 403]),
            (delegated("User.Read Presence.Read.All"), [403, 403, 200, 200, 403]),
            (application("Presence.ReadWrite.All"), [200, 200, 200, 200, 403]),
            (application("Presence.Read.All"), [403, 403, 200, 200, 403]),
            (application("Presence.ReadWrite"), [403, 403, 403, 403, 403]),
        ];
        for (caller, expected) in rows {
            let results = [
                caller.may_write("me"),
                caller.may_write("you"),
                caller.may_read("me"),
                caller.may_read("you"),
                caller.may_write_location(),
            ];
            assert_eq!(results.map(status), expected, "{caller:?}");
        }
    }

    #[test]
    fn the_refusal_for_a_missing_scope_has_an_empty_message() {
        assert_eq!(delegated("User.Read").check_write_scope().unwrap_err().message, "");
    }

    fn bearing(value: &str) -> Request {
        Request { headers: vec![("authorization".into(), value.into())], ..Request::default() }
    }

    #[test]
    fn a_missing_or_garbled_token_is_refused() {
        for header in
            ["", "Bearer ", "Basic YTpi", "Bearer secret", "Bearer a.b.c", "Bearer e30.e30."]
        {
            let error = Caller::of(&bearing(header), NOW, None).unwrap_err();
            assert_eq!(
                (error.status, error.code.as_str()),
                (401, "InvalidAuthenticationToken"),
                "{header}"
            );
        }
    }

    #[test]
    fn an_expired_token_is_refused() {
        let claims =
            Claims { appid: Some("app".into()), exp: Some(NOW.as_second()), ..Claims::default() };
        let error = Caller::from_claims(claims, NOW).unwrap_err();
        assert!(error.message.contains("expired"), "{}", error.message);
    }

    #[test]
    fn a_foreign_signature_is_refused_only_where_signatures_count() {
        let claims = Claims { appid: Some("app".into()), ..Claims::default() };
        let request = bearing(&format!("bearer {}", SigningKey::generate().sign(&claims)));
        assert!(Caller::of(&request, NOW, None).is_ok());
        assert_eq!(
            Caller::of(&request, NOW, Some(&SigningKey::generate())).unwrap_err().status,
            401
        );
    }
}
