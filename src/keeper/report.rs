//! Where the events of a keep-alive go, whatever the tickets of its queue are.

use crate::error::Error;
use crate::keep_alive::KeepAliveEvent;
use crate::queue::Entry;
use crate::response::Response;

/// The queue of a keep-alive.
pub(super) trait Report: Send + Sync {
    /// An event of the hold with this number.
    fn event(&self, hold: u64, event: KeepAliveEvent, result: Result<Response, Error>);

    /// The last event.
    fn end(self: Box<Self>, event: KeepAliveEvent, error: Error);
}

impl<T: Clone + Send + Sync> Report for Entry<T> {
    fn event(&self, hold: u64, event: KeepAliveEvent, result: Result<Response, Error>) {
        self.report(hold, event, result);
    }

    fn end(self: Box<Self>, event: KeepAliveEvent, error: Error) {
        Entry::end(*self, event, Err(error));
    }
}
