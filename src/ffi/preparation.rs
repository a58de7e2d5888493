//! What the library needs of the process that loads it. The first call arranges it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::guard::guard;
use super::signals;
use crate::job::on_thread_start;
use crate::process::forked;
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
        guard((), forked);
    }
    // SAFETY: in the child of a process with threads, a handler may only do what a signal handler may: this one adds to
    // an atomic, and the guard neither locks nor allocates unless something panics. The handler lives as long as the
    // library: the C library forgets it if this one is ever unloaded.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}
