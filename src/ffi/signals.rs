//! SIGPIPE, which would end a C program when a server resets a connection within a request: Rust programs ignore it,
//! other hosts do not, and a library must not change that for them. So it is blocked on the library's own threads, but
//! not for the callbacks of a host that does not block it.

/// Whether a host blocks SIGPIPE: as the thread did that gave the callback.
#[derive(Clone, Copy)]
pub(super) struct HostMask {
    is_blocked: bool,
}

impl HostMask {
    /// The mask of this thread, which is the host's.
    pub(super) fn here() -> Self {
        Self { is_blocked: is_blocked() }
    }

    /// Runs a callback as it would run on one of the host's threads: what it starts inherits the mask.
    pub(super) fn run<T>(self, callback: impl FnOnce() -> T) -> T {
        if self.is_blocked {
            return callback();
        }
        unblock();
        let result = callback();
        block();
        result
    }
}

#[cfg(unix)]
pub(super) use unix::block;
#[cfg(unix)]
use unix::{is_blocked, unblock};

#[cfg(unix)]
mod unix {
    use std::ptr::{null, null_mut};

    use libc::{SIG_BLOCK, SIG_UNBLOCK, SIGPIPE, c_int, sigset_t};

    /// Blocks SIGPIPE on this thread; for a thread of the library's when it starts.
    pub(crate) fn block() {
        change(SIG_BLOCK);
    }

    pub(super) fn unblock() {
        change(SIG_UNBLOCK);
    }

    pub(super) fn is_blocked() -> bool {
        // SAFETY: zero is a value of the integers that make up a signal set; without a new set the mask is only read.
        unsafe {
            let mut set: sigset_t = std::mem::zeroed();
            libc::pthread_sigmask(SIG_BLOCK, null(), &raw mut set);
            libc::sigismember(&raw const set, SIGPIPE) == 1
        }
    }

    fn change(how: c_int) {
        // SAFETY: as above; the functions take any such set, and no thread's mask but this one's changes.
        unsafe {
            let mut set: sigset_t = std::mem::zeroed();
            libc::sigemptyset(&raw mut set);
            libc::sigaddset(&raw mut set, SIGPIPE);
            libc::pthread_sigmask(how, &raw const set, null_mut());
        }
    }
}

#[cfg(not(unix))]
pub(super) fn block() {}

#[cfg(not(unix))]
fn unblock() {}

#[cfg(not(unix))]
fn is_blocked() -> bool {
    false
}
