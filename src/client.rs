//! Ties the parts together: check, token, send. The Rust API, and all that the C ABI calls.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method as HttpMethod;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::auth::{AuthFailure, Credential, Token, app_id};
use crate::builder::ClientBuilder;
use crate::error::{CallFailure, Error, subject};
use crate::in_flight::{InFlight, Place};
use crate::log::{Level, Log};
use crate::operation::{Method, Replay};
use crate::parts;
use crate::presence::Invalid;
use crate::queue::Queue;
use crate::reentry;
use crate::request::{Checked, Request};
use crate::response::Response;
use crate::transport::runtime::{check_not_forked, runtime};
use crate::transport::{Call, Http, Message, Progress, RetryRule, exchange};

/// A connection to Microsoft Graph. Cheap to clone, shared by threads; clones are the same client.
///
/// # Example
/// ```
/// use mgpresence::{Activity, Availability, Client, Credential, Request, SetPresence, Target};
/// # let emulator = mgpresence_emulator::Emulator::start();
/// # let (url, token) = (emulator.url(), emulator.app_token());
///
/// let client = Client::builder()
///     .base_url(url) // leave it out for graph.microsoft.com
///     .allow_loopback_http()
///     .credential(Credential::from_token(&token)?)
///     .build()?;
/// let busy = SetPresence::new(Availability::Busy, Activity::InACall);
/// client.send(Request::set_presence(Target::user("adele"), busy))?;
///
/// let answer = client.send(Request::get_presence(Target::user("adele")))?;
/// assert_eq!(answer.presence().unwrap().activity, Some(Activity::InACall));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) http: Http,
    pub(crate) credential: Option<Credential>,
    pub(crate) log: Log,
    pub(crate) retry: RetryRule,
    pub(crate) timeout: Duration,
    pub(crate) in_flight: InFlight,
}

impl Client {
    /// A client for the worldwide service unless told otherwise.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Sends a request and waits for its answer on this thread.
    ///
    /// # Errors
    /// [`Error`] says why there is no success. [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a
    /// callback or on a thread of a tokio runtime: use [`Client::send_async`] or [`Client::submit`] there.
    pub fn send(&self, request: Request) -> Result<Response, Error> {
        let runtime = runtime()?;
        if reentry::is_marked() || Handle::try_current().is_ok() {
            return Err(CallFailure::WouldDeadlock.into());
        }
        let task = self.start(request)?;
        runtime.block_on(task).map_err(|panic| CallFailure::Panic(panic.to_string()))?
    }

