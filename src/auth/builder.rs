//! The options of a credential that signs in. Nothing is read or sent before the first request.

use std::fmt;
use std::time::Duration;

use super::Credential;
use super::environment::Environment;
use super::options::Options;
use super::sign_in::SignIn;
use crate::error::Error;
use crate::transport::Cloud;

/// How long a person has to sign in, as in Microsoft's own modules.
pub(crate) const PERSON_TIMEOUT: Duration = Duration::from_secs(120);

/// The longest time of an explicit sign-in: the time of a person, and some for the requests before and after.
pub(crate) const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(180);

/// A way to sign in, which the builder turns into a [`SignIn`].
pub(crate) trait Way {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error>;
}

/// A way to sign in whose type is known at run time only.
pub(crate) trait AnyWay {
    fn sign_in_boxed(self: Box<Self>, options: &Options) -> Result<Box<dyn SignIn>, Error>;
}

impl<K: Way> AnyWay for K {
    fn sign_in_boxed(self: Box<Self>, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        self.sign_in(options)
    }
}

impl Way for Box<dyn AnyWay> {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        self.sign_in_boxed(options)
    }
}

impl CredentialBuilder<Box<dyn AnyWay>> {
    /// A builder with the common options only.
    pub(crate) fn any(way: Box<dyn AnyWay>) -> Self {
        Self::of(way)
    }
}

/// The options of a [`Credential`] that signs in. `K` is the way to sign in, which may have options of its own. Each
/// has the same name in the C ABI.
///
/// # Example
/// ```
/// use mgpresence::{Cloud, Credential};
///
/// let credential = Credential::client_secret("contoso.onmicrosoft.us", "22553876-f5ab", "for the example")
///     .cloud(Cloud::UsGov)
///     .build()?; // sends nothing
/// # Ok::<(), mgpresence::Error>(())
/// ```
pub struct CredentialBuilder<K> {
    pub(super) options: Options,
    pub(super) kind: K,
}

impl<K> CredentialBuilder<K> {
    pub(super) fn of(kind: K) -> Self {
        Self { options: Options::default(), kind }
    }

    /// The Microsoft cloud to sign in to. The default is the worldwide one. Use the same cloud as for the client.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.options.cloud = cloud;
        self
    }

    /// The scheme, host and port to sign in at, in place of the cloud's login host. Secrets are not sent anywhere else.
    #[must_use]
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.options.authority = Some(url.into());
        self
    }

    /// Allows an authority with plain http if it is on loopback, for an emulator.
    #[must_use]
    pub fn allow_loopback_http(mut self) -> Self {
        self.options.allow_loopback_http = true;
        self
    }

    /// The tenant: its id or one of its domains. For a person the default is `organizations`, any organization.
    #[must_use]
    pub fn tenant_id(mut self, id: impl Into<String>) -> Self {
        self.options.tenant_id = Some(id.into());
        self
    }

    /// The client id of the application. For a managed identity, it selects one if there are several.
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.options.client_id = Some(id.into());
        self
    }

    /// The permissions to ask for. Names without a resource are Graph's. The default is everything that the application
    /// was granted (`https://graph.microsoft.com/.default`), or `Presence.ReadWrite` if a person signs in.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.options.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// How long a person has to sign in. The default is 120 s. Ways to sign in without a person ignore it.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// The URL of an HTTP proxy for https; see [`ClientBuilder::proxy_url`](crate::ClientBuilder::proxy_url). A managed
    /// identity never uses a proxy.
    #[must_use]
    pub fn proxy_url(mut self, url: impl Into<String>) -> Self {
        self.options.proxy_url = Some(url.into());
        self
    }

    /// The path of a PEM file with certificates to trust in addition to the system's.
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<String>) -> Self {
        self.options.ca_file = Some(path.into());
        self
    }

    /// Environment variables to read in place of the process environment, for the ways to sign in that read some. They may
    /// also name a proxy; see [`ClientBuilder::environment`](crate::ClientBuilder::environment).
    #[must_use]
    pub fn environment<N: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.options.environment = Environment::given(variables);
        self
    }
}

#[expect(private_bounds, reason = "the ways to sign in are this crate's")]
impl<K: Way + 'static> CredentialBuilder<K> {
    /// The way to sign in, without the common options.
    pub(crate) fn into_way(self) -> Box<dyn AnyWay> {
        Box::new(self.kind)
    }
}

#[expect(private_bounds, reason = "the ways to sign in are this crate's")]
impl<K: Way> CredentialBuilder<K> {
    /// Creates the credential. Nothing is read or sent before the first request.
    ///
    /// # Errors
    /// [`Status::Option`](crate::Status::Option) if an option is missing or cannot be used.
    pub fn build(mut self) -> Result<Credential, Error> {
        self.options.environment.read_proxies();
        Ok(Credential::from_sign_in(self.kind.sign_in(&self.options)?))
    }
}

impl<K> fmt::Debug for CredentialBuilder<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialBuilder").field("options", &self.options).finish_non_exhaustive()
    }
}
