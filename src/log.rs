//! What the library has to say while it works, handed to the host. Never a token.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::reentry;

/// How much a line matters. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(i32)]
pub enum Level {
    /// A call failed.
    Error = 1,
    /// A request is sent again.
    Warning = 2,
    /// A call ended.
    Info = 3,
    /// An attempt ended.
    Debug = 4,
}

/// Where the lines go; by default nowhere.
#[derive(Clone, Default)]
pub(crate) struct Log(Option<(Level, Arc<Sink>)>);

/// Level, subject and line.
pub(crate) type Sink = dyn Fn(Level, &str, &str) + Send + Sync;

impl Log {
    pub(crate) fn new(most: Level, sink: Arc<Sink>) -> Self {
        Self(Some((most, sink)))
    }

    /// Writes a line that is made only if somebody wants it.
    pub(crate) fn write(&self, level: Level, subject: &str, line: impl FnOnce() -> String) {
        if let Some((_, sink)) = self.0.as_ref().filter(|(most, _)| level <= *most) {
            let line = line();
            // A sink that panics is the host's fault and must not end a request.
            let _ =
                catch_unwind(AssertUnwindSafe(|| reentry::mark(|| sink(level, subject, &line))));
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({:?})", self.0.as_ref().map(|(most, _)| most))
    }
}