    /// Sends a request; for any executor, since the work is done on the library's own runtime. Dropping the future
    /// cancels the request.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send_async(&self, request: Request) -> Result<Response, Error> {
        struct AbortOnDrop(tokio::task::AbortHandle);
        impl Drop for AbortOnDrop {
            fn drop(&mut self) {
                self.0.abort();
            }
        }
        let task = self.start(request)?;
        let _abort = AbortOnDrop(task.abort_handle());
        task.await.map_err(|panic| CallFailure::Panic(panic.to_string()))?
    }

    /// Starts a request; its end comes out of the queue together with the ticket, exactly once. Returns the number
    /// of the operation.
    ///
    /// # Errors
    /// [`Error`] where it cannot be started, together with the ticket. What is wrong with the request itself comes
    /// out of the queue like any other end.
    pub fn submit<T: Send + 'static>(
        &self,
        request: Request,
        queue: &Queue<T>,
        ticket: T,
    ) -> Result<u64, (Error, T)> {
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return Err((error, ticket)),
        };
        let place = match self.0.in_flight.enter() {
            Ok(place) => place,
            Err(error) => return Err((error, ticket)),
        };
        let (entry, cancelled) = queue.enter(ticket)?;
        let operation = entry.operation();
        let place = place.with_cancel(operation, cancelled.clone());
        let client = self.clone();
        runtime.spawn(async move {
            let result = tokio::select! {
                biased;
                () = cancelled.wait() => Err(CallFailure::Cancelled.into()),
                result = client.run(request, &place) => result,
            };
            entry.complete(result);
            // Last: who waits for the client to close finds every completion in its queue.
            drop(place);
        });
        Ok(operation)
    }

    /// Cancels a submitted operation: it completes with [`Status::Cancelled`](crate::Status::Cancelled) unless its
    /// end came first. Nothing happens to one that has ended or is unknown.
    pub fn cancel(&self, operation: u64) {
        self.0.in_flight.cancel(operation);
    }

    /// Takes no new requests, waits for those under way, and ends what is left with
    /// [`Status::Closed`](crate::Status::Closed). Returns how many had to be ended.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked), and [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a
    /// callback.
    pub fn close(&self, wait: Duration) -> Result<usize, Error> {
        check_not_forked()?;
        if reentry::is_marked() {
            return Err(CallFailure::WouldDeadlock.into());
        }
        Ok(self.0.in_flight.close(wait))
    }

    /// Starts a request on the runtime's own thread, where the host's signals are not in the way of a socket.
    fn start(&self, request: Request) -> Result<JoinHandle<Result<Response, Error>>, Error> {
        // Before the lock of the place: it fails in a fork, where nobody may release that lock.
        let runtime = runtime()?;
        let place = self.0.in_flight.enter()?;
        let client = self.clone();
        Ok(runtime.spawn(async move { client.run(request, &place).await }))
    }

    /// The way of one call. Every end passes here, so it is told to the log here.
    async fn run(&self, request: Request, place: &Place) -> Result<Response, Error> {
        let result = tokio::select! {
            biased;
            () = place.ended() => Err(CallFailure::ClientClosed.into()),
            result = self.send_in_parts(&request) => result,
        };
        let name = request.operation.row().name;
        match &result {
            Ok(answer) => self.0.log.write(Level::Info, "call", || {
                format!("{} {name} {}", answer.client_request_id(), answer.http_status())
            }),
            Err(error) => self.0.log.write(Level::Error, "call", || {
                format!("{} {name}: {error}", error.client_request_id())
            }),
        }
        result
    }

    /// Sends a request, in parts where Graph limits its size; one that fails ends them all.
    async fn send_in_parts(&self, request: &Request) -> Result<Response, Error> {
        let timeout = request.timeout.unwrap_or(self.0.timeout);
        let deadline = Instant::now() + timeout;
        let mut answers = Vec::new();
        for part in parts::split(request).iter().flatten() {
            answers.push(self.check_and_send(part, timeout, deadline).await?);
        }
        let mut answer = match parts::merge(request, answers) {
            Some(answer) => return Ok(answer),
            None => self.check_and_send(request, timeout, deadline).await?,
        };
        parts::sort(request, answer.presences_mut());
        Ok(answer)
    }

    async fn check_and_send(
        &self,
        request: &Request,
        timeout: Duration,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let checked = request.check()?;
        let origin = &self.0.http.options.origin;
        let url = match &request.next_link {
            Some(link) => origin.admit(link)?,
            None => origin.join(&checked.path_and_query)?,
        };
        let row = request.operation.row();
        let client_request_id = client_request_id(request);
        let mut progress = Progress::new(request.trace);
        let mut rejected: Option<(Token, Error)> = None;
        loop {
            let fetch = self.token(request, rejected.as_ref().map(|(token, _)| token));
            let token = tokio::time::timeout_at(deadline, fetch)
                .await
                .unwrap_or_else(|_| Err(AuthFailure::Late { after: timeout }.into()))
                .map_err(|failure| {
                    let answer = rejected.as_ref().and_then(|(_, error)| error.response().cloned());
                    failure.in_context(progress.context(&client_request_id, answer))
                })?;
            let body = self.body(request, &checked, &token)?;
            let headers = headers(request, &client_request_id, &token, body.is_some());
            let replay = if headers.contains_key(IF_MATCH) { Replay::Never } else { row.replay };
            let call = Call {
                row,
                subject: subject(request.operation, &request.target),
                message: Message {
                    method: http_method(row.method),
                    url: url.clone(),
                    headers,
                    body,
                },
                token,
                replay,
                retry: self.0.retry,
                timeout,
                deadline,
                client_request_id: client_request_id.clone(),
            };
            match exchange(&self.0.http, &self.0.log, &call, &mut progress).await {
                Err(error) if rejected.is_none() && self.renews(request) && is_rejected(&error) => {
                    rejected = Some((call.token, error));
                }
                result => return result,
            }
        }
    }

    async fn token(&self, request: &Request, rejected: Option<&Token>) -> Result<Token, Error> {
        match (&request.access_token, &self.0.credential) {
            (Some(token), _) => Ok(token.clone()),
            (None, Some(credential)) => credential.token(rejected).await,
            (None, None) => Err(AuthFailure::NoCredential.into()),
        }
    }

    fn renews(&self, request: &Request) -> bool {
        request.access_token.is_none()
            && self.0.credential.as_ref().is_some_and(Credential::can_renew)
    }

    /// The body as it is sent, with the session id that the request left to the credential.
    fn body(
        &self,
        request: &Request,
        checked: &Checked,
        token: &Token,
    ) -> Result<Option<String>, Error> {
        let Some(body) = &checked.body else { return Ok(None) };
        if !request.needs_session_id() {
            return Ok(Some(body.to_json()));
        }
        let id = match (&request.access_token, &self.0.credential) {
            (None, Some(credential)) => credential.app_id(token),
            _ => app_id(token),
        };
        let id = id.ok_or(Invalid::SessionIdMissing { action: request.operation.row().name })?;
        let mut body = body.clone();
        body.set("sessionId", &Value::String(id));
        Ok(Some(body.to_json()))
    }
}

/// Graph called the token itself invalid; "another user" is a 401 too, which no new token would change.
fn is_rejected(error: &Error) -> bool {
    error.http_status() == Some(401) && error.graph_code() == Some("InvalidAuthenticationToken")
}

/// The caller's own id where he has one, else a new one for this call.
fn client_request_id(request: &Request) -> String {
    let own =
        request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("client-request-id"));
    own.map_or_else(new_guid, |(_, id)| id.clone())
}

/// A random GUID of version 4. It correlates and protects nothing.
fn new_guid() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The caller's headers first; ours where he has none, and the token in any case.
fn headers(request: &Request, client_request_id: &str, token: &Token, has_body: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let text = |text: &str| HeaderValue::from_str(text).expect("checked with the request");
    for (name, value) in &request.headers {
        headers.append(HeaderName::try_from(name).expect("checked with the request"), text(value));
    }
    headers.insert("client-request-id", text(client_request_id));
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    if has_body {
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    }
    headers.insert(AUTHORIZATION, token.header());
    headers
}

fn http_method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Patch => HttpMethod::PATCH,
        Method::Delete => HttpMethod::DELETE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_a_client() {
        fn is_shared<T: Clone + Send + Sync + 'static>() {}
        is_shared::<Client>();
    }

    #[test]
    fn a_guid_has_its_version_and_variant() {
        for _ in 0..1000 {
            let guid = new_guid();
            assert_eq!((guid.len(), &guid[14..15]), (36, "4"), "{guid}");
            assert!("89ab".contains(&guid[19..20]), "{guid}");
        }
    }
}
