//! Sends many requests in batches, within one limit. <https://learn.microsoft.com/graph/json-batching>
//!
//! - `work` is one operation; `groups` are the operations that may be in the same batch.
//! - `order` and `schedule` decide which operations are sent when; `health` pauses them while the service is down.
//! - `batch_request` and `batch_response` write and read the bodies.
//! - `send` sends a batch and decides which operations are sent again.
//! - `outbox` contains the outstanding operations, and `driver` is the task that sends them.

mod batch_request;
mod batch_response;
mod driver;
mod failure;
mod groups;
mod health;
mod order;
mod outbox;
mod schedule;
mod send;
#[cfg(test)]
mod simulation;
mod work;

use std::sync::Arc;
use std::time::Instant;

use crate::call::Setup;
use crate::error::{Error, LocalFailure};
use crate::in_flight::{Cancel, Ending};
use crate::job::caught;
use crate::operation::Request;
use crate::transport::{from_now, runtime};
use driver::Shared;
use outbox::{Finish, Place, Then};
use work::Work;

pub(crate) use work::can_be_batched;

/// The batched operations of one client. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Bulk(Arc<Shared>);

/// One of a client's places for batched operations. Dropping it frees the place.
#[derive(Debug)]
pub(crate) struct Room {
    of: Bulk,
    place: Option<Place>,
}

impl Bulk {
    pub(crate) fn new(setup: Arc<Setup>) -> Self {
        Self(Arc::new(Shared::new(setup)))
    }

    /// Reserves a place for one operation.
    ///
    /// # Errors
    /// [`Status::Full`](crate::Status::Full) if [`MOST_OUTSTANDING`](outbox::MOST_OUTSTANDING) operations are
    /// outstanding.
    pub(crate) fn room(&self) -> Result<Room, Error> {
        Ok(Room { of: self.clone(), place: Some(self.0.outbox.place()?) })
    }

    /// Submits an operation that [`can_be_batched`]. `finish` is called exactly once. An urgent operation needs no
    /// place.
    pub(crate) fn submit(
        &self,
        operation: u64,
        request: Request,
        room: Option<Room>,
        ending: Ending,
        finish: impl FnOnce(Result<crate::Response, Error>) + Send + 'static,
    ) {
        let setup = &self.0.setup;
        let (retry, timeout) = (setup.retry, setup.timeout(&request));
        let work = caught(|| {
            #[cfg(feature = "test-panic")]
            crate::ffi::panic_if_asked_to(&request);
            Work::new(request, retry, timeout)
        });
        match work.and_then(|work| work) {
            Ok(work) => {
                let attempts = work.progress.shared.clone();
                let finish = move |result: Result<crate::Response, Error>| {
                    finish(result.map_err(|failure| attempts.known_to(failure)));
                };
                self.add(operation, Box::new(work), room, ending, Box::new(finish));
            }
            Err(failure) => {
                drop(room);
                finish(Err(failure));
            }
        }
    }

    fn add(
        &self,
        operation: u64,
        work: Box<Work>,
        room: Option<Room>,
        ending: Ending,
        finish: Finish,
    ) {
        let shared = &self.0;
        let place = room.and_then(|mut room| room.place.take());
        let give_up = from_now(work.longest_wait()).into_std();
        let taken = (work.facts(&shared.groups), work, give_up);
        match shared.outbox.add(operation, taken, place, finish, Instant::now()) {
            Then::Nothing if !ending.has_come() => {}
            Then::Nothing | Then::Notify => shared.changed.notify_one(),
            Then::Drive => {
                if let Err(failure) = runtime::spawn(Arc::clone(shared).drive(ending)) {
                    shared.end_all(&failure);
                }
            }
        }
    }

    /// Connects an operation with its cancellation. One that was requested before takes effect at once.
    pub(crate) fn let_cancel(&self, operation: u64, cancel: &Cancel) {
        let shared = Arc::downgrade(&self.0);
        cancel.then(move || {
            let Some(shared) = shared.upgrade() else { return };
            if let Some(finish) = shared.outbox.remove(operation, Instant::now()) {
                shared.changed.notify_one();
                finish(Err(LocalFailure::Cancelled.into()));
            }
        });
    }

    /// Sends everything that was submitted so far, without waiting for full batches.
    pub(crate) fn flush(&self) {
        self.0.outbox.flush();
        self.0.changed.notify_one();
    }

    /// The number of operations that wait to be sent.
    pub(crate) fn waiting(&self) -> usize {
        self.0.outbox.waiting()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.of.0.outbox.give_back(place);
        }
    }
}
