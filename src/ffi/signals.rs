//! SIGPIPE ends a C program when a server resets a connection during a request. Rust programs ignore the signal, but
//! other hosts may not, and a library must not change that for them. It is therefore blocked on the library's own
//! threads, except in callbacks of a host that does not block it, and on a caller's thread while that thread does I/O.

/// Whether the host blocks SIGPIPE on the thread that passed a callback.
#[derive(Clone, Copy)]
pub(super) struct HostMask {
    is_blocked: bool,
}

impl HostMask {
    /// The mask of this thread, which is a thread of the host.
    pub(super) fn here() -> Self {
        Self { is_blocked: is_blocked() }
    }

    /// Runs a callback with the host's mask, which threads and processes that it starts inherit.
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

/// Runs I/O on a thread of the host. A SIGPIPE that the I/O causes does not reach the host, and the thread's mask is
/// restored afterwards.
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

    /// Blocks SIGPIPE on this thread. The library's threads call it when they start.
    pub(crate) fn block() {
        change(SIG_BLOCK, &only_sigpipe());
    }

    pub(super) fn unblock() {
        change(SIG_UNBLOCK, &only_sigpipe());
    }

    pub(super) fn is_blocked() -> bool {
        let mut set = empty();
        // SAFETY: without a new set, the mask is only read, into a set that this function owns.
        unsafe { libc::pthread_sigmask(SIG_BLOCK, null(), &raw mut set) };
        has_sigpipe(&set)
    }

    /// Blocks SIGPIPE on this thread, and restores the previous state when it is dropped.
    pub(super) struct Shield {
        was_blocked: bool,
        /// Whether a SIGPIPE of the host was pending already.
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

    /// Changes the mask of this thread only. Returns the previous mask.
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

    /// Takes the pending SIGPIPE that the I/O has caused, if there is one.
    #[cfg(not(target_vendor = "apple"))]
    fn take_pending() {
        let (set, at_once) = (only_sigpipe(), libc::timespec { tv_sec: 0, tv_nsec: 0 });
        // SAFETY: the set is an initialised one, and no information about the signal is asked for.
        while unsafe { libc::sigtimedwait(&raw const set, null_mut(), &raw const at_once) } == -1
            && std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
        {}
    }

    /// On Apple's systems, sockets have SO_NOSIGPIPE.
    #[cfg(target_vendor = "apple")]
    fn take_pending() {}

    /// Delays pthread_cancel of this thread until it is dropped. Otherwise the cancellation would unwind through the
    /// library, which ends the process.
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
        // The libc crate declares it for few systems only.
        unsafe extern "C" {
            fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
        }
        let mut before = 0;
        // SAFETY: declared as in POSIX; the previous state is written to a variable that this function owns.
        unsafe { pthread_setcancelstate(state, &raw mut before) };
        before
    }

    /// Android does not have pthread_cancel.
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

/// Windows does not have pthread_cancel.
#[cfg(not(unix))]
pub(super) struct Uncancelled;

#[cfg(not(unix))]
impl Uncancelled {
    pub(super) fn begin() -> Self {
        Self
    }
}
