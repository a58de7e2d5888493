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
//! The modules, from the outside in; each uses only those below it:
//! - `emulator`: the handle that a test holds, and what it may choose before the start
//! - `server`: sockets, limits, and the bytes of faults
//! - `service`: the way of one request: fault, sign-in or Graph, batch, log
//! - `control`: the control API under `/_emulator`
//! - `entra`: the sign-in endpoints and managed identities
//! - `operation`: the operations of the presence API, one file each
//! - `odata`: query options
//! - `state`: everything that changes while the emulator runs
//! - `settings`: what can be chosen before the start, and the files that say it
//! - `fault`: rules about what goes wrong
//! - `token`: access tokens: what they say and who is calling by them
//! - `directory`: users and app registrations
//! - `presence`: the rules of presence
//! - `http`: requests, answers and Graph's errors as plain data
//! - `time`: the clock and durations
//! - `random`: chance that a seed repeats
//! - `guid`: GUIDs as text

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

pub use directory::{APP_ID, CLIENT_SECRET, MANAGED_IDENTITY_ID, TENANT_ID};
pub use emulator::{Builder, Emulator, Length, StartError, Token};
pub use fault::{Fault, FaultKind};
pub use settings::Settings;
pub use state::Received;
