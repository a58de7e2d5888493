//! SIGPIPE, which would end a C program when a server resets a connection within a request: Rust programs ignore it,
//! other hosts do not, and a library must not change that for them. So it is blocked on the library's own threads, but
//! not for the callbacks of a host that does not block it; and on a caller's thread as long as that does I/O.

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

/// Runs I/O on a thread of the host: no SIGPIPE that it causes reaches the host, and the thread has its own mask again
/// afterwards.
pub(super) fn shield(io: &mut dyn FnMut()) {
    let _shield = Shield::raise();
    io();
}

#[cfg(unix)]
pub(super) use unix::Uncancelled;
#[cfg(unix)]
pub(super) use unix::block;
#[cfg(unix)]
use unix::{Shield, is_blocked, unblock};

#[cfg(unix)]
mod unix {
    use std::ptr::{null, null_mut};

    use libc::{SIG_BLOCK, SIG_UNBLOCK, SIGPIPE, c_int, sigset_t};

    /// Blocks SIGPIPE on this thread; for a thread of the library's when it starts.
    pub(crate) fn block() {
        change(SIG_BLOCK, &only_sigpipe());
    }

    pub(super) fn unblock() {
        change(SIG_UNBLOCK, &only_sigpipe());
    }

    pub(super) fn is_blocked() -> bool {
        let mut set = empty();
        // SAFETY: without a new set the mask is only read, into a set that is this function's.
        unsafe { libc::pthread_sigmask(SIG_BLOCK, null(), &raw mut set) };
        has_sigpipe(&set)
    }

    /// What this thread had before, which it gets back when this is dropped.
    pub(super) struct Shield {
        was_blocked: bool,
        /// A SIGPIPE of the host's waits already.
        was_pending: bool,
    }

    impl Shield {
        pub(super) fn raise() -> Self {
            let was_blocked = has_sigpipe(&change(SIG_BLOCK, &only_sigpipe()));
            let was_pending = was_blocked && is_pending();
            Self { was_blocked, was_pending }
        }
    }

    impl Drop for Shield {
        fn drop(&mut self) {
            if !self.was_pending {
                take_pending();
            }
            if !self.was_blocked {
                unblock();
            }
        }
    }

    fn empty() -> sigset_t {
        // SAFETY: zero is a value of the integers that make up a signal set, and the function takes any.
        unsafe {
            let mut set: sigset_t = std::mem::zeroed();
            libc::sigemptyset(&raw mut set);
            set
        }
    }

    fn only_sigpipe() -> sigset_t {
        let mut set = empty();
        // SAFETY: the set is an initialised one.
        unsafe { libc::sigaddset(&raw mut set, SIGPIPE) };
        set
    }

    fn has_sigpipe(set: &sigset_t) -> bool {
        // SAFETY: the set is an initialised one.
        unsafe { libc::sigismember(&raw const *set, SIGPIPE) == 1 }
    }

    /// Changes the mask of this thread, and of no other, and gives the one before.
    fn change(how: c_int, set: &sigset_t) -> sigset_t {
        let mut before = empty();
        // SAFETY: both sets are initialised ones.
        unsafe { libc::pthread_sigmask(how, &raw const *set, &raw mut before) };
        before
    }

    fn is_pending() -> bool {
        let mut set = empty();
        // SAFETY: the set is an initialised one.
        unsafe { libc::sigpending(&raw mut set) };
        has_sigpipe(&set)
    }

    /// Takes the SIGPIPE that the I/O has left, if it has.
    #[cfg(not(target_vendor = "apple"))]
    fn take_pending() {
        let (set, at_once) = (only_sigpipe(), libc::timespec { tv_sec: 0, tv_nsec: 0 });
        // SAFETY: the set is an initialised one, and no information about the signal is asked for.
        while unsafe { libc::sigtimedwait(&raw const set, null_mut(), &raw const at_once) } == -1
            && std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
        {}
    }

    /// Sockets have SO_NOSIGPIPE there.
    #[cfg(target_vendor = "apple")]
    fn take_pending() {}

    /// pthread_cancel ends this thread only when this is dropped: on its way it would unwind through the library, which
    /// ends the process.
    pub(crate) struct Uncancelled(c_int);

    impl Uncancelled {
        pub(crate) fn begin() -> Self {
            Self(set_cancel_state(DISABLED))
        }
    }

    impl Drop for Uncancelled {
        fn drop(&mut self) {
            set_cancel_state(self.0);
        }
    }

    #[cfg(target_vendor = "apple")]
    const DISABLED: c_int = 0;
    #[cfg(not(target_vendor = "apple"))]
    const DISABLED: c_int = 1;

    #[cfg(not(target_os = "android"))]
    fn set_cancel_state(state: c_int) -> c_int {
        // The libc crate has it for few systems.
        unsafe extern "C" {
            fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
        }
        let mut before = 0;
        // SAFETY: as POSIX has it; the state before is written to a variable that is this function's.
        unsafe { pthread_setcancelstate(state, &raw mut before) };
        before
    }

    /// Android cancels no thread.
    #[cfg(target_os = "android")]
    fn set_cancel_state(_: c_int) -> c_int {
        DISABLED
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

#[cfg(not(unix))]
struct Shield;

#[cfg(not(unix))]
impl Shield {
    fn raise() -> Self {
        Self
    }
}

/// No thread is cancelled there.
#[cfg(not(unix))]
pub(super) struct Uncancelled;

#[cfg(not(unix))]
impl Uncancelled {
    pub(super) fn begin() -> Self {
        Self
    }
}
