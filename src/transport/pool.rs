//! The pool of connections to one origin.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::{Client, redirect};
use rustls::ClientConfig;
use tokio::time::{Instant, timeout_at};

use super::resolve::Resolver;
use super::trust::Trust;
use super::{HttpOptions, TransportFailure, proxy, runtime, tls};
use crate::error::Error;
use crate::job::Job;

/// The pooled connections. No connection or file is opened before the first request.
///
/// After a sleep or a change of the network, all of them may be dead without a sign, and each would cost one request
/// its timeout. So the first silence, or a sleep that a keep-alive notices, replaces them all. A connection that has
/// not been answered yet is in no pool, so its silence replaces nothing.
#[derive(Debug, Default)]
pub(super) struct Pool {
    tls: OnceLock<Tls>,
    /// Reads the certificates on another thread than the I/O thread.
    loading: Mutex<Option<Job<Tls>>>,
    connections: Mutex<Connections>,
    /// One for all clients, so that a name server that is silent is asked once.
    resolver: Arc<Resolver>,
}

/// The configuration of TLS, and for https the certificates that it trusts.
type Tls = (ClientConfig, Option<Arc<Trust>>);

#[derive(Debug, Default)]
struct Connections {
    /// Created by the next request.
    client: Option<Client>,
    /// When the last response to a request of this client arrived.
    heard: Option<Instant>,
}

impl Pool {
    /// The HTTP client. The first caller creates it, and others wait for the same one. After a failure the next caller
    /// tries again.
    pub(super) async fn client(
        &self,
        options: &Arc<HttpOptions>,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<Client, Error> {
        if let Some(client) = &self.connections().client {
            return Ok(client.clone());
        }
        let (tls, _) = self.tls(options, deadline, timeout).await?;
        let mut connections = self.connections();
        if let Some(client) = &connections.client {
            return Ok(client.clone());
        }
        let client = build(options, tls.clone(), Arc::clone(&self.resolver))?;
        connections.client = Some(client.clone());
        Ok(client)
    }

    /// The certificates that https trusts, once they are loaded.
    pub(super) fn trust(&self) -> Option<Arc<Trust>> {
        self.tls.get().and_then(|(_, trust)| trust.clone())
    }

    /// Uses no connection again. Requests that are on their way end as they would have.
    pub(super) fn forget(&self) {
        *self.connections() = Connections::default();
    }

    /// Notes that a response arrived.
    pub(super) fn answered(&self) {
        self.connections().heard = Some(Instant::now());
    }

    /// Notes that a request met silence. If no other has been answered since it began, the next one makes a new
    /// connection.
    pub(super) fn silent_since(&self, began: Instant) {
        let mut connections = self.connections();
        if connections.heard.is_some_and(|heard| heard <= began) {
            *connections = Connections::default();
        }
    }

    /// Closes the connections at once rather than with the next call.
    pub(super) fn close(&mut self) {
        self.forget();
        if self.tls.get().is_some() {
            *self.loading.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
            runtime::settle();
        }
    }

    async fn tls(
        &self,
        options: &Arc<HttpOptions>,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<&Tls, Error> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls);
        }
        let tls = match options.origin.is_https() {
            true => {
                let job = self.loading(options)?;
                timeout_at(deadline, job.end()).await.unwrap_or_else(|_| {
                    let ca_file = options.ca_file.as_deref().map(Into::into);
                    Err(TransportFailure::NotReady { after: timeout, ca_file }.into())
                })?
            }
            // Without TLS, no file is read, so no thread is needed.
            false => (tls::none()?, None),
        };
        Ok(self.tls.get_or_init(|| tls))
    }

    fn loading(&self, options: &Arc<HttpOptions>) -> Result<Job<Tls>, Error> {
        let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = loading.as_ref().filter(|job| !job.has_failed()) {
            return Ok(job.clone());
        }
        let options = Arc::clone(options);
        let job = Job::start(move || {
            let (tls, trust) = tls::config(options.ca_file.as_deref())?;
            Ok((tls, Some(trust)))
        })?;
        *loading = Some(job.clone());
        Ok(job)
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn build(
    options: &HttpOptions,
    tls: ClientConfig,
    resolver: Arc<Resolver>,
) -> Result<Client, TransportFailure> {
    let HttpOptions { origin, user_agent, proxy_url, connect_timeout, .. } = options;
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(*connect_timeout)
        .tcp_nodelay(true)
        .dns_resolver(resolver)
        .user_agent(user_agent.as_str());
    builder = match proxy_url.as_deref() {
        Some("") => builder.no_proxy(),
        Some(url) => builder.proxy(proxy::given(url)?),
        None if proxy::goes_direct(origin) => builder.no_proxy(),
        None => builder,
    };
    builder.build().map_err(|error| tls::unusable(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_silence_after_an_answer_replaces_the_connections() {
        let pool = Pool::default();
        let has_client = || pool.connections().client.is_some();
        let before = Instant::now();
        let client = Client::builder().tls_backend_preconfigured(tls::none().unwrap());
        pool.connections().client = Some(client.build().unwrap());
        pool.silent_since(before);
        assert!(has_client(), "nothing is pooled yet");
        pool.answered();
        pool.silent_since(before);
        assert!(has_client(), "another request has been answered since");
        pool.silent_since(Instant::now());
        assert!(!has_client());
    }
}
