//! The tokio runtime of the process, created on first use and never shut down.
//!
//! A caller that blocks drives the runtime itself, in a call or while it waits for a completion, so that no change of
//! thread is needed. Other callers that block meanwhile wait beside it, each with its own timeout. If no caller blocks,
//! a background thread drives the submitted requests.
//!
//! The thread that drives does not open files, call the host, or do work that grows with an input; see `crate::job`.

mod background;
mod seat;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

use once_cell::race::OnceBox;
use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{AbortHandle, yield_now};

use crate::error::{Error, LocalFailure};
use crate::process::PerProcess;
use crate::{in_callback, job};
use background::{Background, Outstanding};
use seat::{Driving, Seat, Who};

// once_cell, because creating the runtime can fail, and std's OnceLock has no get_or_try_init yet.
static IO: PerProcess<OnceCell<Io>> = PerProcess::new();

/// Runs I/O on a thread of the host.
type Shield = fn(io: &mut dyn FnMut());

static SHIELD: OnceBox<Shield> = OnceBox::new();

struct Io {
    runtime: Runtime,
    seat: Seat,
    background: Background,
}

/// Sets the function that wraps all I/O on a caller's thread. Only the first call of this function has an effect.
pub(crate) fn shield_callers(shield: Shield) {
    let _ = SHIELD.set(Box::new(shield));
}

/// Checks that this thread may block.
///
/// # Errors
/// [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a callback or on a thread of a tokio runtime.
pub(crate) fn check_may_block() -> Result<(), Error> {
    match in_callback::is_running() || Handle::try_current().is_ok() {
        true => Err(LocalFailure::WouldDeadlock.into()),
        false => Ok(()),
    }
}

/// Blocks until the work is done.
///
/// # Errors
/// Those of [`check_may_block`], and [`Status::Internal`](crate::Status::Internal) if the system has no descriptor
/// left. The next call tries again.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    Ok(block_until(work, None)?.expect("without a time to give up, the work ends"))
}

/// Like [`block_on`], but returns `None` if the work is not done at `give_up`, because another thread should have
/// driven it and did not. The work should have an earlier deadline of its own, whose failure says more.
pub(crate) fn block_until<T>(
    work: impl Future<Output = T>,
    give_up: Option<Instant>,
) -> Result<Option<T>, Error> {
    check_may_block()?;
    let io = io()?;
    // Dropped after the work, so that the connection of work that is given up is dropped within the runtime.
    let _context = io.runtime.enter();
    let work = pin!(work);
    let work = async {
        // First handle what happened while no thread drove, so that a connection that the server has closed is not
        // used, nor a response that it sent unasked.
        if job::is_io_thread() {
            turn().await;
        } else if !io.seat.has_looked() {
            let _ = tokio::spawn(turn()).await; // by the thread that drives
        }
        io.seat.looked();
        work.await
    };
    Ok(io.block_on(pin!(work), give_up))
}

/// Blocks until an event; `None` if it does not happen before the deadline. Meanwhile this thread drives, unless it
/// belongs to another runtime.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) if the system has no descriptor left. The next call tries again.
pub(crate) fn wait_until<T>(
    event: impl Future<Output = T>,
    deadline: Option<Instant>,
) -> Result<Option<T>, Error> {
    let io = io()?;
    let event = pin!(event);
    if Handle::try_current().is_ok() {
        return Ok(io.wait_beside(event, deadline, false).ended());
    }
    let event = async {
        match deadline {
            None => Some(event.await),
            Some(deadline) => tokio::time::timeout_at(deadline.into(), event).await.ok(),
        }
    };
    Ok(io.block_on(pin!(event), deadline).flatten())
}

/// The permission to start background work.
pub(crate) struct Place {
    io: &'static Io,
    outstanding: Outstanding,
}

/// Prepares background work, so that starting it cannot fail: makes sure that there is a thread to drive it.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) if the system has no thread or descriptor left. The next call tries
/// again.
pub(crate) fn place() -> Result<Place, Error> {
    let io = io()?;
    Ok(Place { io, outstanding: io.background.enter(background)? })
}

/// Starts background work, which should end soon.
///
/// # Errors
/// Those of [`place`].
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Result<AbortHandle, Error> {
    Ok(place()?.spawn(work))
}

impl Place {
    /// Starts the work.
    pub(crate) fn spawn(self, work: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let Self { io, outstanding } = self;
        // Boxed, because tokio moves a task several times before it runs.
        let work = Box::pin(work);
        io.start(async move {
            yield_now().await; // first handle what happened while no thread drove
            work.await;
            drop(outstanding);
        })
    }
}

/// Whether this thread, or its process, is ending, and can neither drive nor wait, because the runtime's thread-local
/// variables are gone.
pub(crate) fn is_out_of_reach() -> bool {
    Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed())
}

/// Lets the runtime do what is due now, unless another thread drives it: it closes connections that a call has given
/// up, or whose client was dropped.
pub(crate) fn settle() {
    let Some(io) = IO.get().get() else { return };
    if job::is_io_thread() {
        return;
    }
    if is_out_of_reach() {
        let _ = job::start(settle);
    } else if Handle::try_current().is_ok() {
        // Another runtime's thread cannot drive.
        let _ = spawn(turn());
    } else if let Some(driving) = io.seat.take(Who::Caller) {
        io.drive_shielded(driving, turn());
    }
}

