//! How a client is set up. Everything has a default; nothing is opened before the first request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::Credential;
use crate::call::Setup;
use crate::client::Client;
use crate::error::Error;
use crate::log::{Level, Log, Sink};
use crate::transport::{Cloud, Http, HttpOptions, Origin, RetryRule, TransportFailure};

/// The options of a [`Client`]. Their names are those of the C ABI.
#[derive(Clone, Default)]
pub struct ClientBuilder {
    cloud: Cloud,
    base_url: Option<String>,
    allow_loopback_http: bool,
    credential: Option<Credential>,
    user_agent: Option<String>,
    proxy_url: Option<String>,
    ca_file: Option<String>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    retry_budget: Option<Duration>,
    max_attempts: Option<u32>,
    max_in_flight: Option<u32>,
    log: Option<(Level, Arc<Sink>)>,
}

impl Client {
    /// A client for the worldwide service, unless the builder says otherwise.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// Longest wait for one answer, retries included.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(100);
    /// Longest wait for a connection.
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
    /// Which of Microsoft's clouds; worldwide by default.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Scheme, host and port instead of a cloud's. The token goes nowhere else.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Lets the base URL be plain http where it is on loopback, for an emulator.
    #[must_use]
    pub fn allow_loopback_http(mut self) -> Self {
        self.allow_loopback_http = true;
        self
    }

    /// Where tokens come from; without it each request brings its own.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = Some(credential);
        self
    }

    /// The User-Agent header; `mgpresence/VERSION` by default.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// An HTTP proxy for https, with user and password in the URL where it wants them; empty for none. By default the
    /// system's, and none for loopback. Plain http takes none: a proxy would see the token.
    #[must_use]
    pub fn proxy_url(mut self, url: impl Into<String>) -> Self {
        self.proxy_url = Some(url.into());
        self
    }

    /// A PEM file of certificates that are trusted beside the system's.
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<String>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// Longest wait for one answer, retries included; [`ClientBuilder::DEFAULT_TIMEOUT`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Longest wait for a connection; [`ClientBuilder::DEFAULT_CONNECT_TIMEOUT`].
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// All waits between the attempts of one call together; 60 s by default.
    #[must_use]
    pub fn retry_budget(mut self, budget: Duration) -> Self {
        self.retry_budget = Some(budget);
        self
    }

    /// How many times a request is sent at most; 6 by default, 1 for no retry. A host that cannot be reached is not
    /// tried again.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// Requests on the wire at a time, 32 by default; further ones wait. A wait of [`Client::send`] is part of its
    /// timeout; see [`Client::submit`] for those in a queue.
    #[must_use]
    pub fn max_in_flight(mut self, requests: u32) -> Self {
        self.max_in_flight = Some(requests);
        self
    }

    /// Where lines about the work go, up to a level. Called on a thread of its own, one line at a time, in order. No
    /// request waits for it: of the lines that a slow one falls behind by, a thousand wait and the others are counted.
    #[must_use]
    pub fn log(
        mut self,
        most: Level,
        sink: impl Fn(Level, &str, &str) + Send + Sync + 'static,
    ) -> Self {
        self.log = Some((most, Arc::new(sink)));
        self
    }

    /// Makes the client. Sends nothing.
    ///
    /// # Errors
    /// [`Status::Option`](crate::Status::Option) for a base URL, a proxy or a number that cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        for (name, number) in
            [("max_attempts", self.max_attempts), ("max_in_flight", self.max_in_flight)]
        {
            if number == Some(0) {
                let reason = "is 0. Give 1 or more".into();
                return Err(TransportFailure::Option { name, reason }.into());
            }
        }
        let base_url = self.base_url.as_deref().unwrap_or(self.cloud.base_url());
        let version = concat!("mgpresence/", env!("CARGO_PKG_VERSION"));
        let http = Http::new(HttpOptions {
            origin: Origin::new(base_url, self.allow_loopback_http)?,
            user_agent: self.user_agent.unwrap_or_else(|| version.into()),
            proxy_url: self.proxy_url,
            ca_file: self.ca_file,
            connect_timeout: self.connect_timeout.unwrap_or(Self::DEFAULT_CONNECT_TIMEOUT),
            max_in_flight: self.max_in_flight.unwrap_or(32),
        })?;
        Ok(Client::new(Setup {
            http,
            credential: self.credential,
            log: self.log.map(|(most, sink)| Log::new(most, sink)).unwrap_or_default(),
            retry: RetryRule {
                max_attempts: self.max_attempts.unwrap_or(RetryRule::DEFAULT.max_attempts),
                budget: self.retry_budget.unwrap_or(RetryRule::DEFAULT.budget),
            },
            timeout: self.timeout.unwrap_or(Self::DEFAULT_TIMEOUT),
        }))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("cloud", &self.cloud)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
