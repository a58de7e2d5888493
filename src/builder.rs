//! The options of a client. Every option has a default, and no file or connection is opened before the first request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Credential, Environment};
use crate::call::Setup;
use crate::client::Client;
use crate::error::Error;
use crate::log::{Level, Log, Sink};
use crate::transport::{
    Cloud, Http, HttpOptions, Limits, Origin, Peer, RetryRule, Throttles, TransportFailure,
};

/// The options of a [`Client`]. Each has a default, and the same name in the C ABI.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use mgpresence::{Client, Cloud, Level};
///
/// let client = Client::builder()
///     .cloud(Cloud::UsGov)
///     .timeout(Duration::from_secs(30))
///     .max_attempts(3)
///     .log(Level::Warning, |level, subject, line| eprintln!("{level:?} {subject}: {line}"))
///     .build()?; // sends nothing
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct ClientBuilder {
    cloud: Cloud,
    base_url: Option<String>,
    allow_loopback_http: bool,
    credential: Option<Credential>,
    user_agent: Option<String>,
    proxy_url: Option<String>,
    environment: Environment,
    ca_file: Option<String>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    retry_budget: Option<Duration>,
    retry_delay: Option<Duration>,
    max_attempts: Option<u32>,
    max_in_flight: Option<u32>,
    throttle_start: Option<u32>,
    throttle_ceiling: Option<u32>,
    log: Option<(Level, Arc<Sink>)>,
}

impl Client {
    /// The options of a new client. By default it uses the worldwide service.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// The longest time to wait for a response, including retries: 100 s.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(100);
    /// The longest time to wait for a connection: 10 s.
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
    /// The longest total wait between the attempts of one call: 60 s.
    pub const DEFAULT_RETRY_BUDGET: Duration = RetryRule::DEFAULT.budget;
    /// The longest wait before the second attempt, if Graph does not ask for a longer one: half a second.
    pub const DEFAULT_RETRY_DELAY: Duration = RetryRule::DEFAULT.delay;
    /// The most times that a request is sent: 6.
    pub const DEFAULT_MAX_ATTEMPTS: u32 = RetryRule::DEFAULT.max_attempts;
    /// The most requests in flight at a time: 32.
    // Not public: cbindgen would write it into the header.
    pub(crate) const DEFAULT_MAX_IN_FLIGHT: u32 = 32;

    /// The first limit of requests within 30 s: 1500.
    pub const DEFAULT_THROTTLE_START: u32 = Limits::DEFAULT.start;
    /// The highest limit of requests within 30 s: 10000.
    pub const DEFAULT_THROTTLE_CEILING: u32 = Limits::DEFAULT.ceiling;
    /// For [`ClientBuilder::throttle_ceiling`]: no limit.
    pub const THROTTLE_NONE: u32 = Limits::NONE;

    /// The Microsoft cloud to use. The default is the worldwide one.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// The scheme, host and port to use in place of a cloud, such as `https://localhost:5000`. Write a host with letters beyond
    /// ASCII in its `xn--` form. The token is not sent anywhere else.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows a base URL with plain http if it is on loopback, for an emulator.
    #[must_use]
    pub fn allow_loopback_http(mut self) -> Self {
        self.allow_loopback_http = true;
        self
    }

