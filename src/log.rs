//! The log lines that the host receives. They never contain a token.
//!
//! The host's function runs on a thread of its own, so that no request waits for it, however slow it is.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::in_callback;
use crate::job;

/// The level of a log line. The numbers are those of the C ABI.
/// ```
/// assert!(mgpresence::Level::Error < mgpresence::Level::Debug);
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(i32)]
pub enum Level {
    /// A call failed.
    Error = 1,
    /// A request is sent again, or a token could not be renewed.
    Warning = 2,
    /// A call ended, or a credential signed in.
    Info = 3,
    /// An attempt ended.
    Debug = 4,
}

/// Where log lines go; by default nowhere. Dropping it ends the thread after the last line.
#[derive(Default)]
pub(crate) struct Log(Option<(Level, Arc<Lines>)>);

/// Level, subject and line.
pub(crate) type Sink = dyn Fn(Level, &str, &str) + Send + Sync;

/// The most lines that are kept for a slow host. Further lines are dropped and counted.
const MOST_WAITING: usize = 1000;

struct Line {
    level: Level,
    subject: &'static str,
    text: String,
    /// The number of lines that were dropped before this one.
    lost: u64,
}

struct Lines {
    sink: Arc<Sink>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Line>,
    lost: u64,
    /// Whether the thread has been started. The first line starts it.
    has_thread: bool,
    is_delivering: bool,
    is_closed: bool,
}

impl Log {
    pub(crate) fn new(most: Level, sink: Arc<Sink>) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        Self(Some((most, Arc::new(Lines { sink, state, changed }))))
    }

    /// Writes a line, whose text is made only if the host wants the level. Does not block.
    pub(crate) fn write(&self, level: Level, subject: &'static str, line: impl FnOnce() -> String) {
        if let Some((_, lines)) = self.0.as_ref().filter(|(most, _)| level <= *most) {
            lines.push(level, subject, line());
        }
    }

    /// Waits until the host has received every line, but no longer than the deadline.
    pub(crate) fn flush(&self, deadline: Option<Instant>) {
        if let Some((_, lines)) = &self.0 {
            lines.flush(deadline);
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some((_, lines)) = &self.0 {
            lines.lock().is_closed = true;
            lines.changed.notify_all();
        }
    }
}

impl Line {
    fn of_lost(count: u64) -> Self {
        let lines = if count == 1 { "line was" } else { "lines were" };
        let text = format!("{count} {lines} lost here: the log function is too slow");
        Self { level: Level::Error, subject: "log", text, lost: 0 }
    }
}

impl Lines {
    fn push(self: &Arc<Self>, level: Level, subject: &'static str, text: String) {
        let mut state = self.lock();
        if state.waiting.len() >= MOST_WAITING {
            state.lost += 1;
            return;
        }
        let lost = std::mem::take(&mut state.lost);
        state.waiting.push_back(Line { level, subject, text, lost });
        if !state.has_thread {
            let lines = Arc::clone(self);
            // If the thread cannot be started, the line is kept, and the next line tries again.
            state.has_thread = job::start(move || lines.deliver()).is_ok();
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Delivers lines until the log is dropped.
    fn deliver(&self) {
        while let Some(line) = self.next() {
            if line.lost > 0 {
                self.tell(&Line::of_lost(line.lost));
            }
            self.tell(&line);
        }
    }

    /// The next line; `None` after the last.
    fn next(&self) -> Option<Line> {
        let mut state = self.lock();
        state.is_delivering = false;
        self.changed.notify_all();
        loop {
            if let Some(line) = state.waiting.pop_front() {
                state.is_delivering = true;
                return Some(line);
            }
            if state.lost > 0 {
                state.is_delivering = true;
                return Some(Line::of_lost(std::mem::take(&mut state.lost)));
            }
            if state.is_closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn tell(&self, line: &Line) {
        // A panic in the host's function must not end the log.
        let call = AssertUnwindSafe(|| {
            in_callback::run(|| (self.sink)(line.level, line.subject, &line.text))
        });
        let _ = catch_unwind(call);
    }

    fn flush(&self, deadline: Option<Instant>) {
        let mut state = self.lock();
        while state.has_thread
            && (state.is_delivering || !state.waiting.is_empty() || state.lost > 0)
        {
            state = match deadline.map(|end| end.saturating_duration_since(Instant::now())) {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => return,
                Some(left) => {
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({:?})", self.0.as_ref().map(|(most, _)| most))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// A log whose lines come out of the receiver, the first only after the gate is opened.
    fn slow() -> (Log, mpsc::Sender<()>, mpsc::Receiver<String>) {
        let (open, gate) = mpsc::channel::<()>();
        let (said, heard) = mpsc::channel();
        let gate = Mutex::new(gate);
        let log = Log::new(
            Level::Debug,
            Arc::new(move |_, _, line: &str| {
                let _ = gate.lock().unwrap().recv(); // at once, when the gate is gone
                let _ = said.send(line.to_string());
            }),
        );
        (log, open, heard)
    }

    #[test]
    fn lines_are_kept_for_a_slow_host_and_further_ones_are_counted() {
        let (log, open, heard) = slow();
        let write = |line: &str| log.write(Level::Info, "call", || line.into());
        write("first");
        while !log.0.as_ref().unwrap().1.lock().is_delivering {
            std::thread::yield_now();
        }
        for n in 0..MOST_WAITING + 3 {
            write(&n.to_string());
        }
        drop(open);
        log.flush(None);
        let mut told: Vec<_> = heard.try_iter().collect();
        write("later");
        drop(log);
        let mut expected = vec!["first".to_string()];
        expected.extend((0..MOST_WAITING).map(|n| n.to_string()));
        expected.push("3 lines were lost here: the log function is too slow".into());
        assert_eq!(told, expected);
        told = heard.iter().collect();
        assert_eq!(told, ["later"]);
    }

    #[test]
    fn a_dropped_log_releases_the_host_after_the_last_line() {
        let (log, open, heard) = slow();
        log.write(Level::Info, "call", || "last".into());
        drop(log); // returns although the host has not taken the line
        assert_eq!(heard.recv_timeout(Duration::ZERO), Err(mpsc::RecvTimeoutError::Timeout));
        drop(open);
        assert_eq!(heard.iter().collect::<Vec<_>>(), ["last"]); // ends, for the sink is dropped
    }

    #[test]
    fn a_flush_ends_at_its_deadline() {
        let (log, open, _heard) = slow();
        log.write(Level::Info, "call", || "line".into());
        log.flush(Some(Instant::now()));
        drop(open);
    }
}
