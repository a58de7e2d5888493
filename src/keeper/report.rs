//! Hides the ticket type of the queue to which a keep-alive reports.

use crate::error::Error;
use crate::keep_alive::{KeepAliveEvent, PresenceKey};
use crate::queue::Entry;
use crate::response::Response;

/// The queue to which a keep-alive reports.
pub(super) trait Report: Send + Sync {
    /// Reports an event of a presence.
    fn event(&self, presence: &PresenceKey, event: KeepAliveEvent, result: Result<Response, Error>);

    /// Reports the last event.
    fn end(self: Box<Self>, event: KeepAliveEvent, error: Error);
}

impl<T: Clone + Send + Sync> Report for Entry<T> {
    fn event(
        &self,
        presence: &PresenceKey,
        event: KeepAliveEvent,
        result: Result<Response, Error>,
    ) {
        self.report(presence, event, result);
    }

    fn end(self: Box<Self>, event: KeepAliveEvent, error: Error) {
        Entry::end(*self, event, Err(error));
    }
}
