//! One request and its answer over HTTP, and what went wrong on the way. reqwest does the work.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use once_cell::sync::OnceCell;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Proxy, Url, redirect};
use tokio::sync::Semaphore;

use super::{Origin, TransportFailure, tls};

/// The longest body that is read, in bytes. A page of 650 whole presences is a tenth of it.
const LONGEST_BODY: usize = 8 * 1024 * 1024;

/// How a client connects.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) origin: Origin,
    pub(crate) user_agent: String,
    /// `None`: the system's, but none for loopback; `Some("")`: none.
    pub(crate) proxy_url: Option<String>,
    pub(crate) ca_file: Option<String>,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_in_flight: u32,
}

/// Connections to one origin. Nothing is opened or read before the first request.
#[derive(Debug)]
pub(crate) struct Http {
    pub(crate) options: Options,
    client: OnceCell<Client>,
    in_flight: Arc<Semaphore>,
}

/// A request as it goes over the wire.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<String>,
}

/// An answer with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) http_status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A failure, with what had come of an answer before.
pub(crate) type Broken = (TransportFailure, Option<Answer>);

impl Http {
    pub(crate) fn new(options: Options) -> Result<Self, TransportFailure> {
        if let Some(url) = options.proxy_url.as_deref().filter(|url| !url.is_empty()) {
            proxy(url)?;
        }
        let in_flight = Arc::new(Semaphore::new(options.max_in_flight as usize));
        Ok(Self { options, client: OnceCell::new(), in_flight })
    }

    /// Sends once and reads the answer to its end.
    pub(crate) async fn send(&self, message: &Message) -> Result<Answer, Broken> {
        let client =
            self.client.get_or_try_init(|| self.build()).map_err(|failure| (failure, None))?;
        let _place = self.in_flight.acquire().await.expect("the semaphore is never closed");
        let mut request = client
            .request(message.method.clone(), message.url.clone())
            .headers(message.headers.clone());
        if let Some(body) = &message.body {
            request = request.body(body.clone());
        }
        let mut response =
            request.send().await.map_err(|error| (self.explain(&error, None), None))?;
        let http_status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut bytes = Vec::new();
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > LONGEST_BODY => {
                    let from = self.options.origin.to_string();
                    break Some(TransportFailure::TooLong {
                        from,
                        http_status,
                        limit: LONGEST_BODY,
                    });
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => break None,
                Err(error) => break Some(self.explain(&error, Some(http_status))),
            }
        };
        let body = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let answer = Answer { http_status, headers, body };
        match broken {
            None => Ok(answer),
            Some(failure) => Err((failure, Some(answer))),
        }
    }

    fn build(&self) -> Result<Client, TransportFailure> {
        let Options { origin, user_agent, proxy_url, ca_file, connect_timeout, .. } = &self.options;
        let tls = if origin.is_https() { tls::config(ca_file.as_deref())? } else { tls::none()? };
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(*connect_timeout)
            .tcp_nodelay(true)
            .user_agent(user_agent.as_str());
        builder = match proxy_url.as_deref() {
            Some("") => builder.no_proxy(),
            Some(url) => builder.proxy(proxy(url)?),
            None if origin.is_loopback() => builder.no_proxy(),
            None => builder,
        };
        builder.build().map_err(|error| TransportFailure::Option {
            name: "of the client",
            reason: format!("is not accepted: {}", root(&error)),
        })
    }

    /// What a failure of reqwest's means. URLs are left out of its texts: they are known, and may hold ids.
    fn explain(&self, error: &reqwest::Error, http_status: Option<u16>) -> TransportFailure {
        let to = self.options.origin.to_string();
        let reason = root(error);
        if find::<rustls::Error>(error).is_some() {
            TransportFailure::Tls { to, reason }
        } else if error.is_connect() {
            let reason = match error.is_timeout() {
                true => {
                    format!("no connection within {} s", self.options.connect_timeout.as_secs_f64())
                }
                false => reason,
            };
            TransportFailure::Connect { to, reason }
        } else if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse)
            && http_status.is_none()
        {
            TransportFailure::NotHttp { from: to, reason }
        } else {
            TransportFailure::ConnectionLost { to, http_status, reason }
        }
    }
}

fn proxy(url: &str) -> Result<Proxy, TransportFailure> {
    Proxy::all(url).map_err(|_| TransportFailure::Option {
        name: "proxy_url",
        reason: "is not a URL; write http://host:port, or http://user:password@host:port".into(),
    })
}

/// The innermost reason of a failure: the layers above repeat each other.
fn root(error: &dyn StdError) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// The first failure of a kind among the causes; io errors hide theirs.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let hidden = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = hidden.and_then(|hidden| hidden.downcast_ref::<E>()) {
            return Some(found);
        }
        next = error.source();
    }
    None
}
