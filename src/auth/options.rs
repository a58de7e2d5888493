//! The options that all ways to sign in have in common.

use std::fmt;
use std::time::Duration;

use super::AuthFailure;
use super::environment::Environment;
use super::sign_in::Identity;
use crate::error::Error;
use crate::transport::Cloud;

#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(super) cloud: Cloud,
    pub(super) authority: Option<String>,
    pub(super) allow_loopback_http: bool,
    pub(super) tenant_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) timeout: Option<Duration>,
    pub(super) proxy_url: Option<String>,
    pub(super) ca_file: Option<String>,
    pub(super) environment: Environment,
}

impl Options {
    /// The client id, checked.
    pub(super) fn client_id(&self) -> Result<String, Error> {
        given("client_id", self.client_id.as_deref())
    }

    pub(super) fn tenant_id(&self) -> Result<String, Error> {
        given("tenant_id", self.tenant_id.as_deref())
    }

    /// The client id for a way to sign in that does not require one.
    pub(super) fn client_id_if_given(&self) -> Result<Option<String>, Error> {
        self.client_id.is_some().then(|| self.client_id()).transpose()
    }

    pub(super) fn tenant_id_if_given(&self) -> Result<Option<String>, Error> {
        self.tenant_id.is_some().then(|| self.tenant_id()).transpose()
    }

    /// The options with ids that are not given taken from `AZURE_TENANT_ID` and `AZURE_CLIENT_ID`. Without those, `what`
    /// is not set up.
    pub(super) fn with_ids_of_environment(mut self, what: &'static str) -> Result<Self, Error> {
        for (id, name) in
            [(&mut self.tenant_id, "AZURE_TENANT_ID"), (&mut self.client_id, "AZURE_CLIENT_ID")]
        {
            *id = Some(self.environment.fill(what, name, id.take())?);
        }
        Ok(self)
    }

    /// Who signs in with these options, as far as it is known before.
    pub(super) fn identity_in_environment(&self, kind: &'static str) -> Identity {
        let of =
            |given: &Option<String>, name| given.clone().or_else(|| self.environment.get(name));
        Identity {
            kind,
            client_id: of(&self.client_id, "AZURE_CLIENT_ID"),
            tenant_id: of(&self.tenant_id, "AZURE_TENANT_ID"),
        }
    }

    /// The scope for an application that signs in as itself. The default is everything that it was granted.
    pub(super) fn application_scope(&self) -> String {
        match self.scopes.as_slice() {
            [] => self.with_resource(".default"),
            scopes => {
                scopes.iter().map(|scope| self.with_resource(scope)).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// A scope of a resource. A name without one is Graph's, in the cloud of the credential.
    fn with_resource(&self, scope: &str) -> String {
        match scope.contains('/') {
            true => scope.into(),
            false => format!("{}/{scope}", self.cloud.base_url()),
        }
    }

    /// The scopes for a person.
    pub(super) fn user_scopes(&self) -> String {
        const DEFAULT: &str = "Presence.ReadWrite";
        /// The scopes for which Entra returns the account and a refresh token.
        const OPEN_ID: [&str; 3] = ["openid", "profile", "offline_access"];
        let given = self.scopes.iter().map(String::as_str);
        let given: Vec<&str> = if self.scopes.is_empty() { vec![DEFAULT] } else { given.collect() };
        let resource = given.iter().filter(|scope| !OPEN_ID.contains(scope)).map(|scope| {
            if *scope == "email" { (*scope).to_string() } else { self.with_resource(scope) }
        });
        resource.chain(OPEN_ID.map(String::from)).collect::<Vec<_>>().join(" ")
    }

    /// The resource for a managed identity: that of the first scope, or the scope itself if it ends with the host.
    pub(super) fn resource(&self) -> String {
        let Some(scope) = self.scopes.first() else { return self.cloud.base_url().into() };
        let scope = self.with_resource(scope);
        match scope.rsplit_once('/') {
            Some((resource, _)) if !resource.ends_with(":/") => resource.into(),
            _ => scope,
        }
    }
}

fn given(name: &'static str, id: Option<&str>) -> Result<String, Error> {
    let id = id.filter(|id| !id.is_empty()).ok_or(AuthFailure::Missing { name })?;
    checked(name, id)
}

/// Checks that an id is a GUID or a domain name, so that it cannot change the path or the host of a URL.
fn checked(name: &'static str, id: &str) -> Result<String, Error> {
    const LONGEST: usize = 253;
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let is_path = id.bytes().all(|byte| byte == b'.');
    match !id.is_empty() && id.len() <= LONGEST && id.bytes().all(is_id) && !is_path {
        true => Ok(id.into()),
        false => Err(AuthFailure::Id { name }.into()),
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_change_where_a_request_goes() {
        let long = "a".repeat(254);
        for (id, is_accepted) in [
            ("aaaabbbb-0000-cccc-1111-dddd2222eeee", true),
            ("contoso.onmicrosoft.com", true),
            ("organizations", true),
            ("", false),
            (".", false),
            ("..", false),
            ("a/b", false),
            ("a%2fb", false),
            ("a?b", false),
            ("a#b", false),
            ("a\\b", false),
            ("a@b", false),
            ("a b", false),
            ("ä", false),
            (&long, false),
        ] {
            assert_eq!(checked("tenant_id", id).is_ok(), is_accepted, "{id}");
        }
    }

    #[test]
    fn scopes_without_a_resource_are_graphs_in_the_cloud() {
        let scopes = |cloud, scopes: &[&str]| {
            let scopes = scopes.iter().map(ToString::to_string).collect();
            Options { cloud, scopes, ..Options::default() }
        };
        let plain = scopes(Cloud::Global, &[]);
        assert_eq!(plain.application_scope(), "https://graph.microsoft.com/.default");
        assert_eq!(plain.resource(), "https://graph.microsoft.com");
        let named = scopes(Cloud::UsGov, &["Presence.ReadWrite.All"]);
        assert_eq!(named.application_scope(), "https://graph.microsoft.us/Presence.ReadWrite.All");
        assert_eq!(named.resource(), "https://graph.microsoft.us");
        let other = scopes(Cloud::Global, &["api://x/.default", ".default"]);
        assert_eq!(
            other.application_scope(),
            "api://x/.default https://graph.microsoft.com/.default"
        );
        assert_eq!(other.resource(), "api://x");
        for (scope, resource) in [
            (
                "00000003-0000-0000-c000-000000000000/.default",
                "00000003-0000-0000-c000-000000000000",
            ),
            ("https://graph.microsoft.com/Presence.ReadWrite.All", "https://graph.microsoft.com"),
            ("https://vault.example//.default", "https://vault.example/"),
            ("https://vault.example", "https://vault.example"),
        ] {
            let given = scopes(Cloud::Global, &[scope]);
            assert_eq!(
                (given.application_scope().as_str(), given.resource().as_str()),
                (scope, resource)
            );
        }
        assert_eq!(
            plain.user_scopes(),
            "https://graph.microsoft.com/Presence.ReadWrite openid profile offline_access"
        );
        let gov = scopes(Cloud::UsGov, &["User.Read", "openid", "https://x.example/y"]);
        assert_eq!(
            gov.user_scopes(),
            "https://graph.microsoft.us/User.Read https://x.example/y openid profile offline_access"
        );
    }
}
