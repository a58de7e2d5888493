//! Many requests under one limit: `$batch`. <https://learn.microsoft.com/graph/json-batching>
//!
//! `work` is one operation; `order` and `schedule` decide what leaves when, as long as `health` sees the service answer;
//! `batch` writes a body, and `answer` reads one; `send` sends a batch and decides what becomes of each operation; `outbox` holds what
//! is outstanding, and `driver` is the task that drives it.

mod answer;
mod batch;
mod driver;
mod failure;
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

pub(crate) use work::can_travel;

/// The batched operations of one client; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Bulk(Arc<Shared>);

/// One of the places that a client has for batched operations. Dropped, it is free again.
#[derive(Debug)]
pub(crate) struct Room {
    of: Bulk,
    place: Option<Place>,
}

impl Bulk {
    pub(crate) fn new(setup: Arc<Setup>) -> Self {
        Self(Arc::new(Shared::new(setup)))
    }

    /// Room for one more operation.
    ///
    /// # Errors
    /// [`Status::Full`](crate::Status::Full) if there are [`MOST_OUTSTANDING`].
    pub(crate) fn room(&self) -> Result<Room, Error> {
        Ok(Room { of: self.clone(), place: Some(self.0.outbox.place()?) })
    }

    /// Takes an operation of which [`can_travel`] says that it can; `finish` is called exactly once. An urgent one needs no
    /// room.
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
            Ok(work) => self.add(operation, Box::new(work), room, ending, Box::new(finish)),
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
        let taken = (work.facts(), work, give_up);
        match shared.outbox.add(operation, taken, place, finish, Instant::now()) {
            Then::Nothing => {}
            Then::Tell => shared.changed.notify_one(),
            Then::Drive => {
                if let Err(failure) = runtime::spawn(Arc::clone(shared).drive(ending)) {
                    shared.end_all(&failure);
                }
            }
        }
    }

    /// Lets an operation be cancelled from now on, and if that was asked for before.
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

    /// Lets everything that was submitted leave without waiting for fuller batches.
    pub(crate) fn flush(&self) {
        self.0.outbox.flush();
        self.0.changed.notify_one();
    }

    /// How many operations wait to be sent.
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
