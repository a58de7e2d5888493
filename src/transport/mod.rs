//! HTTP: where requests may go, how one is sent, when it is sent again, and what a response means.

mod attempts;
mod ca_file;
mod call;
mod cloud;
mod counters;
mod exchange;
mod explain;
mod failure;
mod http;
mod message;
mod options;
mod origin;
mod peer;
mod permission;
mod pool;
mod progress;
mod proxy;
mod refusal;
mod resolve;
mod retry;
pub(crate) mod runtime;
mod throttle;
mod throttles;
mod tls;
mod trace;
mod trust;
mod verdict;

pub(crate) use attempts::Attempts;
pub(crate) use call::{Call, Subject};
pub use cloud::Cloud;
pub(crate) use counters::Counters;
pub(crate) use exchange::{
    Outcome, Way, asked_wait, conclude, exchange, is_judged, log_retry, may_be_done,
};
pub(crate) use failure::TransportFailure;
pub(crate) use http::{Http, HttpResponse, from_now};
pub(crate) use message::{Message, client_request_id, new_guid};
pub(crate) use options::HttpOptions;
pub(crate) use origin::Origin;
pub(crate) use peer::Peer;
pub(crate) use progress::Progress;
pub(crate) use proxy::{VARIABLES as PROXY_VARIABLES, named_by as proxy_named_by};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use refusal::error_object;
pub(crate) use retry::{GaveUp, RetryRule, is_retryable, retry_after};
pub(crate) use throttle::Limits;
#[cfg(test)]
pub(crate) use throttle::{Places, Throttle, WINDOW};
pub(crate) use throttles::{Held, Known, SharedThrottle, Throttles};
