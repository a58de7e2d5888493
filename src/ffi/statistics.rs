//! `mgp_client_statistics`: the counters of a client.

use super::args::{In, Out, OutStruct, Versioned};
use super::client::mgp_client;
use super::entry::entry;
use super::error::mgp_error;
use super::status::mgp_status;
use crate::statistics::Statistics;

/// The counters of a client at one moment. Start with MGP_CLIENT_STATISTICS_INIT. Totals start at 0 when the client is
/// created, and never decrease.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_client_statistics {
    /// sizeof(mgp_client_statistics), set by MGP_CLIENT_STATISTICS_INIT.
    pub struct_size: u32,
    /// Operations that were started or submitted and have not ended.
    pub outstanding: u32,
    /// Batched operations that wait to be sent, or to be sent again.
    pub waiting: u32,
    /// Requests on the wire.
    pub in_flight: u32,
    /// The current limit of requests that the application may send within 30 s; 0 before the first request;
    /// MGP_THROTTLE_NONE without a limit.
    pub throttle_limit: u32,
    /// Requests that count toward that limit: in flight, or answered less than 30 s ago, from any client of the
    /// process.
    pub throttle_used: u32,
    /// Requests sent. Each attempt counts; a batch counts as one.
    pub requests: u64,
    /// Batches sent.
    pub batches: u64,
    /// Operations sent in batches. Each attempt counts.
    pub batched: u64,
    /// Retries: how often an operation was to be sent again because it was throttled, refused for now, or lost.
    pub retries: u64,
    /// Responses with status 429, to requests and to operations in batches.
    pub throttled: u64,
    /// How often batched operations had to wait for the limit.
    pub throttle_waits: u64,
    /// Operations that ended with a response.
    pub succeeded: u64,
    /// Operations that ended with an error.
    pub failed: u64,
    /// How often a token was first sent: 1 for the first token, and 1 for each change.
    pub tokens: u64,
}

// SAFETY: repr(C), struct_size first, integers only.
unsafe impl Versioned for mgp_client_statistics {
    const NAME: &'static str = "mgp_client_statistics";
}

impl From<Statistics> for mgp_client_statistics {
    fn from(statistics: Statistics) -> Self {
        let Statistics { outstanding, waiting, in_flight, throttle_limit, throttle_used, .. } =
            statistics;
        let Statistics { requests, batches, batched, retries, throttled, .. } = statistics;
        let Statistics { throttle_waits, succeeded, failed, tokens, .. } = statistics;
        Self {
            struct_size: size_of::<Self>() as u32,
            outstanding,
            waiting,
            in_flight,
            throttle_limit,
            throttle_used,
            requests,
            batches,
            batched,
            retries,
            throttled,
            throttle_waits,
            succeeded,
            failed,
            tokens,
        }
    }
}

/// Reads the counters of a client.
///
/// `out`: filled on MGP_OK, otherwise unchanged. Does not block. May be called from any thread, even inside a callback.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_client_stats(
    client: *const mgp_client,
    out: *mut mgp_client_statistics,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, out, error) = unsafe { (In::new(client), OutStruct::new(out), Out::new(error)) };
    entry(error, || {
        let (client, put) = (client.required("client")?, out.required("out")?);
        put(client.0.stats()?.into());
        Ok(())
    })
}
