//! The client: the three ways to send a request, and how requests are cancelled and closed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::bulk::{Bulk, Room, can_be_batched};
use crate::call::Setup;
use crate::error::{Error, LocalFailure};
use crate::in_callback;
use crate::in_flight::{Cancel, InFlight, Running};
use crate::operation::Request;
use crate::process::Maker;
use crate::queue::{Entry, Queue, next_operation};
use crate::response::Response;
use crate::statistics::Statistics;
use crate::transport::{Attempts, Counters, TransportFailure, from_now, runtime};

/// A client of Microsoft Graph. Create one and share it: it is cheap to clone, all clones are the same client, and any
/// thread may use it. It keeps its connections open.
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
/// let response = client.send(Request::get_presence(Target::user("adele")))?;
/// assert_eq!(response.presence().unwrap().activity, Some(Activity::InACall));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    setup: Arc<Setup>,
    bulk: Bulk,
    in_flight: InFlight,
    maker: Maker,
}

/// How long past its deadline a blocking call waits for another thread that drives the I/O.
const GRACE: Duration = Duration::from_millis(500);

impl Inner {
    fn submit_in_batch<T: Send + 'static>(
        &self,
        request: Request,
        room: Option<Room>,
        running: Running,
        entry: Entry<T>,
    ) {
        let name = request.operation.row().name;
        let (setup, ending) = (Arc::clone(&self.setup), running.ending());
        self.bulk.submit(entry.operation(), request, room, ending, move |result| {
            setup.log_end(name, &result);
            entry.complete(result);
            // Last, so that a close of the client returns only when every completion is in its queue.
            drop(running);
        });
    }
}

impl Client {
    pub(crate) fn new(setup: Setup) -> Self {
        let setup = Arc::new(setup);
        let (bulk, in_flight) = (Bulk::new(Arc::clone(&setup)), InFlight::new());
        Self(Arc::new(Inner { setup, bulk, in_flight, maker: Maker::this() }))
    }

