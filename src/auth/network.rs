//! Sends the requests of a sign-in, with retries. Redirects are not followed.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::time::Instant;
use zeroize::{Zeroize, Zeroizing};

use super::AuthFailure;
use super::attempt::Attempt;
use super::form::Form;
use super::options::Options;
use crate::error::Error;
use crate::operation::Replay;
use crate::token::Secret;
use crate::transport::{
    Http, HttpOptions, HttpResponse, Message, Origin, Outcome, Peer, RetryRule, TransportFailure,
    from_now, is_retryable, new_guid, retry_after,
};

/// The timeout of one message, including retries.
const TIMEOUT: Duration = Duration::from_secs(100);

/// Which responses lead to a retry, and for how long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Patience {
    Usual,
    /// The metadata service of a machine starts late, is down for up to a minute during updates, and is throttled.
    /// <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance>
    Imds,
}

impl Patience {
    fn rule(self) -> RetryRule {
        match self {
            Self::Usual => {
                RetryRule { max_attempts: 4, budget: Duration::from_secs(30), ..RetryRule::DEFAULT }
            }
            Self::Imds => {
                RetryRule { max_attempts: 8, budget: Duration::from_secs(75), ..RetryRule::DEFAULT }
            }
        }
    }

    fn waits_out(self, http_status: u16) -> bool {
        match self {
            Self::Usual => is_retryable(http_status),
            Self::Imds => matches!(http_status, 410 | 429 | 500..=599),
        }
    }
}

/// Connections to one endpoint, for one sign-in.
pub(super) struct Network {
    origin: Origin,
    http: Http,
    timeout: Duration,
    patience: Patience,
}

impl Network {
    /// Connects to a host on the internet, through the proxy of the caller or the system.
    pub(super) fn new(peer: Peer, origin: &Origin, options: &Options) -> Result<Self, Error> {
        let proxy = options.environment.proxy(options.proxy_url.clone(), origin)?;
        Self::with(peer, origin, options, proxy, Duration::from_secs(10))
    }

    /// Connects to an endpoint of this machine, without a proxy.
    pub(super) fn direct(
        origin: &Origin,
        options: &Options,
        connect_timeout: Duration,
    ) -> Result<Self, Error> {
        let proxy = origin.is_https().then(String::new);
        Self::with(Peer::Machine, origin, options, proxy, connect_timeout)
    }

    fn with(
        peer: Peer,
        origin: &Origin,
        options: &Options,
        proxy_url: Option<String>,
        connect_timeout: Duration,
    ) -> Result<Self, Error> {
        let http = Http::new(HttpOptions {
            origin: origin.clone(),
            peer,
            user_agent: concat!("mgpresence/", env!("CARGO_PKG_VERSION")).into(),
            // Plain http is used only on this machine and its own network, and never goes through a proxy.
            proxy_url: proxy_url.filter(|_| origin.is_https()),
            ca_file: options.ca_file.clone(),
            connect_timeout,
            max_in_flight: 1,
        })?;
        Ok(Self { origin: origin.clone(), http, timeout: TIMEOUT, patience: Patience::Usual })
    }

    pub(super) fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Sends a form. `replay` says whether it may be sent again once the endpoint may have received it.
    pub(super) fn post(
        &self,
        attempt: &Attempt,
        url: &Url,
        form: &Form,
        replay: Replay,
    ) -> Result<HttpResponse, Error> {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, kind);
        let body = Some(form.text().to_string());
        let redact = |text| form.redact(text);
        self.send(attempt, message(Method::POST, url, headers, body), replay, &redact)
    }

    /// Asks with headers. `secret` is the one that they contain.
    pub(super) fn get(
        &self,
        attempt: &Attempt,
        url: &Url,
        headers: HeaderMap,
        secret: Option<&Secret>,
    ) -> Result<HttpResponse, Error> {
        let redact = |text| match secret {
            Some(secret) => secret.redact(text, "[secret]"),
            None => text,
        };
        self.send(attempt, message(Method::GET, url, headers, None), Replay::Safe, &redact)
    }

    /// Sends a message until there is a final response. One other than 200 is redacted, since the host sees it.
    fn send(
        &self,
        attempt: &Attempt,
        mut message: Message,
        replay: Replay,
        redact: &dyn Fn(String) -> String,
    ) -> Result<HttpResponse, Error> {
        let result = attempt.wait(self.exchange(&message, replay));
        message.body.zeroize();
        let (mut outcome, attempts) = result??;
        if let Ok(response) = &mut outcome
            && response.http_status != 200
        {
            response.redact(redact);
        }
        self.conclude(outcome, attempts)
    }

    /// Returns the final outcome and the number of attempts.
    async fn exchange(&self, message: &Message, replay: Replay) -> Result<(Outcome, u32), Error> {
        let deadline = from_now(self.timeout);
        let (mut attempts, mut waited) = (0, Duration::ZERO);
        loop {
            let client = self.http.client(deadline, self.timeout).await?;
            attempts += 1;
            let outcome = self.http.send(&client, message, deadline).await;
            let asked = match &outcome {
                Ok(response) if self.patience.waits_out(response.http_status) => {
                    let header = response.headers.get(RETRY_AFTER);
                    let value = header.and_then(|value| value.to_str().ok());
                    value.and_then(|value| retry_after(value, SystemTime::now()))
                }
                Err((failure, _)) if failure.is_lost_response() => None,
                _ => return Ok((outcome, attempts)),
            };
            let left = deadline.saturating_duration_since(Instant::now());
            match self.patience.rule().wait(replay, attempts, waited, asked, left) {
                Ok(wait) => {
                    tokio::time::sleep(wait).await;
                    waited += wait;
                }
                Err(_) => return Ok((outcome, attempts)),
            }
        }
    }

    fn conclude(&self, outcome: Outcome, attempts: u32) -> Result<HttpResponse, Error> {
        let failure = match outcome {
            Ok(HttpResponse { http_status: http_status @ 300..=399, headers, .. }) => {
                let (origin, peer) = (self.origin.to_string(), self.http.options.peer);
                let to = headers.get("location").and_then(|to| to.to_str().ok()).map(String::from);
                TransportFailure::Redirect { http_status, to, origin, peer }
            }
            Ok(response) => return Ok(response),
            Err((TransportFailure::Late, _)) => {
                let after = self.timeout;
                TransportFailure::Timeout { after, attempts, waited_for_slot: None }
            }
            Err((failure, _)) => failure,
        };
        Err(failure.into())
    }
}

/// A header with a secret, marked so that no lower layer logs it. `name` is the option or variable with the secret.
pub(super) fn secret_header(
    before: &str,
    secret: &Secret,
    name: &'static str,
) -> Result<HeaderValue, Error> {
    let text = Zeroizing::new(format!("{before}{}", secret.as_str()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        let reason = "contains a character that a header cannot carry".into();
        Error::from(AuthFailure::Field { name, reason })
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// A message with the common headers. Its client-request-id correlates it with the log of the service.
fn message(method: Method, url: &Url, mut headers: HeaderMap, body: Option<String>) -> Message {
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let id = HeaderValue::from_str(&new_guid()).expect("a GUID is plain text");
    headers.insert("client-request-id", id);
    Message { method, url: url.clone(), headers, body }
}
