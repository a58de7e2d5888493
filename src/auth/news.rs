//! What a log is to say about sign-ins, which run on threads that know no client. The next request of any client that uses
//! the credential takes it along.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::log::{Level, Log};

/// Lines that wait to be logged.
#[derive(Default)]
pub(super) struct News {
    lines: Mutex<Vec<(Level, String)>>,
    has_any: AtomicBool,
}

/// From so many on, the oldest lines are lost: no client has a log.
const MOST: usize = 20;

impl News {
    pub(super) fn add(&self, level: Level, line: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= MOST {
            lines.remove(0);
        }
        lines.push((level, line));
        self.has_any.store(true, Ordering::Release);
    }

    /// Hands the lines to a log. Costs a glance where there are none.
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
