//! HTTP: where requests may go, one exchange, when it is repeated, and what an answer means.

mod cloud;
mod exchange;
mod explain;
mod failure;
mod http;
mod origin;
mod proxy;
mod refusal;
mod resolve;
mod retry;
pub(crate) mod runtime;
mod tls;
mod trace;
mod trust;
mod verdict;

pub use cloud::Cloud;
pub(crate) use exchange::{Call, Progress, exchange};
pub(crate) use failure::TransportFailure;
pub(crate) use http::{Answer as HttpAnswer, Http, Message, Options, from_now};
pub(crate) use origin::Origin;
pub(crate) use refusal::Refusal;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use refusal::error_object;
pub(crate) use retry::RetryRule;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use retry::retry_after;
