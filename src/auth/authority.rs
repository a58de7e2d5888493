//! Where a person or an application signs in: a tenant at the login host of a cloud, or at the caller's own authority.
//! <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>

use reqwest::Url;

use super::AuthFailure;
use super::options::Options;
use crate::error::Error;
use crate::quoted::Quoted;
use crate::transport::{Origin, TransportFailure};

/// A tenant at a login host: https, or http on loopback if the caller allows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Authority {
    origin: Origin,
    tenant_id: String,
}

/// The login hosts that `AZURE_AUTHORITY_HOST` may name. <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
const LOGIN_HOSTS: [&str; 7] = [
    "https://login.microsoftonline.com",
    "https://login.microsoft.com",
    "https://login.microsoftonline.us",
    "https://login.chinacloudapi.cn",
    "https://login.sovcloud-identity.fr",
    "https://login.sovcloud-identity.de",
    "https://login.sovcloud-identity.sg",
];

/// Sets the authority from the environment, unless the caller has set one. Only Microsoft's login hosts are accepted,
/// since another program that sets the variable could otherwise receive the secret.
pub(super) fn with_host_of_environment(mut options: Options) -> Result<Options, Error> {
    const NAME: &str = "AZURE_AUTHORITY_HOST";
    let Some(host) = options.environment.get(NAME).filter(|_| options.authority.is_none()) else {
        return Ok(options);
    };
    let host = host.trim_end_matches('/');
    let is_known = LOGIN_HOSTS.iter().any(|known| known.eq_ignore_ascii_case(host));
    let is_emulator = options.allow_loopback_http
        && Origin::new(host, true).is_ok_and(|origin| origin.is_loopback());
    if !is_known && !is_emulator {
        let reason = format!(
            "\"{}\" is not a login host of Microsoft. Set authority to use it",
            Quoted(host)
        );
        return Err(AuthFailure::Field { name: NAME, reason }.into());
    }
    options.authority = Some(host.into());
    Ok(options)
}

impl Authority {
    pub(super) fn new(options: &Options, tenant_id: String) -> Result<Self, Error> {
        let host = options.authority.as_deref().unwrap_or(options.cloud.login_host());
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

    /// The page on which an administrator consents to the application's permissions.
    /// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
    pub(super) fn consent_url(&self, client_id: &str) -> String {
        format!("{}/{}/adminconsent?client_id={client_id}", self.origin, self.tenant_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::environment::Environment;

    fn authority(given: Option<&str>, allow_loopback_http: bool) -> Result<String, String> {
        let authority = given.map(Into::into);
        let options = Options { authority, allow_loopback_http, ..Options::default() };
        let authority = Authority::new(&options, "contoso.example".into());
        let token = authority.and_then(|authority| authority.endpoint("token"));
        token.map(Into::into).map_err(|error| error.to_string())
    }

    #[test]
    fn a_token_comes_from_the_clouds_login_host_or_the_callers_authority() {
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
    fn the_environment_can_set_only_microsofts_login_hosts() {
        for (host, allow_loopback_http, is_taken) in [
            ("https://login.microsoftonline.us/", false, true),
            ("https://LOGIN.microsoftonline.com", false, true),
            ("https://login.evil.example", false, false),
            ("https://login.microsoftonline.com.evil.example", false, false),
            ("http://127.0.0.1:8080", true, true),
            ("http://127.0.0.1:8080", false, false),
        ] {
            let variables = [("AZURE_AUTHORITY_HOST".to_string(), host.to_string())];
            let environment = Environment::given(variables);
            let options = Options { environment, allow_loopback_http, ..Options::default() };
            assert_eq!(with_host_of_environment(options).is_ok(), is_taken, "{host}");
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
