//! Log lines about sign-ins. A sign-in runs on a thread without a client, so its lines wait until the next request of a
//! client that uses the credential.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::log::{Level, Log};

/// The lines that wait to be logged.
#[derive(Default)]
pub(super) struct PendingLines {
    lines: Mutex<Vec<(Level, String)>>,
    has_any: AtomicBool,
}

/// The most lines that wait. Beyond that the oldest are dropped, since no client seems to have a log.
const MOST: usize = 20;

impl PendingLines {
    pub(super) fn add(&self, level: Level, line: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= MOST {
            lines.remove(0);
        }
        lines.push((level, line));
        self.has_any.store(true, Ordering::Release);
    }

    /// Writes the lines to a log. Without lines this costs one atomic load.
    pub(super) fn tell(&self, log: &Log) {
        if !self.has_any.load(Ordering::Acquire) || !self.has_any.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for (level, line) in std::mem::take(&mut *lines) {
            log.write(level, "sign_in", || line);
        }
    }
}