fn io() -> Result<&'static Io, Error> {
    IO.get().get_or_try_init(|| {
        // The current-thread runtime, because tokio panics if it cannot start a thread of its own.
        let mut builder = Builder::new_current_thread();
        // By default, tokio checks for events after 61 tasks. A task that a server keeps busy takes up to 60 ms, and
        // deadlines must not be seconds late because of it.
        let builder = builder.enable_all().event_interval(4).global_queue_interval(2);
        let runtime = builder
            .build()
            .map_err(|error| LocalFailure::Internal(format!("no I/O could be set up: {error}")))?;
        Ok(Io { runtime, seat: Seat::default(), background: Background::default() })
    })
}

impl Io {
    /// Drives until the work is done. If another thread drives, waits beside it.
    fn block_on<T>(
        &self,
        mut work: Pin<&mut impl Future<Output = T>>,
        give_up: Option<Instant>,
    ) -> Option<T> {
        let driving = match self.seat.take(Who::Caller) {
            Some(driving) => driving,
            None => match self.wait_beside(work.as_mut(), give_up, true) {
                Beside::Drives(driving) => driving,
                end => return end.ended(),
            },
        };
        Some(self.drive_shielded(driving, work))
    }

    /// Waits while another thread drives, until the work is done, this thread can take over, or `give_up`.
    fn wait_beside<T>(
        &self,
        mut work: Pin<&mut impl Future<Output = T>>,
        give_up: Option<Instant>,
        may_drive: bool,
    ) -> Beside<'_, T> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let _waiting = may_drive.then(|| self.seat.wait());
        loop {
            {
                let _runtime = self.runtime.enter();
                if let Poll::Ready(result) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Beside::Ended(result);
                }
            }
            if let Some(driving) = may_drive.then(|| self.seat.take(Who::Caller)).flatten() {
                return Beside::Drives(driving);
            }
            match give_up.map(|end| end.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(left) if left.is_zero() => return Beside::GaveUp,
                Some(left) => thread::park_timeout(left),
            }
        }
    }

    /// Starts a task. If no thread drives, no thread has to be woken, and no system call is made.
    fn start(&self, task: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let is_outside = Handle::try_current().is_err();
        match is_outside.then(|| self.seat.take(Who::Background)).flatten() {
            Some(_driving) => self.runtime.block_on(async { tokio::spawn(task).abort_handle() }),
            None => self.runtime.spawn(task).abort_handle(),
        }
    }

    /// Drives on a caller's thread until the work is done.
    fn drive_shielded<T>(&self, driving: Driving<'_>, work: impl Future<Output = T>) -> T {
        match SHIELD.get() {
            Some(shield) => within(*shield, || self.drive(driving, work)),
            None => self.drive(driving, work),
        }
    }

    fn drive<T>(&self, _driving: Driving<'_>, work: impl Future<Output = T>) -> T {
        job::as_io_thread(|| self.runtime.block_on(work))
    }
}

/// How a wait beside the driving thread ended.
enum Beside<'a, T> {
    Ended(T),
    GaveUp,
    Drives(Driving<'a>),
}

impl<T> Beside<'_, T> {
    fn ended(self) -> Option<T> {
        match self {
            Self::Ended(result) => Some(result),
            Self::GaveUp | Self::Drives(_) => None,
        }
    }
}

fn within<T>(shield: Shield, work: impl FnOnce() -> T) -> T {
    let (mut work, mut result) = (Some(work), None);
    shield(&mut || result = work.take().map(|work| work()));
    result.expect("a shield runs the work")
}

/// Runs the background thread: it drives while work is outstanding and no caller blocks.
fn background() {
    let Some(io) = IO.get().get() else { return };
    let mut have_callers_driven = false;
    loop {
        have_callers_driven = io.background.wait_for_work(have_callers_driven);
        if have_callers_driven {
            io.seat.wait_until_left(|| io.background.is_idle());
        }
        if io.background.is_idle() {
            continue;
        }
        have_callers_driven = match io.seat.take(Who::Background) {
            Some(driving) => io.drive(driving, io.background_work()),
            None => true,
        };
    }
}

impl Io {
    /// Drives until no work is outstanding, or until a caller wants to drive. Returns whether a caller does.
    async fn background_work(&self) -> bool {
        while !self.background.is_idle() {
            tokio::select! {
                biased;
                () = poll_fn(|context| self.seat.poll_wanted(context)) => return true,
                () = self.background.none_left() => {}
            }
            turn().await; // close the connections that the last work gave up
        }
        false
    }
}

/// One turn of the runtime: it checks for events, and runs each task that has one.
async fn turn() {
    yield_now().await; // returns after the runtime has checked for events
    let _ = tokio::spawn(async {}).await; // tasks run in order, so those with events run before this one
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::future::pending;
    use std::sync::mpsc::Sender;

    use super::*;

    /// Reports whether it was dropped within a runtime.
    pub(crate) struct Witness(pub(crate) Sender<bool>);

    impl Drop for Witness {
        fn drop(&mut self) {
            let _ = self.0.send(Handle::try_current().is_ok());
        }
    }

    #[test]
    fn work_that_is_given_up_is_dropped_within_the_runtime() {
        let io = io().unwrap();
        let _driving = loop {
            match io.seat.take(Who::Caller) {
                Some(driving) => break driving,
                None => thread::yield_now(),
            }
        };
        let (told, heard) = std::sync::mpsc::channel();
        let witness = Witness(told);
        let work = async move {
            let _witness = &witness;
            pending::<()>().await;
        };
        assert!(block_until(work, Some(Instant::now())).unwrap().is_none());
        assert_eq!(heard.recv(), Ok(true));
    }
}
