//! Sends one request over HTTP and reads its response, with reqwest.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Body, Client, Request};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::pool::Pool;
use super::{Counters, HttpOptions, Message, TransportFailure, explain, proxy, tls};
use crate::error::Error;
use crate::job::Job;

/// The longest body that is read, in bytes: ten times a page of 650 complete presences.
const LONGEST_BODY: usize = 8 * 1024 * 1024;

/// The longest User-Agent header, in bytes.
const LONGEST_USER_AGENT: usize = 1024;

/// The requests to one origin.
#[derive(Debug)]
pub(crate) struct Http {
    pub(crate) options: Arc<HttpOptions>,
    pool: Pool,
    slots: Semaphore,
    /// The slots that submitted requests wait for before their timeout starts.
    start_slots: Semaphore,
    pub(crate) counters: Counters,
}

/// A response with its complete body.
#[derive(Clone, Debug)]
pub(crate) struct HttpResponse {
    pub(crate) http_status: u16,
    pub(crate) headers: HeaderMap,
    /// Shared by all items of a batch that was refused.
    pub(crate) body: Arc<String>,
}

impl HttpResponse {
    /// Redacts the body and the headers.
    pub(crate) fn redact(&mut self, replace: impl Fn(String) -> String) {
        self.redact_body(&replace);
        for value in self.headers.values_mut() {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let shown = replace(text.clone());
            if shown != text {
                *value =
                    HeaderValue::from_str(&shown).unwrap_or(HeaderValue::from_static("[secret]"));
            }
        }
    }

    /// Redacts the body.
    pub(crate) fn redact_body(&mut self, replace: impl FnOnce(String) -> String) {
        let body = Arc::unwrap_or_clone(std::mem::take(&mut self.body));
        self.body = Arc::new(replace(body));
    }

    /// A response without headers.
    pub(crate) fn of(http_status: u16, body: &str) -> Self {
        Self { http_status, headers: HeaderMap::new(), body: Arc::new(body.into()) }
    }
}

/// A failure, with the incomplete response if there is one.
pub(crate) type Broken = (TransportFailure, Option<HttpResponse>);

impl Http {
    pub(crate) fn new(options: HttpOptions) -> Result<Self, TransportFailure> {
        let fail = |name, reason: &str| TransportFailure::Option { name, reason: reason.into() };
        if HeaderValue::from_str(&options.user_agent).is_err() {
            return Err(fail("user_agent", "contains a character that a header cannot carry"));
        }
        if options.user_agent.len() > LONGEST_USER_AGENT {
            return Err(fail("user_agent", "is too long. Give at most 1024 bytes"));
        }
        if let Some(url) = options.proxy_url.as_deref().filter(|url| !url.is_empty()) {
            proxy::given(url)?;
            if !options.origin.is_https() {
                let reason =
                    "would show a proxy the token, since the base URL is plain http. Leave it out";
                return Err(fail("proxy_url", reason));
            }
        }
        let semaphore =
            || Semaphore::new((options.max_in_flight as usize).min(Semaphore::MAX_PERMITS));
        let (slots, start_slots) = (semaphore(), semaphore());
        Ok(Self {
            options: Arc::new(options),
            pool: Pool::default(),
            slots,
            start_slots,
            counters: Counters::default(),
        })
    }

