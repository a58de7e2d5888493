//! The tokio runtime of the process, made on first use and never ended.
//!
//! A caller that blocks drives it, be it for its own call or for the next completion of a queue: that takes no change of
//! thread. Callers that come meanwhile wait beside the one that drives, each with a clock of its own. Where none blocks, a
//! thread that is started for it drives what was submitted.
//!
//! The thread that drives opens no file, runs no code of the host and does nothing that grows with an input; see `crate::job`.

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

// once_cell, since what is made can fail and std's OnceLock has no get_or_try_init yet.
static IO: PerProcess<OnceCell<Io>> = PerProcess::new();

/// Runs I/O on a thread that is not the library's.
type Shield = fn(io: &mut dyn FnMut());

static SHIELD: OnceBox<Shield> = OnceBox::new();

struct Io {
    runtime: Runtime,
    seat: Seat,
    background: Background,
}

/// What all I/O on a caller's thread runs inside of; the first who says so decides.
pub(crate) fn shield_callers(shield: Shield) {
    let _ = SHIELD.set(Box::new(shield));
}

/// Whether this thread may block.
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
/// Those of [`check_may_block`], and [`Status::Internal`](crate::Status::Internal) where the system has no descriptor to
/// give; the next call tries again.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    Ok(block_until(work, None)?.expect("without a time to give up, work ends"))
}

/// As [`block_on`], but `None` where the work is not done in time although another thread should have driven it. Work is to
/// have a deadline of its own, which says more about what happened.
pub(crate) fn block_until<T>(
    work: impl Future<Output = T>,
    give_up: Option<Instant>,
) -> Result<Option<T>, Error> {
    check_may_block()?;
    let io = io()?;
    // Left after the work is gone: where it is given up, a connection that it holds is dropped within the runtime.
    let _context = io.runtime.enter();
    let work = pin!(work);
    let work = async {
        // What happened while no thread drove is seen first: a connection that the server has closed takes no request.
        if job::is_io_thread() {
            turn().await;
        }
        work.await
    };
    Ok(io.block_on(pin!(work), give_up))
}

/// Blocks until something has happened elsewhere, `None` where it has not in time. Meanwhile this thread drives, unless it
/// belongs to another runtime.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) where the system has no descriptor to give; the next call tries again.
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

/// A place for work that no caller waits for.
pub(crate) struct Place {
    io: &'static Io,
    outstanding: Outstanding,
}

/// A place for work that no caller waits for, and a thread that drives it.
///
/// # Errors
/// [`Status::Internal`](crate::Status::Internal) where the system has no thread or no descriptor to give; the next call
/// tries again.
pub(crate) fn place() -> Result<Place, Error> {
    let io = io()?;
    Ok(Place { io, outstanding: io.background.enter(background)? })
}

/// Starts work that no caller waits for. It is to end soon: meanwhile the background thread drives, and calls that block
/// wait beside it.
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
        // On the heap: tokio moves what it is to run several times before it has a place.
        let work = Box::pin(work);
        io.start(async move {
            yield_now().await; // what happened to a connection while no thread drove is seen first
            work.await;
            drop(outstanding);
        })
    }
}

/// Whether this thread is ending, or its process is, and can neither drive nor wait any more: the variables that the runtime
/// has for each thread are gone.
pub(crate) fn is_out_of_reach() -> bool {
    Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed())
}

/// Lets the runtime do what is due now, unless another thread drives it: connections that a call has given up, or whose
/// client is gone, are closed.
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
        // Not tokio's own threads: it panics where one cannot be started.
        let mut builder = Builder::new_current_thread();
        // By default events are looked at after 61 tasks. One that a server keeps busy takes up to 60 ms at a time, and no
        // deadline is to be half a second late for it.
        let builder = builder.enable_all().event_interval(4).global_queue_interval(2);
        let runtime = builder
            .build()
            .map_err(|error| LocalFailure::Internal(format!("no I/O could be set up: {error}")))?;
        Ok(Io { runtime, seat: Seat::default(), background: Background::default() })
    })
}

impl Io {
    /// Drives until the work is done; where another thread drives, waits beside it.
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

    /// Waits for work that another thread drives, until it is done, this one takes over, or it is time to give up.
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

    /// Starts a task. Where no thread drives, none is to be woken, and no system call is made.
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

/// How a wait beside the driver has ended.
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

/// The life of the background thread: it drives while work is outstanding and no caller blocks.
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
    /// Ends when no work is outstanding, or, with `true`, when a caller wants to drive.
    async fn background_work(&self) -> bool {
        while !self.background.is_idle() {
            tokio::select! {
                biased;
                () = poll_fn(|context| self.seat.poll_wanted(context)) => return true,
                () = self.background.none_left() => {}
            }
            turn().await; // what the last work gave up is closed
        }
        false
    }
}

/// One turn of the runtime: it looks for events, and each task that has one runs.
async fn turn() {
    yield_now().await; // returns when events were looked for
    let _ = tokio::spawn(async {}).await; // tasks run in order, so those come before this one
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

    /// Tells when it is dropped whether that was within a runtime.
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
