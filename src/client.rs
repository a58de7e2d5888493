//! Ties the parts together: check, token, send. The Rust API, and all that the C ABI calls.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::task::Poll;
use std::time::Duration;

use reqwest::Method as HttpMethod;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use crate::auth::{AuthFailure, Credential, Token, app_id};
use crate::builder::ClientBuilder;
use crate::error::{CallFailure, Error, subject};
use crate::in_flight::{InFlight, Place};
use crate::job::aside;
use crate::log::{Level, Log};
use crate::operation::{Method, Replay};
use crate::parts::{self, Part, Plan};
use crate::presence::Invalid;
use crate::process::Maker;
use crate::queue::Queue;
use crate::reentry;
use crate::request::{Checked, Request};
use crate::response::Response;
use crate::transport::runtime::runtime;
use crate::transport::{
    Call, Http, Message, Progress, RetryRule, TransportFailure, exchange, from_now,
};

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
    pub(crate) maker: Maker,
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
        if reentry::is_marked() || Handle::try_current().is_ok() {
            return Err(CallFailure::WouldDeadlock.into());
        }
        let timeout = self.timeout(&request);
        let (told, end) = mpsc::sync_channel(1);
        let task = self.start(request, move |result| {
            let _ = told.send(result);
        })?;
        // A clock of the caller's own: whatever keeps the I/O thread busy does not hold up the caller.
        match end.recv_timeout(timeout.saturating_add(GRACE)) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => {
                task.abort();
                Err(TransportFailure::Unheard { after: timeout }.into())
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(CallFailure::Panic("a call ended without a result".into()).into())
            }
        }
    }

    /// Sends a request; for any executor, since the work is done on the library's own runtime. Dropping the future
    /// cancels the request.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send_async(&self, request: Request) -> Result<Response, Error> {
        struct AbortOnDrop(AbortHandle);
        impl Drop for AbortOnDrop {
            fn drop(&mut self) {
                self.0.abort();
            }
        }
        let (told, end) = oneshot::channel();
        let _abort = AbortOnDrop(self.start(request, move |result| {
            let _ = told.send(result);
        })?);
        end.await.unwrap_or_else(|_| {
            Err(CallFailure::Panic("a call ended without a result".into()).into())
        })
    }

    /// Starts a request; its end comes out of the queue together with the ticket, exactly once. Returns the number
    /// of the operation.
    ///
    /// As many requests as [`max_in_flight`](ClientBuilder::max_in_flight) run at a time, and the others wait for their
    /// turn. A request's timeout counts from its turn, which may be a hundred timeouts away.
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
        let (runtime, place) = match self.enter() {
            Ok(entered) => entered,
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
                result = client.run(request, &place, None) => result,
            };
            entry.complete(result);
            // Last: who waits for the client to close finds every completion in its queue.
            drop(place);
        });
        Ok(operation)
    }

    /// Cancels a submitted operation: it completes with [`Status::Cancelled`](crate::Status::Cancelled) unless its
    /// end came first. Nothing happens to one that has ended or is unknown.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the client.
    pub fn cancel(&self, operation: u64) -> Result<(), Error> {
        self.0.maker.check()?;
        self.0.in_flight.cancel(operation);
        Ok(())
    }

    /// Takes no new requests, waits for those under way, and ends what is left with
    /// [`Status::Closed`](crate::Status::Closed). Then waits, within the same time, until the log has taken every line.
    /// Returns how many requests had to be ended.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the client, and
    /// [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a callback.
    pub fn close(&self, wait: Duration) -> Result<usize, Error> {
        self.0.maker.check()?;
        if reentry::is_marked() {
            return Err(CallFailure::WouldDeadlock.into());
        }
        let deadline = std::time::Instant::now().checked_add(wait);
        let left = self.0.in_flight.close(wait);
        self.0.log.flush(deadline);
        Ok(left)
    }

    /// Whether this process made the client; in another one its locks must not be touched.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.0.maker.is_this()
    }

    /// The runtime, and a place among what is under way.
    fn enter(&self) -> Result<(&'static Handle, Place), Error> {
        self.0.maker.check()?;
        Ok((runtime()?, self.0.in_flight.enter()?))
    }

    /// Starts a request on the runtime's own thread, where the host's signals are not in the way of a socket.
    fn start(
        &self,
        request: Request,
        end: impl FnOnce(Result<Response, Error>) + Send + 'static,
    ) -> Result<AbortHandle, Error> {
        let (runtime, place) = self.enter()?;
        let deadline = from_now(self.timeout(&request));
        let client = self.clone();
        let task =
            runtime.spawn(async move { end(client.run(request, &place, Some(deadline)).await) });
        Ok(task.abort_handle())
    }

    fn timeout(&self, request: &Request) -> Duration {
        request.timeout.unwrap_or(self.0.timeout)
    }

    /// The way of one call, which has a deadline or waits for its turn. Every end passes here, so it is told to the log
    /// here.
    async fn run(
        &self,
        request: Request,
        place: &Place,
        deadline: Option<Instant>,
    ) -> Result<Response, Error> {
        let name = request.operation.row().name;
        let result = tokio::select! {
            biased;
            () = place.ended() => Err(CallFailure::ClientClosed.into()),
            result = caught(self.run_in_turn(request, deadline)) => result,
        };
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

    async fn run_in_turn(
        &self,
        request: Request,
        deadline: Option<Instant>,
    ) -> Result<Response, Error> {
        #[cfg(feature = "test-panic")]
        crate::ffi::panic_if_asked_to(&request);
        let timeout = self.timeout(&request);
        match deadline {
            Some(deadline) => self.send_in_parts(request, Time { timeout, deadline }).await,
            None => {
                let _turn = self.0.http.turn(timeout.saturating_mul(LONGEST_QUEUE)).await?;
                let deadline = from_now(timeout);
                self.send_in_parts(request, Time { timeout, deadline }).await
            }
        }
    }

    /// Sends a request, in parts where Graph limits its size; one that fails ends them all.
    async fn send_in_parts(&self, request: Request, time: Time) -> Result<Response, Error> {
        let plan = aside(request.size(), move || Plan::new(request));
        let Plan { parts, order } =
            timeout_at(time.deadline, plan).await.unwrap_or_else(|_| {
                Ok(Err(TransportFailure::NotReady { after: time.timeout, ca_file: None }.into()))
            })??;
        let mut answers = Vec::with_capacity(parts.len());
        for part in &parts {
            answers.push(self.send_part(part, time).await?);
        }
        let size = answers.iter().map(|answer| answer.body().len()).sum();
        // What it is made of may be large too, and takes as long to drop as to make.
        let merged = aside(size, move || (parts::merge(order, answers), drop(parts)).0).await?;
        merged.ok_or_else(|| CallFailure::Internal("a request without parts".into()).into())
    }

    async fn send_part(&self, part: &Part, time: Time) -> Result<Response, Error> {
        let Part { request, checked } = part;
        let Time { timeout, deadline } = time;
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
            let token = timeout_at(deadline, fetch)
                .await
                .unwrap_or_else(|_| Err(AuthFailure::Late { after: timeout }.into()))
                .map_err(|failure| {
                    let answer = rejected.as_ref().and_then(|(_, error)| error.response().cloned());
                    failure.in_context(progress.context(&client_request_id, answer))
                })?;
            let body = self.body(request, checked, &token)?;
            let headers = headers(request, &client_request_id, &token, body.is_some());
            let replay = if headers.contains_key(IF_MATCH) { Replay::Never } else { row.replay };
            let message =
                Message { method: http_method(row.method), url: url.clone(), headers, body };
            let call = Arc::new(Call {
                row,
                subject: subject(request.operation, &request.target),
                message,
                token,
                replay,
                retry: self.0.retry,
                timeout,
                deadline,
                client_request_id: client_request_id.clone(),
            });
            match exchange(&self.0.http, &self.0.log, &call, &mut progress).await {
                Err(error) if rejected.is_none() && self.renews(request) && is_rejected(&error) => {
                    rejected = Some((call.token.clone(), error));
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

/// The time of a call.
#[derive(Clone, Copy)]
struct Time {
    timeout: Duration,
    deadline: Instant,
}

/// How many of its timeouts a submitted request waits for its turn.
const LONGEST_QUEUE: u32 = 100;

/// How long a blocking call waits beyond its deadline for the word of the I/O thread, which knows more.
const GRACE: Duration = Duration::from_millis(500);

/// Runs the work of a call; a panic in it is an error, the same for whoever waits for it in whatever way.
async fn caught<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let mut work = pin!(work);
    poll_fn(|context| {
        // AssertUnwindSafe: after a panic the work is not polled again.
        let poll = AssertUnwindSafe(|| work.as_mut().poll(context));
        catch_unwind(poll)
            .unwrap_or_else(|panic| Poll::Ready(Err(CallFailure::panic(panic.as_ref()).into())))
    })
    .await
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
    fn a_panic_within_a_call_is_an_error_that_says_so() {
        let error = runtime().unwrap().block_on(caught(async {
            tokio::task::yield_now().await;
            if true { panic!("on purpose") } else { Ok(()) }
        }));
        let error = error.unwrap_err();
        assert_eq!(error.status(), crate::Status::Panic);
        assert!(error.to_string().contains("on purpose"), "{error}");
    }

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
