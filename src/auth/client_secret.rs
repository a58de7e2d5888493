//! A client secret: an application signs in as itself with a password.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::entra::Entra;
use super::form::Form;
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;
use crate::token::Secret;

/// Signs in with a client secret; see [`Credential::client_secret`].
#[derive(Debug)]
pub struct ClientSecret(Secret);

impl Credential {
    /// An application signs in as itself with a client secret. A certificate or a managed identity is safer, since it
    /// cannot be copied from a configuration file.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Client, Credential};
    ///
    /// let secret = std::env::var("PRESENCE_SECRET").unwrap_or("for the example".into());
    /// let credential = Credential::client_secret(
    ///     "contoso.onmicrosoft.com",
    ///     "22553876-f5ab-4529-bffb-cfe50aa89f87",
    ///     &secret,
    /// )
    /// .build()?;
    /// let client = Client::builder().credential(credential).build()?; // sends nothing yet
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn client_secret(
        tenant_id: &str,
        client_id: &str,
        secret: &str,
    ) -> CredentialBuilder<ClientSecret> {
        CredentialBuilder::of(ClientSecret::of(secret)).tenant_id(tenant_id).client_id(client_id)
    }
}

impl ClientSecret {
    pub(super) fn of(secret: &str) -> Self {
        Self(Secret::new(secret))
    }
}

impl Way for ClientSecret {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        let entra = Entra::new(options, options.tenant_id()?, options.client_id()?)?;
        if self.0.as_str().is_empty() {
            return Err(AuthFailure::Missing { name: "client_secret" }.into());
        }
        Ok(Box::new(BySecret { entra, secret: self.0 }))
    }
}

struct BySecret {
    entra: Entra,
    secret: Secret,
}

impl SignIn for BySecret {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        let form = Form::new("client_credentials")
            .with("scope", &self.entra.options.application_scope())
            .with_secret("client_secret", &self.secret);
        self.entra.token(attempt, form)
    }

    fn identity(&self) -> Identity {
        self.entra.identity("clientSecret")
    }
}
