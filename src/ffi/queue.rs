//! `mgp_queue`: delivers the completions of submitted operations.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::Duration;

use super::args::{In, Out, OutStruct, OutValue, Versioned, take};
use super::client::mgp_client;
use super::entry::entry;
use super::error::mgp_error;
use super::event::{Event, goes_on, mgp_keep_alive_event};
use super::guard::guard;
use super::host::{Host, mgp_drop_fn};
use super::request::{RequestArg, mgp_request};
use super::response::mgp_response;
use super::status::mgp_status;
use crate::queue::Queue;

/// A completion queue. Any thread can submit to it or wait on it; each completion goes to one waiting thread. Several
/// clients can share one.
pub struct mgp_queue(pub(super) Queue<Arc<Host>>);

/// mgp_queue_wait's timeout_ms: wait forever.
pub const MGP_WAIT_FOREVER: u32 = 0xFFFF_FFFF;

/// How a submitted operation ended, or an event of a keep-alive. Start with MGP_COMPLETION_INIT. Exactly one of
/// `response` and `error` is set. The caller owns and frees it, and `event` too.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_completion {
    /// sizeof(mgp_completion), set by MGP_COMPLETION_INIT.
    pub struct_size: u32,
    /// MGP_OK, or what mgp_send would have returned; MGP_E_CANCELLED or MGP_E_CLOSED.
    pub status: mgp_status,
    /// The number that mgp_submit or mgp_keep_alive_operation returned.
    pub operation: u64,
    /// The pointer that was passed to mgp_submit. The caller owns it again, and the drop function is not called. For a
    /// keep-alive see mgp_keep_alive_start.
    pub user: *mut c_void,
    /// The response if status is MGP_OK, otherwise NULL.
    pub response: *mut mgp_response,
    /// The error if status is not MGP_OK, otherwise NULL.
    pub error: *mut mgp_error,
    /// What happened to a presence that is kept alive; NULL for any other operation. Free it with
    /// mgp_keep_alive_event_free.
    pub event: *mut mgp_keep_alive_event,
}

// SAFETY: repr(C), struct_size first, integers and pointers only.
unsafe impl Versioned for mgp_completion {
    const NAME: &'static str = "mgp_completion";
}

/// Creates an empty queue.
///
/// `out`: receives the queue. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
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

/// Starts a request and returns immediately. Its completion arrives in the queue, exactly once.
///
/// At most max_in_flight submitted requests of a client run at a time; the others wait for a slot. The timeout of a
/// request starts when it gets its slot. A request that has waited 100 times its timeout completes with MGP_E_TIMEOUT
/// without being sent. A request with MGP_REQUEST_BATCH waits for its batch instead, and its timeout starts when the
/// batch is sent. Blocking calls are in flight as well: while they leave no room within max_in_flight, that timeout runs
/// although nothing is sent.
///
/// Requests without MGP_REQUEST_BATCH are not ordered, even for the same user: a later one can reach Graph first. To set
/// one presence after another, use MGP_REQUEST_BATCH for both, or wait for the first completion.
///
/// `user`: returned with the completion. If this call succeeds, the library owns `user` until the completion is taken.
/// If the queue is freed before that, `drop` is called once with `user`. `drop`: may be NULL. `operation`: may be NULL;
/// receives the number for mgp_cancel, which is unique in the process. Another thread may take the completion before
/// the number is written. Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION,
/// MGP_E_OPTION, MGP_E_INVALID_ID (NULL, or one with MGP_TARGET_ME), MGP_E_INVALID_BODY (not a JSON object),
/// MGP_E_TOKEN, MGP_E_CLOSED (queue or client), or MGP_E_FULL for a request with MGP_REQUEST_BATCH if the client has
/// 4,000 of those outstanding: take completions, then submit it again. The queue delivers every other error.
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

/// Cancels a submitted operation: it completes with MGP_E_CANCELLED unless it has completed already.
///
/// Does nothing if the operation has ended or is unknown. A request that was already sent may still take effect.
/// Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_cancel(client: *const mgp_client, operation: u64) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (client, error) = unsafe { (In::new(client), Out::new(null_mut())) };
    entry(error, || client.required("client")?.0.cancel(operation))
}

/// Sends the batched requests that were submitted so far, without waiting for full batches. Call it after the last
/// request.
///
/// Does not block. May be called from any thread. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_flush(client: *const mgp_client) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (client, error) = unsafe { (In::new(client), Out::new(null_mut())) };
    entry(error, || client.required("client")?.0.flush())
}

/// Waits for the next completion and takes it. Completions are delivered in the order in which they came; those that end
/// an operation and the events of keep-alives share this order.
///
/// `timeout_ms`: the longest time to wait; 0: do not wait; or MGP_WAIT_FOREVER. `out`: filled on MGP_OK, otherwise
/// unchanged. Returns MGP_OK; MGP_E_WAIT_TIMEOUT if nothing completed in time; MGP_E_WOKEN after mgp_queue_wake;
/// MGP_E_CLOSED if the queue is closed and everything has been delivered; MGP_E_NULL_ARGUMENT; MGP_E_STRUCT_SIZE;
/// MGP_E_WOULD_DEADLOCK inside a callback, where only 0 is allowed.
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
        let (queue, put) = (queue.required("queue")?, out.required("out")?);
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
        let ticket = completion.ticket;
        let goes_on = goes_on(completion.event.as_ref());
        put(mgp_completion {
            struct_size: size_of::<mgp_completion>() as u32,
            status,
            operation: completion.operation,
            user: if goes_on { ticket.user() } else { ticket.give_back() },
            response,
            error,
            event: completion.event.as_ref().map_or(null_mut(), Event::hand_out),
        });
        Ok(())
    })
}

/// Ends one wait with MGP_E_WOKEN: a current one, or else the next one. Each call ends one wait. What came before
/// it is delivered first. May be called from any thread, even inside a callback. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_wake(queue: *const mgp_queue) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (queue, error) = unsafe { (In::new(queue), Out::new(null_mut())) };
    entry(error, || queue.required("queue")?.0.wake())
}

/// Closes a queue: it accepts no new operations and cancels the outstanding ones. Their completions can still be taken,
/// until mgp_queue_wait returns MGP_E_CLOSED. Does not block. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_queue_close(queue: *const mgp_queue) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments"; NULL is "no error object wanted".
    let (queue, error) = unsafe { (In::new(queue), Out::new(null_mut())) };
    entry(error, || queue.required("queue")?.0.close())
}

/// Frees a queue. Outstanding operations are cancelled. For each operation whose completion was not taken, its drop
/// function is called once. No thread may be waiting on the queue.
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
