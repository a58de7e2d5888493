//! The C ABI: one file per C type. Translates and decides nothing.
//!
//! Each function makes typed arguments of its pointers in its first statement, the only unsafe one, and runs the rest
//! inside `entry::entry` or `entry::guard`, which no panic leaves. What callers promise stands in the chapters of
//! the header.
#![expect(non_camel_case_types, reason = "the names are those of C")]
#![expect(
    clippy::missing_safety_doc,
    reason = "the header's chapter on arguments holds for each function"
)]

mod args;
mod client;
mod credential;
mod entry;
mod error;
mod host;
mod operation;
mod presence;
mod queue;
mod request;
mod response;
mod send;
mod shorthands;
mod signals;
mod status;
mod version;

pub use client::*;
pub use credential::*;
pub use error::*;
pub use host::*;
pub use operation::*;
pub use presence::*;
pub use queue::*;
pub use request::*;
pub use response::*;
pub use send::*;
pub use shorthands::*;
pub use status::*;
pub use version::*;

#[cfg(feature = "test-panic")]
pub(crate) use version::panic_if_asked_to;
