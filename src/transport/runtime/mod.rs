//! The tokio runtime of the process, made on first use and never ended.
//!
//! A caller that blocks drives it: a call takes no change of thread. Callers that come meanwhile wait beside the one that
//! drives, each with a clock of its own. What no caller waits for is driven by a thread that is started for it.
//!
//! The thread that drives opens no file, runs no code of the host and does nothing that grows with an input; see `crate::job`.

mod background;
mod seat;

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
use seat::{Seat, Waiting, Who};

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
    Ok(io()?.block_on(pin!(work), Who::Caller, give_up))
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
        let task = io.runtime.spawn(async move {
            yield_now().await; // what happened to a connection while no thread drove is seen first
            work.await;
            drop(outstanding);
        });
        task.abort_handle()
    }
}

/// Lets the runtime do what is due now, unless another thread drives it: connections that a call has given up, or whose
/// client is gone, are closed.
pub(crate) fn settle() {
    let Some(io) = IO.get().get() else { return };
    if job::is_io_thread() {
        return;
    }
    if Handle::try_current().is_ok() {
        // Another runtime's thread cannot drive.
        let _ = spawn(turn());
    } else if let Some(_driving) = io.seat.take() {
        io.drive(turn(), Who::Caller);
    }
}

fn io() -> Result<&'static Io, Error> {
    IO.get().get_or_try_init(|| {
        // Not tokio's own threads: it panics where one cannot be started.
        let mut builder = Builder::new_current_thread();
        // By default what is new is looked at after dozens of tasks, and one that a server keeps busy counts as many.
        let builder = builder.enable_all().event_interval(1).global_queue_interval(2);
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
        who: Who,
        give_up: Option<Instant>,
    ) -> Option<T> {
        if let Some(_driving) = self.seat.take() {
            return Some(self.drive(after_turn(work), who));
        }
        let waiting = self.seat.wait(who);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        loop {
            if let Poll::Ready(result) = self.poll(work.as_mut(), &waker) {
                return Some(result);
            }
            if let Some(_driving) = self.seat.take() {
                drop::<Waiting>(waiting);
                return Some(self.drive(after_turn(work), who));
            }
            match give_up.map(|end| end.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(left) if left.is_zero() => return None,
                Some(left) => thread::park_timeout(left),
            }
        }
    }

    /// Drives until the work is done, for the one who has the seat.
    fn drive<T>(&self, work: impl Future<Output = T>, who: Who) -> T {
        let drive = || job::as_io_thread(|| self.runtime.block_on(work));
        match SHIELD.get().filter(|_| who == Who::Caller) {
            Some(shield) => within(*shield, drive),
            None => drive(),
        }
    }

    /// Polls work on a thread that does not drive.
    fn poll<T>(&self, work: Pin<&mut impl Future<Output = T>>, waker: &Waker) -> Poll<T> {
        let _runtime = self.runtime.enter();
        work.poll(&mut Context::from_waker(waker))
    }
}

fn within<T>(shield: Shield, work: impl FnOnce() -> T) -> T {
    let (mut work, mut result) = (Some(work), None);
    shield(&mut || result = work.take().map(|work| work()));
    result.expect("a shield runs the work")
}

/// The life of the background thread: it drives while work is outstanding, and is parked meanwhile.
fn background() {
    let Some(io) = IO.get().get() else { return };
    loop {
        io.background.wait_for_work();
        let idle = async {
            while !io.background.is_idle() {
                io.background.none_left().await;
                turn().await; // what the last work gave up is closed
            }
        };
        io.block_on(pin!(idle), Who::Background, None);
    }
}

/// Work that begins when what happened while no thread drove has been seen: a connection that a server has closed is not
/// taken for one that is open.
async fn after_turn<T>(work: Pin<&mut impl Future<Output = T>>) -> T {
    turn().await;
    work.await
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