    /// Waits for a slot for a request; `None` if none became free in time.
    pub(crate) async fn slot(&self, deadline: Instant) -> Option<SemaphorePermit<'_>> {
        slot_of(&self.slots, deadline).await
    }

    pub(crate) fn has_free_slot(&self) -> bool {
        self.slots.available_permits() > 0
    }

    /// The number of requests in flight.
    pub(crate) fn in_flight(&self) -> usize {
        let all = (self.options.max_in_flight as usize).min(Semaphore::MAX_PERMITS);
        all - self.slots.available_permits()
    }

    /// Waits for the slot of a submitted request, which keeps it until its end.
    pub(crate) async fn start_slot(
        &self,
        after: Duration,
    ) -> Result<SemaphorePermit<'_>, TransportFailure> {
        let slot = slot_of(&self.start_slots, from_now(after)).await;
        let limit = self.options.max_in_flight;
        slot.ok_or(TransportFailure::NotStarted { after, limit })
    }

    /// The HTTP client, which the first request creates.
    pub(crate) async fn client(
        &self,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<Client, Error> {
        self.pool.client(&self.options, deadline, timeout).await
    }

    /// Sends the next request over a new connection.
    pub(crate) fn reconnect(&self) {
        self.pool.forget();
    }

    /// Loads the platform's verifier, for a certificate that `ca_file` does not cover.
    async fn ask_platform(&self, deadline: Instant) -> Result<(), TransportFailure> {
        let Some(trust) = self.pool.trust() else { return Ok(()) };
        let lack = |error: Error| TransportFailure::OutOfResources { reason: error.to_string() };
        let job =
            Job::start(move || Ok(trust.ask_platform().map_err(|error| tls::unusable(&error))?));
        match timeout_at(deadline, job.map_err(lack)?.end()).await {
            Ok(end) => end.map_err(lack),
            Err(_) => Err(TransportFailure::Late),
        }
    }

    /// Sends a request once and reads the complete response, unless the deadline passes.
    pub(crate) async fn send(
        &self,
        client: &Client,
        message: &Message,
        deadline: Instant,
    ) -> Result<HttpResponse, Broken> {
        let began = Instant::now();
        let outcome = self.attempt(client, message, deadline).await;
        match &outcome {
            Ok(_) | Err((_, Some(_))) => self.pool.answered(),
            Err((failure, None)) if failure.is_silence() => self.pool.silent_since(began),
            Err(_) => {}
        }
        outcome
    }

    async fn attempt(
        &self,
        client: &Client,
        message: &Message,
        deadline: Instant,
    ) -> Result<HttpResponse, Broken> {
        let mut sent = timeout_at(deadline, client.execute(request(message))).await;
        if matches!(&sent, Ok(Err(error)) if explain::is_undecided(error)) {
            self.ask_platform(deadline).await.map_err(|failure| (failure, None))?;
            sent = timeout_at(deadline, client.execute(request(message))).await;
        }
        let mut response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err((explain::failure(&self.options, &error, None), None)),
            Err(_) => return Err((TransportFailure::Late, None)),
        };
        let http_status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut bytes = Vec::new();
        let broken = loop {
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) if bytes.len() + chunk.len() > LONGEST_BODY => {
                    let from = self.options.origin.to_string();
                    break Some(TransportFailure::TooLong {
                        from,
                        http_status,
                        limit: LONGEST_BODY,
                        peer: self.options.peer,
                    });
                }
                Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk),
                Ok(Ok(None)) => break None,
                Ok(Err(error)) => {
                    break Some(explain::failure(&self.options, &error, Some(http_status)));
                }
                Err(_) => break Some(TransportFailure::Late),
            }
        };
        let body = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let answer = HttpResponse { http_status, headers, body: Arc::new(body) };
        match broken {
            None => Ok(answer),
            Some(failure) => Err((failure, Some(answer))),
        }
    }
}

/// Builds a request in one step, since reqwest's builder would insert each header again. A body can contain secrets, so
/// this copy of it is wiped.
fn request(message: &Message) -> Request {
    let mut request = Request::new(message.method.clone(), message.url.clone());
    *request.headers_mut() = message.headers.clone();
    let bytes = |body: &String| Bytes::from_owner(Zeroizing::new(body.clone().into_bytes()));
    *request.body_mut() = message.body.as_ref().map(|body| Body::from(bytes(body)));
    request
}

impl Drop for Http {
    fn drop(&mut self) {
        self.pool.close();
    }
}

/// Waits for a slot of a semaphore; `None` if none became free before the deadline.
async fn slot_of(slots: &Semaphore, deadline: Instant) -> Option<SemaphorePermit<'_>> {
    let slot = timeout_at(deadline, slots.acquire()).await.ok()?;
    let slot = slot.expect("the semaphore is never closed");
    (Instant::now() < deadline).then_some(slot)
}

/// The moment after a wait from now. A wait that no clock can represent becomes 30 years.
pub(crate) fn from_now(wait: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(wait).unwrap_or_else(|| now + NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_no_clock_can_represent_lasts_decades() {
        let year = Duration::from_secs(365 * 24 * 3600);
        assert!(from_now(Duration::MAX) > Instant::now() + 20 * year);
        assert!(from_now(year) <= Instant::now() + year);
    }
}
