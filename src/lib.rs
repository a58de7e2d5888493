//! Writes and reads Microsoft Teams presence through Microsoft Graph.
//!
//! A [`Request`] describes an operation as plain data; a [`Client`] sends it, blocking, asynchronously or through a
//! [`Queue`]; a [`Response`] or an [`Error`] comes back. What the service would refuse is refused before a byte is
//! sent, with the rule and the way out.
//!
//! # The map
//! A module uses only those below it.
//! - `ffi`: the C ABI, the only place with `unsafe`
//! - `builder`: how a client is set up
//! - `client`: the three ways to run a call, and how calls are ended
//! - `call`: one call, from the request to the response
//! - `queue`: where submitted operations end
//! - `in_flight`: what a client has under way
//! - `transport`: HTTP, TLS, retry, clouds
//! - `log`: what the library says while it works
//! - `operation`: what each Graph operation sends and returns, without I/O
//! - `auth`: where access tokens come from
//! - `job`: what runs on threads of its own
//! - `process`: what a fork leaves behind
//! - `error`: why a call failed
//! - `response`: what Graph answered
//! - `presence`: the domain, without I/O: words, pairs, durations, ids, the presence object
//! - `json`: JSON of others, read leniently
//! - `status`: the number of an error
//! - `quoted`: texts of others within our sentences
//! - `in_callback`: whether this thread runs a callback of the host
//! - `sync`: the locks of `queue` and `in_flight`
//!
//! Beside them stands `fuzzing`, for tests only: what the parsers promise for any input.
#![deny(unsafe_code)]

mod auth;
mod builder;
mod call;
mod client;
mod error;
#[allow(unsafe_code, reason = "pointers of other languages end here")]
pub mod ffi;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod in_callback;
mod in_flight;
mod job;
mod json;
mod log;
mod operation;
mod presence;
mod process;
mod queue;
mod quoted;
mod response;
mod status;
mod sync;
mod transport;

pub use auth::{AccessToken, Credential};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
pub use log::Level;
pub use operation::{
    ApiVersion, ClearPresence, GetPresencesByUserId, Operation, Request, SetLocation, SetPresence,
    SetStatusMessage, SetUserPreferredPresence, Target, WritePresence,
};
pub use presence::{Activity, Availability, OutOfOffice, Presence, StatusMessage, WorkLocation};
pub use queue::{Completion, Queue};
pub use response::Response;
pub use status::Status;
pub use transport::Cloud;
