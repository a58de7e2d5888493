//! The attempts to send a request, for code that ends it from outside.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Context, Error};

/// The attempts of one operation so far. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(Arc<Mutex<Made>>);

#[derive(Debug, Default)]
struct Made {
    count: u32,
    client_request_id: String,
}

impl Attempts {
    /// Counts an attempt that is about to be made.
    pub(super) fn add(&self, client_request_id: &str) {
        let mut made = self.lock();
        made.count += 1;
        made.client_request_id.clear();
        made.client_request_id.push_str(client_request_id);
    }

    /// Adds the attempts to a failure that does not know of any, such as a cancellation.
    pub(crate) fn known_to(&self, failure: Error) -> Error {
        let made = self.lock();
        if made.count == 0 || failure.attempts() > 0 {
            return failure;
        }
        failure.in_context(Context {
            client_request_id: made.client_request_id.clone(),
            attempts: made.count,
            ..Context::default()
        })
    }

    fn lock(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
