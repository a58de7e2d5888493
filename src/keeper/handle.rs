//! The handle of a keep-alive, and the method of the client that starts one.

use std::fmt;
use std::sync::Arc;

use super::driver::Shared;
use super::options::{KeepAliveOptions, KeepAliveStatus};
use super::registry::Registry;
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Request, Target};
use crate::process::Maker;
use crate::queue::Queue;
use crate::transport::runtime;

/// A keep-alive: it sets presences, and renews each one before it fades or expires, until it is released. Any thread
/// may use the handle.
///
/// Dropping the handle ends the keep-alive at once, without clearing: the presences fade or expire. A keep-alive that
/// was stopped before the drop still completes normally.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use mgpresence::{
///     Activity, Availability, KeepAliveOptions, KeepAliveState, Queue, Request, SetPresence, Target,
/// };
/// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
/// # let (_emulator, client) = doctest::emulated();
///
/// let queue = Queue::new();
/// let keep_alive = client.keep_alive(KeepAliveOptions::default(), &queue, ()).map_err(|(error, ())| error)?;
/// for user in ["adele", "alex"] {
///     let available = SetPresence::new(Availability::Available, Activity::Available);
///     keep_alive.hold(Request::set_presence(Target::user(user), available))?;
/// }
/// for _ in 0..2 {
///     let event = queue.wait(None)?.event.unwrap();
///     assert_eq!(event.state, KeepAliveState::Held);
///     println!("{:?} is available, and set again at {:?}", event.target, event.next);
/// }
/// keep_alive.stop()?; // the last event is KeepAliveState::Ended
/// # Ok::<(), mgpresence::Error>(())
/// ```
pub struct KeepAlive {
    shared: Arc<Shared>,
    operation: u64,
    client: Client,
    maker: Maker,
}

impl Client {
    /// Starts a keep-alive without presences: add them with [`KeepAlive::hold`]. The queue delivers its events, each
    /// with a clone of the ticket.
    ///
    /// Closing the client stops its keep-alives. Closing or dropping the queue ends the keep-alives that report to it,
    /// at once and without clearing.
    ///
    /// # Errors
    /// [`Error`], together with the ticket, if the client or the queue is closed.
    pub fn keep_alive<T: Clone + Send + Sync + 'static>(
        &self,
        options: KeepAliveOptions,
        queue: &Queue<T>,
        ticket: T,
    ) -> Result<KeepAlive, (Error, T)> {
        let entered = self.enter().and_then(|running| Ok((running, runtime::place()?)));
        let (running, place) = match entered {
            Ok(entered) => entered,
            Err(error) => return Err((error, ticket)),
        };
        let (entry, cancel) = queue.enter(ticket)?;
        let operation = entry.operation();
        let running = running.with_cancel(operation, cancel.clone());
        let registry = Registry::new(&options);
        let shared = Arc::new(Shared::new(self.clone(), registry, Box::new(entry)));
        place.spawn(Arc::clone(&shared).run(running, cancel));
        Ok(KeepAlive { shared, operation, client: self.clone(), maker: Maker::this() })
    }
}

impl KeepAlive {
    /// The number of the operation, which each of its completions contains. [`Client::cancel`] with this number ends
    /// the keep-alive at once, without clearing.
    pub fn operation(&self) -> u64 {
        self.operation
    }

    /// Keeps the presence that a request for setPresence or setUserPreferredPresence sets. It is first set after the
    /// renewals that are due, as soon as the limit of requests of the application allows.
    ///
    /// If the same presence of the same user is kept already, the new request replaces the previous one. The session
    /// continues, and the previous presence lasts until the new one is set. An identical request changes nothing
    /// but the access token, unless Graph has refused it: then it is tried again.
    ///
    /// A preferred presence expires but does not fade, and it shows only while the user has a session. To keep one for
    /// a user who may not be signed in, keep a session too.
    ///
    /// # Errors
    /// The errors of [`Client::send`] for an invalid request; [`Status::Operation`](crate::Status::Operation) for any
    /// other operation; [`Status::Option`](crate::Status::Option) if the chosen interval is not shorter than the
    /// presence lasts; [`Status::Closed`](crate::Status::Closed) if the keep-alive was stopped or has ended;
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that started it.
    pub fn hold(&self, request: Request) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_registry(|registry| registry.hold(request))
    }

    /// Stops keeping the presences of a user, both the session and the preferred presence. Each reports
    /// [`KeepAliveState::Stopped`](crate::KeepAliveState::Stopped), after it was cleared if
    /// [`KeepAliveOptions::clear_on_stop`] was chosen.
    ///
    /// # Errors
    /// [`Status::NotFound`](crate::Status::NotFound) if no presence of that user is kept, and
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that started the keep-alive.
    pub fn release(&self, target: &Target) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_registry(|registry| registry.release(target, false))
    }

    /// Like [`release`](Self::release), and clears the presences, whether or not
    /// [`KeepAliveOptions::clear_on_stop`] was chosen, and whether or not this keep-alive has set them.
    ///
    /// # Errors
    /// Those of [`release`](Self::release).
    pub fn clear(&self, target: &Target) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_registry(|registry| registry.release(target, true))
    }

    /// Releases all users, and then ends the keep-alive. The call does not block: the last event is
    /// [`KeepAliveState::Ended`](crate::KeepAliveState::Ended).
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that started it.
    pub fn stop(&self) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_registry(Registry::stop);
        Ok(())
    }

    /// The keep-alive's counters at this moment.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that started it.
    pub fn status(&self) -> Result<KeepAliveStatus, Error> {
        self.maker.check()?;
        Ok(self.shared.with_registry(Registry::status))
    }

    /// Whether everything that is due at the time of the [`TestClock`](crate::TestClock) has been sent and answered.
    #[doc(hidden)]
    pub fn is_idle(&self) -> bool {
        self.shared.with_registry(Registry::is_idle)
    }

    /// Whether this process started the keep-alive. A fork of it must not touch the keep-alive's locks.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.maker.is_this()
    }
}

impl Drop for KeepAlive {
    fn drop(&mut self) {
        if self.is_of_this_process() && !self.shared.registry().is_stopped() {
            let _ = self.client.cancel(self.operation);
        }
    }
}

impl fmt::Debug for KeepAlive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeepAlive").field("operation", &self.operation).finish_non_exhaustive()
    }
}