    /// The source of access tokens. Without a credential, each request needs a token of its own; see
    /// [`Request::access_token`](crate::Request::access_token).
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = Some(credential);
        self
    }

    /// The User-Agent header. The default is `mgpresence/VERSION`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// The URL of an HTTP proxy for https, or an empty string for no proxy. If the proxy requires a user and a password, write
    /// them into the URL. The default is the system's proxy, or that of the
    /// environment when the client is built, and no proxy for loopback. With `REQUEST_METHOD` in the environment
    /// (CGI), `HTTPS_PROXY` and `ALL_PROXY` have no effect. Plain http never uses a proxy, because the proxy would see the
    /// token.
    #[must_use]
    pub fn proxy_url(mut self, url: impl Into<String>) -> Self {
        self.proxy_url = Some(url.into());
        self
    }

    /// Environment variables to read in place of the process environment, for a host with its own. They may name a proxy,
    /// as `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` do.
    #[must_use]
    pub fn environment<N: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.environment = Environment::given(variables);
        self
    }

    /// The path of a PEM file with certificates to trust in addition to the system's.
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<String>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// The longest time to wait for a response, including retries. The default is [`ClientBuilder::DEFAULT_TIMEOUT`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The longest time to wait for a connection. The default is [`ClientBuilder::DEFAULT_CONNECT_TIMEOUT`].
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// The longest total wait between the attempts of one call. The default is
    /// [`ClientBuilder::DEFAULT_RETRY_BUDGET`].
    #[must_use]
    pub fn retry_budget(mut self, budget: Duration) -> Self {
        self.retry_budget = Some(budget);
        self
    }

    /// The longest wait before the second attempt, if Graph does not ask for a longer one. The wait doubles with each
    /// further attempt, up to 32 times the first one, and a random part of up to half is subtracted. The default is
    /// [`ClientBuilder::DEFAULT_RETRY_DELAY`].
    #[must_use]
    pub fn retry_delay(mut self, delay: Duration) -> Self {
        self.retry_delay = Some(delay);
        self
    }

    /// The most times that a request is sent; 1 for no retry. There is no retry if the host cannot be reached. The
    /// default is [`ClientBuilder::DEFAULT_MAX_ATTEMPTS`].
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// The most requests in flight at a time. Others wait for a slot: with [`Client::send`] that wait is part of
    /// the timeout, with [`Client::submit`] it is not. The default is 32.
    #[must_use]
    pub fn max_in_flight(mut self, requests: u32) -> Self {
        self.max_in_flight = Some(requests);
        self
    }

    /// The first limit of requests within 30 s, for batched requests. The default is
    /// [`ClientBuilder::DEFAULT_THROTTLE_START`]. If a ceiling is given, the default is the ceiling, because a caller
    /// who gives one knows the limit.
    #[must_use]
    pub fn throttle_start(mut self, requests: u32) -> Self {
        self.throttle_start = Some(requests);
        self
    }

    /// The highest limit of requests within 30 s, for batched requests; [`ClientBuilder::THROTTLE_NONE`] for no limit.
    /// The default is [`ClientBuilder::DEFAULT_THROTTLE_CEILING`].
    ///
    /// All clients of a process share one limit for each application and tenant, with the values of the client that
    /// joined last and gave any. Requests that are not batched count toward the limit but never wait for it.
    #[must_use]
    pub fn throttle_ceiling(mut self, requests: u32) -> Self {
        self.throttle_ceiling = Some(requests);
        self
    }

    /// A function that receives log lines up to a level, with the level, the subject and the text. It is called on a
    /// thread of its own, with one line at a time, in order. No request waits for it: if it is slow, up to 1,000 lines
    /// are kept, and further lines are dropped and counted.
    #[must_use]
    pub fn log(
        mut self,
        most: Level,
        sink: impl Fn(Level, &str, &str) + Send + Sync + 'static,
    ) -> Self {
        self.log = Some((most, Arc::new(sink)));
        self
    }

    /// Creates the client. Nothing is sent before the first request.
    ///
    /// # Errors
    /// [`Status::Option`](crate::Status::Option) if a base URL, a proxy or a number cannot be used.
    pub fn build(mut self) -> Result<Client, Error> {
        for (name, number) in [
            ("max_attempts", self.max_attempts),
            ("max_in_flight", self.max_in_flight),
            ("throttle_start", self.throttle_start),
            ("throttle_ceiling", self.throttle_ceiling),
        ] {
            if number == Some(0) {
                let reason = "is 0. Give 1 or more".into();
                return Err(TransportFailure::Option { name, reason }.into());
            }
        }
        let base_url = self.base_url.as_deref().unwrap_or(self.cloud.base_url());
        let version = concat!("mgpresence/", env!("CARGO_PKG_VERSION"));
        let limits = Limits::given(self.throttle_start, self.throttle_ceiling);
        let origin = Origin::new(base_url, self.allow_loopback_http)?;
        self.environment.read_proxies();
        let proxy_url = self.environment.proxy(self.proxy_url, &origin)?;
        let throttles = Throttles::new(origin.to_string(), limits);
        let http = Http::new(HttpOptions {
            origin,
            peer: Peer::Graph,
            user_agent: self.user_agent.unwrap_or_else(|| version.into()),
            proxy_url,
            ca_file: self.ca_file,
            connect_timeout: self.connect_timeout.unwrap_or(Self::DEFAULT_CONNECT_TIMEOUT),
            max_in_flight: self.max_in_flight.unwrap_or(Self::DEFAULT_MAX_IN_FLIGHT),
        })?;
        Ok(Client::new(Setup {
            http,
            credential: self.credential,
            log: self.log.map(|(most, sink)| Log::new(most, sink)).unwrap_or_default(),
            retry: RetryRule {
                max_attempts: self.max_attempts.unwrap_or(Self::DEFAULT_MAX_ATTEMPTS),
                budget: self.retry_budget.unwrap_or(Self::DEFAULT_RETRY_BUDGET),
                delay: self.retry_delay.unwrap_or(Self::DEFAULT_RETRY_DELAY),
            },
            timeout: self.timeout.unwrap_or(Self::DEFAULT_TIMEOUT),
            throttles,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_name_the_defaults_that_apply() {
        let text = include_str!("builder.rs");
        let seconds =
            |name: &str, length: Duration| (name.to_string(), format!("{} s.", length.as_secs()));
        let number = |name: &str, number: u32| (name.to_string(), format!("{number}."));
        for (name, value) in [
            seconds("DEFAULT_TIMEOUT", ClientBuilder::DEFAULT_TIMEOUT),
            seconds("DEFAULT_CONNECT_TIMEOUT", ClientBuilder::DEFAULT_CONNECT_TIMEOUT),
            seconds("DEFAULT_RETRY_BUDGET", ClientBuilder::DEFAULT_RETRY_BUDGET),
            number("DEFAULT_MAX_ATTEMPTS", ClientBuilder::DEFAULT_MAX_ATTEMPTS),
            number("DEFAULT_MAX_IN_FLIGHT", ClientBuilder::DEFAULT_MAX_IN_FLIGHT),
            number("DEFAULT_THROTTLE_START", ClientBuilder::DEFAULT_THROTTLE_START),
            number("DEFAULT_THROTTLE_CEILING", ClientBuilder::DEFAULT_THROTTLE_CEILING),
        ] {
            let (before, _) = text.split_once(&format!("const {name}:")).unwrap();
            let doc = before.lines().rfind(|line| line.trim_start().starts_with("///")).unwrap();
            assert!(doc.ends_with(&format!(": {value}")), "{name} is {value} {doc}");
        }
        let slots = format!("The default is {}.", ClientBuilder::DEFAULT_MAX_IN_FLIGHT);
        assert!(
            text.contains(&format!("/// the timeout, with [`Client::submit`] it is not. {slots}")),
            "{slots}"
        );
    }
}
