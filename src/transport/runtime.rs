//! The tokio runtime of the process: one thread that does all I/O, made on first use, never ended. It opens no file,
//! runs no code of the host's and does nothing that grows with an input; see `crate::job`.

use std::future::pending;

use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Handle};

use crate::error::{Error, LocalFailure};
use crate::job;
use crate::process::PerProcess;

// once_cell, since starting a thread can fail and std's OnceLock has no get_or_try_init yet.
static RUNTIME: PerProcess<OnceCell<Handle>> = PerProcess::new();

/// The runtime, made by the first who asks, in a fork anew.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) where the system has no thread or no descriptor to give; the next call
/// tries again.
pub(crate) fn runtime() -> Result<&'static Handle, Error> {
    RUNTIME.get().get_or_try_init(|| {
        // Not tokio's own threads: it panics where one cannot be started.
        let mut builder = Builder::new_current_thread();
        // By default what is new is looked at after dozens of tasks, and one that a server keeps busy counts as many.
        let builder = builder.enable_all().event_interval(1).global_queue_interval(1);
        let runtime = builder
            .build()
            .map_err(|error| LocalFailure::Internal(format!("no I/O could be set up: {error}")))?;
        let handle = runtime.handle().clone();
        job::start(move || {
            job::mark_io_thread();
            runtime.block_on(pending::<()>());
        })?;
        Ok(handle)
    })
}
