//! `mgp_queue`: where submitted operations end.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::Duration;

use super::args::{In, Out, OutStruct, OutValue, Versioned, take};
use super::client::mgp_client;
use super::entry::{entry, guard};
use super::error::mgp_error;
use super::host::{Host, mgp_drop_fn};
use super::request::{RequestArg, mgp_request};
use super::response::mgp_response;
use super::status::mgp_status;
use crate::queue::Queue;

/// A completion queue: made with mgp_queue_new, freed with mgp_queue_free. Any threads may submit to it and wait on it;
/// each completion goes to one of the waiting. Several clients may share a queue.
pub struct mgp_queue(Queue<Arc<Host>>);

/// mgp_queue_wait's timeout_ms: wait for ever.
pub const MGP_WAIT_FOREVER: u32 = 0xFFFF_FFFF;

/// The end of a submitted operation. Start with MGP_COMPLETION_INIT. The caller owns `response` and `error` and frees
/// them; exactly one of them is set.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_completion {
    /// sizeof(mgp_completion), set by MGP_COMPLETION_INIT.
    pub struct_size: u32,
    /// How the operation ended: MGP_OK, or what mgp_send would have returned; MGP_E_CANCELLED, MGP_E_CLOSED.
    pub status: mgp_status,
    /// The number that mgp_submit gave.
    pub operation: u64,
    /// The pointer that was given with it; the caller's again, its drop function is not called.
    pub user: *mut c_void,
    /// The answer, when status is MGP_OK, else NULL.
    pub response: *mut mgp_response,
    /// The reason, when status is not MGP_OK, else NULL.
    pub error: *mut mgp_error,
}

/// The size of mgp_completion in ABI version 1, which every caller has at least.
const FIRST_COMPLETION: usize = 8 + 8 + 3 * size_of::<*mut c_void>();

// SAFETY: repr(C), struct_size first, integers and pointers only.
unsafe impl Versioned for mgp_completion {
    const NAME: &'static str = "mgp_completion";
}

/// Creates an empty queue.
///
/// `out`: owns the queue on success. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_new(
    out: *mut *mut mgp_queue,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (out, error) = unsafe { (Out::new(out), Out::new(error)) };
    entry(error, || {
        out.required("out")?.put(mgp_queue(Queue::new()));
        Ok(())
    })
}

/// Starts a request and returns at once; its end comes out of the queue exactly once.
///
/// As many submitted requests as the client's max_in_flight run at a time, and the others wait for their turn. A request's
/// timeout counts from its turn. Its turn may be a hundred timeouts away; one that waits longer ends with MGP_E_TIMEOUT,
/// unsent.
///
/// `user`: comes back with the completion. The library's when this call succeeds; `drop`, which may be NULL, is called
/// once with it if the queue is freed before the completion was taken. `operation`: may be NULL; the number for
/// mgp_cancel, never used twice in a process; another thread may have taken the completion before it is written.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION, MGP_E_OPTION, MGP_E_INVALID_ID,
/// MGP_E_INVALID_BODY (no JSON), MGP_E_TOKEN or MGP_E_CLOSED (queue or client). What else is wrong with the request, or
/// happens to it, comes out of the queue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_submit(
    client: *const mgp_client,
    request: *const mgp_request,
    queue: *const mgp_queue,
    user: *mut c_void,
    drop: mgp_drop_fn,
    operation: *mut u64,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, request, queue, operation, error) = unsafe {
        (
            In::new(client),
            RequestArg::new(request),
            In::new(queue),
            OutValue::new(operation),
            Out::new(error),
        )
    };
    entry(error, || {
        let (client, queue) = (client.required("client")?, queue.required("queue")?);
        let request = request.read()?.to_request()?;
        let host = Arc::new(Host::lent(user, drop));
        let ticket = Arc::clone(&host);
        let number = client.0.submit(request, &queue.0, ticket).map_err(|(failure, _)| failure)?;
        host.own();
        operation.put(number);
        Ok(())
    })
}

/// Cancels a submitted operation: it completes with MGP_E_CANCELLED unless its end came first.
///
/// Nothing happens to an operation that has ended or is unknown. Whether a request that was on the wire had an effect
/// cannot be known. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_cancel(client: *const mgp_client, operation: u64) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (client, error) = unsafe { (In::new(client), Out::new(null_mut())) };
    entry(error, || client.required("client")?.0.cancel(operation))
}

/// Takes the next completion, waiting for it.
///
/// `timeout_ms`: 0 looks and does not wait, MGP_WAIT_FOREVER. `out`: filled on MGP_OK, else untouched.
/// Returns MGP_OK; MGP_E_WAIT_TIMEOUT when nothing came in time; MGP_E_WOKEN after mgp_queue_wake; MGP_E_CLOSED when the
/// queue is closed and everything has been delivered; MGP_E_NULL_ARGUMENT, MGP_E_STRUCT_SIZE; MGP_E_WOULD_DEADLOCK
/// inside a callback, where only 0 is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_wait(
    queue: *const mgp_queue,
    timeout_ms: u32,
    out: *mut mgp_completion,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (queue, out, error) = unsafe { (In::new(queue), OutStruct::new(out), Out::new(error)) };
    entry(error, || {
        let (queue, put) = (queue.required("queue")?, out.required("out", FIRST_COMPLETION)?);
        let timeout =
            (timeout_ms != MGP_WAIT_FOREVER).then(|| Duration::from_millis(timeout_ms.into()));
        let completion = queue.0.wait(timeout)?;
        let (status, response, error) = match completion.result {
            Ok(response) => (
                mgp_status::MGP_OK,
                Box::into_raw(Box::new(mgp_response::new(response))),
                null_mut(),
            ),
            Err(error) => {
                let status = error.status().into();
                (status, null_mut(), Box::into_raw(Box::new(mgp_error::new(error))))
            }
        };
        put(mgp_completion {
            struct_size: size_of::<mgp_completion>() as u32,
            status,
            operation: completion.operation,
            user: completion.ticket.give_back(),
            response,
            error,
        });
        Ok(())
    })
}

/// Ends one wait, one that is under way or else the next, with MGP_E_WOKEN: as many wakes end as many waits. Completions
/// are delivered first. For any thread, also inside a callback. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_wake(queue: *const mgp_queue) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (queue, error) = unsafe { (In::new(queue), Out::new(null_mut())) };
    entry(error, || queue.required("queue")?.0.wake())
}

/// Takes no new operations and cancels those outstanding; their completions can still be waited for, until
/// mgp_queue_wait says MGP_E_CLOSED. Does not block. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_close(queue: *const mgp_queue) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (queue, error) = unsafe { (In::new(queue), Out::new(null_mut())) };
    entry(error, || queue.required("queue")?.0.close())
}

/// Frees a queue; NULL is accepted. Never blocks. What is outstanding is cancelled, and the drop function of each
/// operation whose completion was not taken is called once. No thread may be waiting on the queue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_free(queue: *mut mgp_queue) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let queue = unsafe { take(queue) };
    guard((), || match queue {
        // In a fork its locks may be held by threads that do not exist.
        Some(queue) if !queue.0.is_of_this_process() => std::mem::forget(queue),
        queue => std::mem::drop(queue),
    });
}
