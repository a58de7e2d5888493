//! Where a person or an application signs in: the login host of a cloud, or the caller's own, and a tenant there.
//! <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>

use reqwest::Url;

use super::AuthFailure;
use super::options::Options;
use crate::error::Error;
use crate::transport::{Cloud, Origin, TransportFailure};

/// A tenant at a login host: https, or http on loopback where the caller has asked for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Authority {
    origin: Origin,
    tenant_id: String,
}

/// The login host of a cloud.
pub(super) fn login_host(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Global => "https://login.microsoftonline.com",
        Cloud::UsGov | Cloud::UsGovDod => "https://login.microsoftonline.us",
        Cloud::Bleu => "https://login.sovcloud-identity.fr",
    }
}

impl Authority {
    pub(super) fn new(options: &Options, tenant_id: String) -> Result<Self, Error> {
        let host = options.authority.as_deref().unwrap_or(login_host(options.cloud));
        let origin =
            Origin::new(host, options.allow_loopback_http).map_err(|failure| match failure {
                TransportFailure::BaseUrl { given, reason } => {
                    Error::from(AuthFailure::Authority { given, reason })
                }
                other => other.into(),
            })?;
        Ok(Self { origin, tenant_id })
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// `token`, `devicecode` or `authorize`.
    pub(super) fn endpoint(&self, name: &str) -> Result<Url, Error> {
        Ok(self.origin.join(&format!("/{}/oauth2/v2.0/{name}", self.tenant_id))?)
    }

    /// Where an administrator grants an application what it asks for.
    /// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
    pub(super) fn consent_url(&self, client_id: &str) -> String {
        format!("{}/{}/adminconsent?client_id={client_id}", self.origin, self.tenant_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(given: Option<&str>, allow_loopback_http: bool) -> Result<String, String> {
        let authority = given.map(Into::into);
        let options = Options { authority, allow_loopback_http, ..Options::default() };
        let authority = Authority::new(&options, "contoso.example".into());
        let token = authority.and_then(|authority| authority.endpoint("token"));
        token.map(Into::into).map_err(|error| error.to_string())
    }

    #[test]
    fn a_token_is_fetched_from_the_login_host_of_the_cloud_or_the_callers_own() {
        for (given, token) in [
            (None, "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"),
            (
                Some("https://login.contoso.example/"),
                "https://login.contoso.example/contoso.example/oauth2/v2.0/token",
            ),
            (
                Some("http://127.0.0.1:8080"),
                "http://127.0.0.1:8080/contoso.example/oauth2/v2.0/token",
            ),
        ] {
            assert_eq!(authority(given, true).unwrap(), token);
        }
    }

    #[test]
    fn a_login_host_that_would_show_the_secret_is_refused() {
        for (given, why) in [
            ("http://login.microsoftonline.com", "would show the token on the wire"),
            ("http://127.0.0.1:8080", "is plain http"),
            ("https://login.microsoftonline.com/contoso", "has a path"),
            ("https://me@login.microsoftonline.com", "has a user name"),
            ("login.microsoftonline.com", "is not a URL"),
        ] {
            let text = authority(Some(given), false).unwrap_err();
            assert!(text.starts_with("Authority \"") && text.contains(why), "{text}");
        }
    }
}