    /// Sends a request, and blocks until the response arrives.
    ///
    /// # Errors
    /// [`Error`] says why there is no successful response. It is
    /// [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a callback or on a thread of a tokio runtime: use
    /// [`Client::send_async`] or [`Client::submit`] there.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let response = client.send(Request::get_presence(Target::user("adele")))?;
    /// assert_eq!(response.http_status(), 200);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn send(&self, request: Request) -> Result<Response, Error> {
        runtime::check_may_block()?;
        let running = self.enter()?;
        let timeout = self.0.setup.timeout(&request);
        let deadline = from_now(timeout);
        let attempts = Attempts::default();
        let work = self.0.setup.run(request, Some(deadline), &attempts, running.ended());
        // The caller keeps its own time, so that a busy thread that drives the I/O does not hold it up.
        let give_up = deadline.checked_add(GRACE).map(Instant::into_std);
        let result = runtime::block_until(work, give_up)?.unwrap_or_else(|| {
            let busy = TransportFailure::ThreadBusy { after: timeout };
            Err(attempts.known_to(busy.into()))
        });
        if result.is_err() {
            runtime::settle();
        }
        result
    }

    /// Sends a request from async code. Any executor will do, since the library has a runtime of its own. Dropping the
    /// future cancels the request.
    ///
    /// # Errors
    /// As [`Client::send`].
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Client, Error, Request, Response, Target};
    ///
    /// async fn read(client: &Client, user: &str) -> Result<Response, Error> {
    ///     client.send_async(Request::get_presence(Target::user(user))).await
    /// }
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # assert_eq!(runtime.block_on(read(&client, "adele")).unwrap().http_status(), 200);
    /// ```
    pub async fn send_async(&self, request: Request) -> Result<Response, Error> {
        struct AbortOnDrop(AbortHandle);
        impl Drop for AbortOnDrop {
            fn drop(&mut self) {
                self.0.abort();
            }
        }
        let running = self.enter()?;
        let deadline = from_now(self.0.setup.timeout(&request));
        let client = self.clone();
        let (sender, receiver) = oneshot::channel();
        let _abort = AbortOnDrop(runtime::spawn(async move {
            let (attempts, end) = (Attempts::default(), running.ended());
            let _ = sender.send(client.0.setup.run(request, Some(deadline), &attempts, end).await);
        })?);
        receiver.await.unwrap_or_else(|_| Err(lost().into()))
    }

    /// Starts a request. The queue delivers its [`Completion`](crate::Completion) exactly once, together with the
    /// ticket. Returns the number of the operation.
    ///
    /// At most [`max_in_flight`](crate::ClientBuilder::max_in_flight) requests run at a time, and the others wait until
    /// one of them ends. The timeout of a request counts from its start. A request that cannot start within 100 times
    /// its timeout fails.
    ///
    /// # Batches
    /// Requests with [`Request::batched`] are sent in a `$batch` of up to 20, with others of the same API version,
    /// token and timeout, and within the limit of requests that Graph has for an application; see
    /// [`ClientBuilder::throttle_ceiling`](crate::ClientBuilder::throttle_ceiling). A full batch is sent at once. Any
    /// other batch is sent 20 ms after its first request, or 1 ms after its last one while nothing is in flight, or on
    /// [`Client::flush`]. A request is sent without a batch if it is the only one, if it is longer than 16 KiB, if it
    /// reads a page of a list, or if it has to be split.
    ///
    /// Each request has its own completion, as if it had been sent alone. A request that Graph throttled, or whose
    /// response was lost, is sent again after the longest wait that the response asks for, or after its own if it has
    /// no time for the longest, without holding up the others. For one user, whose ids are compared without regard to case,
    /// a write is sent only when all requests that were submitted before it have ended, and a read when the writes before
    /// it have. Reads have no order among themselves. Requests that are not batched have no such order.
    ///
    /// # Errors
    /// [`Error`], together with the ticket, if the request cannot be started. It is
    /// [`Status::Full`](crate::Status::Full) if 4,000 batched requests are outstanding: take completions, then submit
    /// the request again. Errors in the request itself are delivered by the queue.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Queue, Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let queue = Queue::new();
    /// for user in ["adele", "alex"] {
    ///     client.submit(Request::get_presence(Target::user(user)), &queue, user).map_err(|(error, _)| error)?;
    /// }
    /// for _ in 0..2 {
    ///     let completion = queue.wait(None)?;
    ///     println!("{}: {}", completion.ticket, completion.result?.body());
    /// }
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn submit<T: Send + 'static>(
        &self,
        request: Request,
        queue: &Queue<T>,
        ticket: T,
    ) -> Result<u64, (Error, T)> {
        let entered = self.enter().and_then(|running| Ok((running, runtime::place()?)));
        let (running, place) = match entered {
            Ok(entered) => entered,
            Err(error) => return Err((error, ticket)),
        };
        let in_batch = request.batched && can_be_batched(&request);
        let room = match in_batch.then(|| self.0.bulk.room()).transpose() {
            Ok(room) => room,
            Err(error) => return Err((error, ticket)),
        };
        let (entry, cancelled) = queue.enter(ticket)?;
        let operation = entry.operation();
        let running = running.with_cancel(operation, cancelled.clone());
        if in_batch {
            self.0.submit_in_batch(request, room, running, entry);
            self.0.bulk.let_cancel(operation, &cancelled);
            return Ok(operation);
        }
        let client = self.clone();
        place.spawn(async move {
            let end = async {
                tokio::select! {
                    biased;
                    () = cancelled.wait() => LocalFailure::Cancelled,
                    end = running.ended() => end,
                }
            };
            let attempts = Attempts::default();
            entry.complete(client.0.setup.run(request, None, &attempts, end).await);
            // Last, so that a close of the client returns only when every completion is in its queue.
            drop(running);
        });
        Ok(operation)
    }

    /// Sends the batched requests that have been submitted so far, without waiting for full batches.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the client.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Queue, Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let queue = Queue::new();
    /// for user in ["adele", "alex", "megan"] {
    ///     let request = Request::get_presence(Target::user(user)).batched();
    ///     client.submit(request, &queue, user).map_err(|(error, _)| error)?;
    /// }
    /// client.flush()?; // no more will come
    /// for _ in 0..3 {
    ///     let completion = queue.wait(None)?;
    ///     println!("{}: {}", completion.ticket, completion.result?.body());
    /// }
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn flush(&self) -> Result<(), Error> {
        self.0.maker.check()?;
        self.0.bulk.flush();
        Ok(())
    }

    /// Cancels a submitted operation: it completes with [`Status::Cancelled`](crate::Status::Cancelled), unless it
    /// ended first. Does nothing for an operation that has ended or is unknown.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the client.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Queue, Request, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let queue = Queue::new();
    /// let request = Request::get_presence(Target::user("adele"));
    /// let operation = client.submit(request, &queue, ()).map_err(|(error, ())| error)?;
    /// client.cancel(operation)?;
    /// assert_eq!(queue.wait(None)?.operation, operation); // cancelled, or ended before
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn cancel(&self, operation: u64) -> Result<(), Error> {
        self.0.maker.check()?;
        self.0.in_flight.cancel(operation);
        Ok(())
    }

    /// Closes the client: refuses new requests, waits up to `wait` for those under way, and ends the remaining ones
    /// with [`Status::Closed`](crate::Status::Closed). Within the same time it also waits until the log function has
    /// received every line. Returns the number of requests that had to be ended.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the client, and
    /// [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a callback.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use mgpresence::{Request, Status, Target};
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// assert_eq!(client.close(Duration::from_secs(1))?, 0);
    /// let error = client.send(Request::get_presence(Target::user("adele"))).unwrap_err();
    /// assert_eq!(error.status(), Status::Closed);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn close(&self, wait: Duration) -> Result<usize, Error> {
        self.0.maker.check()?;
        if in_callback::is_running() {
            return Err(LocalFailure::WouldDeadlock.into());
        }
        let deadline = std::time::Instant::now().checked_add(wait);
        let left = self.0.in_flight.close(wait);
        self.0.setup.log.flush(deadline);
        Ok(left)
    }

    /// Sends the next request over a new connection, since the network may have forgotten the others.
    pub(crate) fn reconnect(&self) {
        self.0.setup.http.reconnect();
    }

    /// The client's counters at this moment.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that made the client.
    pub fn stats(&self) -> Result<Statistics, Error> {
        self.0.maker.check()?;
        let Setup { http, throttles, .. } = &*self.0.setup;
        let Counters { requests, batches, items, retries, throttled, .. } = &http.counters;
        let Counters { waits, succeeded, failed, tokens, .. } = &http.counters;
        let throttle = throttles.last();
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Statistics {
            outstanding: small(self.0.in_flight.count()),
            waiting: small(self.0.bulk.waiting()),
            in_flight: small(http.in_flight()),
            throttle_limit: throttle.as_ref().map_or(0, |throttle| throttle.limit()),
            throttle_used: throttle.as_ref().map_or(0, |throttle| throttle.used()),
            requests: requests.get(),
            batches: batches.get(),
            batched: items.get(),
            retries: retries.get(),
            throttled: throttled.get(),
            throttle_waits: waits.get(),
            succeeded: succeeded.get(),
            failed: failed.get(),
            tokens: tokens.get(),
        })
    }

    /// Whether this process created the client. A fork of it must not touch the client's locks.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.0.maker.is_this()
    }

    /// Sends a request on behalf of an operation that is under way, such as a keep-alive; in a batch if the request
    /// asks for it and can be batched. Dropping the future cancels the request.
    pub(crate) async fn run_within(
        &self,
        request: Request,
        running: &Running,
    ) -> Result<Response, Error> {
        struct CancelOnDrop(Cancel);
        impl Drop for CancelOnDrop {
            fn drop(&mut self) {
                self.0.cancel();
            }
        }
        let Inner { setup, bulk, .. } = &*self.0;
        if !(request.batched && can_be_batched(&request)) {
            let deadline = from_now(setup.timeout(&request));
            let attempts = Attempts::default();
            return setup.run(request, Some(deadline), &attempts, running.ended()).await;
        }
        let (name, number) = (request.operation.row().name, next_operation());
        let (cancel, (sender, receiver)) = (CancelOnDrop(Cancel::default()), oneshot::channel());
        bulk.submit(number, request, None, running.ending(), move |result| {
            let _ = sender.send(result);
        });
        bulk.let_cancel(number, &cancel.0);
        let result = receiver.await.unwrap_or_else(|_| Err(lost().into()));
        // What found no place within the limit is submitted again, so nothing has failed.
        if !matches!(&result, Err(error) if error.is_unsent()) {
            setup.log_end(name, &result);
        }
        result
    }

    /// Registers an operation as under way.
    pub(crate) fn enter(&self) -> Result<Running, Error> {
        self.0.maker.check()?;
        self.0.in_flight.enter()
    }
}

