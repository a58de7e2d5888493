//! The one tokio runtime of the process: one worker, made on first use, never ended.

use std::sync::atomic::{AtomicBool, Ordering};

use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Runtime};

use crate::error::{CallFailure, Error};

// once_cell, since starting a thread can fail and std's OnceLock has no get_or_try_init yet.
static RUNTIME: OnceCell<Runtime> = OnceCell::new();
static ON_THREAD_START: OnceCell<fn()> = OnceCell::new();
static FORKED: AtomicBool = AtomicBool::new(false);

/// Says that this process is a fork, in which the runtime's threads do not exist.
pub(crate) fn mark_forked() {
    FORKED.store(true, Ordering::Relaxed);
}

/// Fails in a fork. Asked before any lock is taken: a thread that does not exist here may hold it.
pub(crate) fn check_not_forked() -> Result<(), Error> {
    if FORKED.load(Ordering::Relaxed) { Err(CallFailure::Forked.into()) } else { Ok(()) }
}

/// What each of the runtime's threads does first; the first who says so decides.
pub(crate) fn on_thread_start(hook: fn()) {
    let _ = ON_THREAD_START.set(hook);
}

/// The runtime, made by the first who asks.
pub(crate) fn runtime() -> Result<&'static Runtime, Error> {
    check_not_forked()?;
    RUNTIME.get_or_try_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("mgpresence")
            .on_thread_start(|| ON_THREAD_START.get().iter().for_each(|hook| hook()))
            .enable_all()
            .build()
            .map_err(|error| {
                CallFailure::Internal(format!("no thread could be started: {error}")).into()
            })
    })
}
