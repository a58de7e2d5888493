//! SIGPIPE, which would end a C program when a server resets a connection within a request: Rust programs ignore it,
//! other hosts do not, and a library must not change that for them. So it is blocked on the library's own threads.

/// Blocks SIGPIPE on this thread; for a thread of the library's when it starts.
#[cfg(unix)]
pub(super) fn block() {
    change(libc::SIG_BLOCK);
}

#[cfg(not(unix))]
pub(super) fn block() {}

/// Runs a callback of the host's as it would run on a thread of its own: what it starts inherits the signals.
pub(super) fn as_in_host<T>(callback: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    change(libc::SIG_UNBLOCK);
    let result = callback();
    block();
    result
}

#[cfg(unix)]
fn change(how: libc::c_int) {
    // SAFETY: zero is a value of the integers that make up a signal set; the functions take any such set, and no
    // thread's mask but this one's changes.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGPIPE);
        libc::pthread_sigmask(how, &raw const set, std::ptr::null_mut());
    }
}