/// The failure of a call that ended without a result.
fn lost() -> LocalFailure {
    LocalFailure::Panic("A call ended without a result".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_future_of_a_call_is_small() {
        let client = Client::builder().build().unwrap();
        let running = client.enter().unwrap();
        let request = Request::get_presence(crate::Target::Me);
        let attempts = Attempts::default();
        let call = client.0.setup.run(request, None, &attempts, running.ended());
        assert!(size_of_val(&call) < 1000, "{}", size_of_val(&call));
    }

    #[test]
    fn an_urgent_request_that_gets_no_token_in_time_says_so() {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let held = std::sync::Mutex::new(held);
        let credential = crate::Credential::from_fn(None, move || {
            let _ = held.lock().unwrap().recv();
            Err("too late".into())
        });
        let client = Client::builder().credential(credential).build().unwrap();
        let running = client.enter().unwrap();
        let timeout = Duration::from_millis(100);
        let request =
            Request::get_presence(crate::Target::user("adele")).batched().timeout(timeout);
        let request = Request { urgent: true, ..request };
        let error = runtime::block_on(client.run_within(request, &running)).unwrap().unwrap_err();
        assert!(error.to_string().contains("provided no token within 0.1 s"), "{error}");
        assert!(!error.is_unsent());
        drop(hold);
    }

    #[test]
    fn an_urgent_request_that_finds_no_place_does_not_count_as_failed() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let client = Client::builder()
            .credential(crate::Credential::from_token("token").unwrap())
            .base_url(format!("http://{}", silent.local_addr().unwrap()))
            .allow_loopback_http()
            .throttle_start(1)
            .throttle_ceiling(1)
            .build()
            .unwrap();
        let running = client.enter().unwrap();
        let timeout = Duration::from_millis(100);
        let request =
            Request::get_presence(crate::Target::user("adele")).batched().timeout(timeout);
        for (is_unsent, failed) in [(false, 1), (true, 1)] {
            let request = Request { urgent: true, ..request.clone() };
            let result = runtime::block_on(client.run_within(request, &running)).unwrap();
            assert_eq!(result.unwrap_err().is_unsent(), is_unsent);
            assert_eq!(client.stats().unwrap().failed, failed);
        }
    }

    #[test]
    fn threads_share_a_client() {
        fn is_shared<T: Clone + Send + Sync + 'static>() {}
        is_shared::<Client>();
    }
}
