//! A Microsoft Graph presence service on loopback: for tests without a tenant, in this process or as the binary
//! `mgpresence-emulator`.
//!
//! It is an independent reading of Graph's documents and shares no line with the crate `mgpresence`, on purpose: a mistake in
//! one shows in the other. What it does and where each rule comes from is in `docs/emulator-rules.md`; how to use it from a
//! shell, Pester or pytest in `docs/emulator.md`.
//!
//! ```
//! use std::time::Duration;
//! use mgpresence_emulator::{Emulator, Fault};
//!
//! let emulator = Emulator::start();
//! let token = emulator.app_token();
//! emulator.inject(Fault::answer(429).header("Retry-After", "1").nth(1));
//! // … let the code under test call emulator.url() with that token …
//! emulator.advance(Duration::from_secs(300));
//! assert_eq!(emulator.presence("adele")["availability"], "Offline");
//! assert!(emulator.sent().is_empty());
//! # drop(token);
//! ```
//!
//! The way of a request through the modules:
//! - `emulator`, `builder`: the handle that a test holds, and what it may choose
//! - `server`: sockets, limits, and the bytes of faults
//! - `service`: notes the request, lets a fault strike, keeps the log
//! - `control`: the control API
//! - `world`: all state; `clock`, `random`, `settings`, `received`, `fault`, `throttle` are parts of it
//! - `state`, `scenario`, `users_file`: files that save it or set the stage
//! - `route`, `operation`: what the request means, one file an operation
//! - `odata`: query options
//! - `entra`: sign-in: the token endpoints and managed identities
//! - `token`: who is calling
//! - `directory`, `presence`: the users and the rules of presence, without I/O
//! - `http`, `error`, `duration`, `guid`: plain data

mod control;
mod directory;
mod emulator;
mod entra;
mod fault;
mod guid;
mod http;
mod odata;
mod operation;
mod presence;
mod random;
mod server;
mod service;
mod settings;
mod state;
mod time;
mod token;

pub use emulator::{Builder, Emulator, Length, StartError, Token};
pub use fault::{Fault, FaultKind};
pub use state::Received;

/// The application that tokens name unless a test says otherwise; the one of Microsoft's examples.
pub const APP_ID: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

/// The managed identity that the machine has at the start.
pub const MANAGED_IDENTITY_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

/// The default application's secret at the token endpoint: known to everybody, and good for nothing else.
pub const CLIENT_SECRET: &str = "emulator-client-secret";

/// The tenant that tokens name unless a test says otherwise.
pub const TENANT_ID: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
