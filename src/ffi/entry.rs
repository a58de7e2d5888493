//! Wraps every function that can fail: a panic does not leave it, and a failure becomes a status and an error object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::args::Out;
use super::error::mgp_error;
use super::guard::guard;
use super::preparation::prepare;
use super::signals::Uncancelled;
use super::status::mgp_status;
use crate::error::{Error, LocalFailure};
use crate::job;
use crate::transport::runtime::is_out_of_reach;

/// Runs the body of a function that can fail.
pub(super) fn entry(
    error: Out<'_, mgp_error>,
    body: impl FnOnce() -> Result<(), Error>,
) -> mgp_status {
    let _uncancelled = Uncancelled::begin();
    prepare();
    let mut body = Some(body);
    let mut run = || {
        let body = body.take().expect("the body runs once");
        // AssertUnwindSafe is sound because shared state is behind locks, which recover from poisoning.
        catch_unwind(AssertUnwindSafe(body))
            .unwrap_or_else(|panic| Err(LocalFailure::panic(panic.as_ref()).into()))
    };
    let result = if is_out_of_reach() { on_another_thread(&mut run) } else { run() };
    // Creating the error object formats text from outside, so it is guarded too.
    guard(mgp_status::MGP_E_PANIC, || match result {
        Ok(()) => mgp_status::MGP_OK,
        Err(failure) => {
            let status = failure.status().into();
            error.put(mgp_error::new(failure));
            status
        }
    })
}

type Body<'a> = &'a mut dyn FnMut() -> Result<(), Error>;

/// Runs the body on another thread, because this one is ending, such as in an exit handler, and can neither drive the
/// runtime nor wait.
fn on_another_thread(body: Body<'_>) -> Result<(), Error> {
    struct Carried<'a>(Body<'a>);
    // SAFETY: by the header's chapter "Threads" the arguments may be used on any thread, and this thread waits until
    // the body has returned.
    unsafe impl Send for Carried<'_> {}
    let carried = Carried(body);
    job::elsewhere(move || {
        let Carried(body) = { carried };
        body()
    })?
}
