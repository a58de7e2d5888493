//! A client assertion: an application signs in as itself with a token from another identity provider that Entra trusts. <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>

use std::fmt;

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::callback::ask;
use super::entra::Entra;
use super::file;
use super::form::Form;
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;
use crate::token::Secret;

/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential>
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Fetch = dyn Fn() -> Result<String, String> + Send + Sync;

/// Signs in with an assertion; see [`Credential::client_assertion`].
pub struct ClientAssertion(Assertion);

/// The source of assertions. A new one is fetched for each sign-in, since it is valid for minutes only.
pub(super) enum Assertion {
    Callback(Box<Fetch>),
    File(String),
    Text(Secret),
}

impl Credential {
    /// An application signs in as itself with an assertion: a token from another identity provider, which a federated
    /// credential of the application trusts. `assertion` fetches one for each sign-in, on a thread of its own.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::client_assertion("contoso.com", "22553876-f5ab", || {
    ///     // Ask the identity provider for a token whose audience is api://AzureADTokenExchange.
    ///     Ok("eyJ0eXAi".into())
    /// })
    /// .build()?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn client_assertion(
        tenant_id: &str,
        client_id: &str,
        assertion: impl Fn() -> Result<String, String> + Send + Sync + 'static,
    ) -> CredentialBuilder<ClientAssertion> {
        CredentialBuilder::of(ClientAssertion(Assertion::Callback(Box::new(assertion))))
            .tenant_id(tenant_id)
            .client_id(client_id)
    }

    /// The same with a file that another program keeps up to date. It is read again for each sign-in.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let file = "/var/run/secrets/tokens/azure-identity-token";
    /// let credential =
    ///     Credential::client_assertion_file("contoso.com", "22553876-f5ab", file).build()?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn client_assertion_file(
        tenant_id: &str,
        client_id: &str,
        path: impl Into<String>,
    ) -> CredentialBuilder<ClientAssertion> {
        CredentialBuilder::of(ClientAssertion(Assertion::File(path.into())))
            .tenant_id(tenant_id)
            .client_id(client_id)
    }
}

impl ClientAssertion {
    /// Uses an assertion that the caller has fetched, until it expires.
    pub(crate) fn of_text(assertion: &str) -> CredentialBuilder<Self> {
        CredentialBuilder::of(Self(Assertion::Text(Secret::new(assertion))))
    }
}

impl Way for ClientAssertion {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        let entra = Entra::new(options, options.tenant_id()?, options.client_id()?)?;
        Ok(Box::new(ByAssertion { entra, assertion: self.0 }))
    }
}

struct ByAssertion {
    entra: Entra,
    assertion: Assertion,
}

impl SignIn for ByAssertion {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        token(&self.entra, attempt, &self.assertion.fetch()?)
    }

    fn identity(&self) -> Identity {
        self.entra.identity("clientAssertion")
    }
}

impl Assertion {
    fn fetch(&self) -> Result<Secret, Error> {
        match self {
            Self::Callback(fetch) => {
                let fetched = zeroize::Zeroizing::new(ask("its assertion callback", fetch)?);
                let reason = "its assertion callback set something that is not a JWT";
                checked("assertion", &fetched)
                    .map_err(|_| AuthFailure::Callback { reason: reason.into() }.into())
            }
            Self::File(path) => of_file("assertion_file", path),
            Self::Text(text) => checked("client_assertion", text.as_str()),
        }
    }
}

/// Signs in with an assertion.
pub(super) fn token(
    entra: &Entra,
    attempt: &Attempt,
    assertion: &Secret,
) -> Result<AccessToken, Error> {
    let form = Form::new("client_credentials").with("scope", &entra.options.application_scope());
    entra.token(attempt, with_assertion(form, assertion))
}

/// Adds an assertion to a form.
pub(super) fn with_assertion(form: Form, assertion: &Secret) -> Form {
    form.with("client_assertion_type", ASSERTION_TYPE).with_secret("client_assertion", assertion)
}

/// Reads the assertion in a file. `name` is the option or variable with the path.
pub(super) fn of_file(name: &'static str, path: &str) -> Result<Secret, Error> {
    let unusable = |reason| AuthFailure::File { name, path: path.into(), reason };
    let text = file::text(path).map_err(unusable)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text); // as Windows PowerShell writes UTF-8
    match text.trim() {
        "" => Err(unusable("it is empty".into()).into()),
        text if is_token(text) => Ok(Secret::new(text)),
        _ => Err(unusable("it has something else in it than a JWT".into()).into()),
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Checks that an assertion consists of the characters of a token.
pub(super) fn checked(name: &'static str, text: &str) -> Result<Secret, Error> {
    let text = text.trim();
    match is_token(text) {
        true => Ok(Secret::new(text)),
        false => {
            let reason = "contains no token. Give a JWT alone".into();
            Err(AuthFailure::Field { name, reason }.into())
        }
    }
}

impl fmt::Debug for ClientAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientAssertion")
    }
}
