//! The handle of a keep-alive, and how a client starts one.

use std::fmt;
use std::sync::Arc;

use super::driver::Shared;
use super::options::{KeepAliveOptions, KeepAliveStatus};
use super::roll::Roll;
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Request, Target};
use crate::process::Maker;
use crate::queue::Queue;
use crate::transport::runtime;

/// Presences that are held: each is set, and renewed before it fades or expires, until it is released. Any thread may use
/// it.
///
/// Dropping it ends the keep-alive at once and clears nothing: what was set fades and expires. One that was stopped before
/// comes to its end.
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
    /// Starts a keep-alive that holds nothing yet: give presences to [`KeepAlive::hold`]. What happens to them comes out of
    /// the queue, with a clone of the ticket.
    ///
    /// Closing the client stops its keep-alives. Closing or dropping the queue ends those that report to it, at once and
    /// without clearing.
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
        let roll = Roll::new(&options);
        let shared = Arc::new(Shared::new(self.clone(), roll, Box::new(entry)));
        place.spawn(Arc::clone(&shared).run(running, cancel));
        Ok(KeepAlive { shared, operation, client: self.clone(), maker: Maker::this() })
    }
}

impl KeepAlive {
    /// The number of the operation, which its completions have. [`Client::cancel`] ends it at once and clears nothing.
    pub fn operation(&self) -> u64 {
        self.operation
    }

    /// Holds what a request for setPresence or setUserPreferredPresence sets. It is set soon: as fast as the throttle of the
    /// application allows, after the renewals that are due.
    ///
    /// If that presence of the same user is held already, the request replaces the one that it was held by; the session goes
    /// on, and what was set before lasts until the new one is set. The same request again changes nothing, unless Graph has
    /// refused it: then it is tried again.
    ///
    /// A preferred presence expires and does not fade, and it shows only while the user has a session. To hold one for a user
    /// who may not be signed in, hold a session too.
    ///
    /// # Errors
    /// What is wrong with the request, as [`Client::send`] would say; [`Status::Operation`](crate::Status::Operation) for any
    /// other operation; [`Status::Option`](crate::Status::Option) if the chosen interval is not shorter than the presence
    /// lasts; [`Status::Closed`](crate::Status::Closed) if the keep-alive has been stopped or has ended.
    pub fn hold(&self, request: Request) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_roll(|roll| roll.hold(request))
    }

    /// No longer holds the presences of a user, both the session and the preferred presence. Each reports
    /// [`KeepAliveState::Stopped`](crate::KeepAliveState::Stopped), after it was cleared if that was chosen.
    ///
    /// # Errors
    /// [`Status::NotFound`](crate::Status::NotFound) if nothing is held of that user.
    pub fn release(&self, target: &Target) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_roll(|roll| roll.release(target))
    }

    /// Releases all users, and ends the keep-alive when that is done. Does not block: the last event is
    /// [`KeepAliveState::Ended`](crate::KeepAliveState::Ended).
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that started it.
    pub fn stop(&self) -> Result<(), Error> {
        self.maker.check()?;
        self.shared.with_roll(Roll::stop);
        Ok(())
    }

    /// How many presences are in effect, and what was done so far.
    ///
    /// # Errors
    /// [`Status::Forked`](crate::Status::Forked) in a fork of the process that started it.
    pub fn status(&self) -> Result<KeepAliveStatus, Error> {
        self.maker.check()?;
        Ok(self.shared.with_roll(Roll::status))
    }

    /// Whether everything that is due at the time of the [`TestClock`](crate::TestClock) has been sent and answered.
    #[doc(hidden)]
    pub fn is_idle(&self) -> bool {
        self.shared.with_roll(Roll::is_idle)
    }

    /// Whether this process started it. In another one its locks must not be touched.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.maker.is_this()
    }
}

impl Drop for KeepAlive {
    fn drop(&mut self) {
        if self.is_of_this_process() && !self.shared.roll().is_stopped() {
            let _ = self.client.cancel(self.operation);
        }
    }
}

impl fmt::Debug for KeepAlive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeepAlive").field("operation", &self.operation).finish_non_exhaustive()
    }
}
