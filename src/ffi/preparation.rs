//! What the library needs of the process that loads it. The first call arranges it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::signals;
use crate::job::on_thread_start;
use crate::transport::runtime::shield_callers;

static IS_DONE: AtomicBool = AtomicBool::new(false);

/// Prepares the process. Threads that call at once may do it twice, which does no harm; a lock could be held during a
/// fork.
pub(super) fn prepare() {
    if IS_DONE.load(Ordering::Acquire) {
        return;
    }
    on_thread_start(signals::block);
    shield_callers(signals::shield);
    #[cfg(unix)]
    watch_forks();
    IS_DONE.store(true, Ordering::Release);
}

#[cfg(unix)]
fn watch_forks() {
    extern "C" fn in_child() {
        crate::process::forked();
    }
    // SAFETY: in the child of a process with threads, a handler may only do what a signal handler may: this one adds to
    // an atomic. glibc and macOS forget the handler when the library is unloaded.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}
