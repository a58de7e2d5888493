//! Writes and reads Microsoft Teams presence through Microsoft Graph.
//!
//! A [`Request`] describes an operation as plain data; a [`Client`] sends it, blocking, asynchronously or through a
//! [`Queue`]; a [`Response`] or an [`Error`] comes back. What the service would refuse is refused before a byte is
//! sent, with the rule and the way out.
//!
//! # The map, in the order of a call
//! - `presence`: the domain, without I/O: words, pairs, durations, ids, the presence object
//! - `operation`: what each Graph operation sends and returns, without I/O
//! - `request`, `body`, `response`, `content`, `error`, `status`, `text`: the data that goes in and comes out
//! - `json`: JSON of others, read leniently
//! - `auth`: where a bearer token comes from
//! - `builder`, `client`, `parts`: options, what ties the rest together, what Graph takes only in parts
//! - `in_flight`, `queue`, `reentry`, `sync`: what is under way, and where it ends
//! - `job`, `process`: what runs on threads of its own, and what a fork leaves behind
//! - `transport`: HTTP, retry, clouds, TLS
//! - `fuzzing`: what the parsers promise for any input, for the tests
//! - `log`: what the library has to say while it works
//! - `ffi`: the C ABI, the only place with `unsafe`
#![deny(unsafe_code)]

mod auth;
mod body;
mod builder;
mod client;
mod content;
mod error;
#[allow(unsafe_code, reason = "pointers of other languages end here")]
pub mod ffi;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod in_flight;
mod job;
mod json;
mod log;
mod operation;
mod parts;
mod presence;
mod process;
mod queue;
mod reentry;
mod request;
mod response;
mod status;
mod sync;
mod text;
mod transport;

pub use auth::{AccessToken, Credential};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
pub use log::Level;
pub use operation::{
    ApiVersion, ClearPresence, GetPresencesByUserId, Operation, SetLocation, SetPresence,
    SetStatusMessage, SetUserPreferredPresence, Target, WritePresence,
};
pub use presence::{Activity, Availability, OutOfOffice, Presence, StatusMessage, WorkLocation};
pub use queue::{Completion, Queue};
pub use request::Request;
pub use response::Response;
pub use status::Status;
pub use transport::Cloud;
