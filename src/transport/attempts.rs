//! The attempts to send a request, for code that ends it from outside.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Cause, Context, Error};
use crate::operation::Effect;
use crate::status::Status;

/// The attempts of one operation so far. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(Arc<Mutex<Made>>);

#[derive(Debug, Default)]
struct Made {
    count: u32,
    client_request_id: String,
    /// Whether one of them writes and may have had its effect, or may still have it.
    may_be_done: bool,
}

/// A failure of something that may have been done.
#[derive(Debug)]
struct Unfinished(Error);

impl Attempts {
    /// Counts an attempt that is about to be made.
    pub(super) fn add(&self, client_request_id: &str, effect: Effect) {
        let mut made = self.lock();
        made.count += 1;
        made.may_be_done |= effect == Effect::Write;
        made.client_request_id.clear();
        made.client_request_id.push_str(client_request_id);
    }

    /// Records that the last attempt has ended, and whether it or an earlier one may have had its effect.
    pub(super) fn ended(&self, may_be_done: bool) {
        self.lock().may_be_done &= may_be_done;
    }

    /// Adds the attempts to a failure that does not know of any, such as a cancellation.
    pub(crate) fn known_to(&self, failure: Error) -> Error {
        let made = self.lock();
        if made.count == 0 || failure.attempts() > 0 {
            return failure;
        }
        let context = Context {
            client_request_id: made.client_request_id.clone(),
            attempts: made.count,
            ..Context::default()
        };
        match made.may_be_done {
            true => Error::with_context(Unfinished(failure), context),
            false => failure.in_context(context),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cause for Unfinished {
    fn status(&self) -> Status {
        self.0.status()
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} The request may have been done. Check before you repeat it.", self.0)
    }
}
