//! Threads for work that must not run on the I/O thread: work that may block, that calls the host, or that grows with
//! an input. No client has to wait for another one's file, callback or body.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use once_cell::race::OnceBox;
use tokio::sync::{Semaphore, oneshot, watch};

use crate::error::{Error, LocalFailure};
use crate::process::PerProcess;

static ON_THREAD_START: OnceBox<fn()> = OnceBox::new();

thread_local! {
    static IS_IO: Cell<bool> = const { Cell::new(false) };
}

/// Sets a function that each thread of this library calls first. Only the first call of this function has an effect.
pub(crate) fn on_thread_start(hook: fn()) {
    let _ = ON_THREAD_START.set(Box::new(hook));
}

/// Starts a thread.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) if the system cannot start a thread.
pub(crate) fn start(work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    match named().spawn(|| begin(work)) {
        Ok(_) => Ok(()),
        Err(error) => Err(no_thread(&error)),
    }
}

/// Runs work on a thread of its own, while this one waits.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) if the system cannot start a thread.
pub(crate) fn elsewhere<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    thread::scope(|scope| match named().spawn_scoped(scope, || begin(work)) {
        Ok(thread) => thread.join().map_err(|panic| LocalFailure::panic(panic.as_ref()).into()),
        Err(error) => Err(no_thread(&error)),
    })
}

fn named() -> thread::Builder {
    thread::Builder::new().name("mgpresence".into())
}

fn begin<T>(work: impl FnOnce() -> T) -> T {
    if let Some(hook) = ON_THREAD_START.get() {
        hook();
    }
    work()
}

fn no_thread(error: &io::Error) -> Error {
    LocalFailure::Internal(format!("no thread could be started: {error}")).into()
}

/// Marks this thread as the I/O thread while it drives the runtime.
pub(crate) fn as_io_thread<T>(drive: impl FnOnce() -> T) -> T {
    struct Restore;
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_IO.set(false);
        }
    }
    IS_IO.set(true);
    let _restore = Restore;
    drive()
}

/// Whether this thread drives the runtime.
pub(crate) fn is_io_thread() -> bool {
    IS_IO.get()
}

/// Runs code of the host that no request waits for: on this thread, or on another one if this is the I/O thread.
pub(crate) fn run_off_io(work: impl FnOnce() + Send + Clone + 'static) {
    if !is_io_thread() || start(work.clone()).is_err() {
        work();
    }
}

/// Work on a thread of its own. All clones wait for the same result.
#[derive(Clone, Debug)]
pub(crate) struct Job<T>(watch::Receiver<Option<Result<T, Error>>>);

impl<T: Clone + Send + Sync + 'static> Job<T> {
    /// Starts the work, which continues even if no caller waits for it.
    pub(crate) fn start(
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let (sender, receiver) = watch::channel(None);
        start(move || {
            sender.send_replace(Some(caught(work).and_then(|result| result)));
        })?;
        Ok(Self(receiver))
    }

    pub(crate) async fn end(mut self) -> Result<T, Error> {
        let end = self.0.wait_for(Option::is_some).await.ok().and_then(|end| end.clone());
        end.unwrap_or_else(|| Err(LocalFailure::Internal("a thread was lost".into()).into()))
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.0.borrow().is_some()
    }

    pub(crate) fn has_failed(&self) -> bool {
        matches!(*self.0.borrow(), Some(Err(_)))
    }
}

/// Inputs up to this many bytes take less than a millisecond, and are handled on the same thread.
const SMALL: usize = 64 * 1024;

/// The most large inputs that are handled at a time. More threads would not finish sooner.
const AT_A_TIME: usize = 2;

struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

static TURNS: PerProcess<Turns> = PerProcess::new();

/// Does work that grows with an input of `size` bytes: on a thread of its own, unless the input is small.
pub(crate) async fn aside<T: Send + 'static>(
    size: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    if size <= SMALL {
        return Ok(work());
    }
    let turn = Arc::clone(&TURNS.get().0).acquire_owned().await;
    let (sender, receiver) = oneshot::channel();
    start(move || {
        let result = caught(work);
        drop(turn);
        let _ = sender.send(result);
    })?;
    receiver
        .await
        .unwrap_or_else(|_| Err(LocalFailure::Internal("a thread was lost".into()).into()))
}

/// Runs work, and turns a panic into an error.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    // AssertUnwindSafe is sound because nothing that the work captured is used after a panic.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| LocalFailure::panic(panic.as_ref()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;
    use crate::transport::runtime;

    fn wait<T>(work: impl Future<Output = T>) -> T {
        runtime::block_on(work).unwrap()
    }

    #[test]
    fn every_waiter_gets_the_result_of_a_job() {
        let job = Job::start(|| Ok(7)).unwrap();
        assert_eq!(wait(job.clone().end()).unwrap(), 7);
        assert_eq!(wait(job.clone().end()).unwrap(), 7);
        assert!(job.has_ended() && !job.has_failed());
    }

    #[test]
    fn a_job_that_panics_has_failed() {
        let job = Job::<u8>::start(|| panic!("on purpose")).unwrap();
        let error = wait(job.clone().end()).unwrap_err();
        assert_eq!(error.status(), Status::Panic);
        assert!(error.to_string().contains("on purpose"), "{error}");
        assert!(job.has_failed());
    }

    #[test]
    fn only_large_inputs_are_handled_on_another_thread() {
        let here = thread::current().id();
        let done_by = |size| wait(aside(size, || thread::current().id())).unwrap();
        assert_eq!(done_by(SMALL), here);
        assert_ne!(done_by(SMALL + 1), here);
    }
}
