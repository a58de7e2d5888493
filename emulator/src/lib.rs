//! A Microsoft Graph presence service on loopback, for tests without a tenant: in the process of a Rust test, or as the
//! program `mgpresence-emulator`.
//!
//! Start an [`Emulator`], give the code under test its [`url`](Emulator::url) and a token, then look at what happened:
//!
//! ```
//! use mgpresence_emulator::{APP_ID, Emulator};
//! use serde_json::json;
//!
//! let emulator = Emulator::start(); // on a free port, until it is dropped
//! let body = json!({"sessionId": APP_ID, "availability": "Busy", "activity": "InACall"});
//! ureq::post(format!("{}/v1.0/users/adele/presence/setPresence", emulator.url()))
//!     .header("Authorization", format!("Bearer {}", emulator.app_token()))
//!     .send_json(&body)?;
//!
//! assert_eq!(emulator.presence("adele")["activity"], "InACall");
//! assert_eq!(emulator.sent()[0].body, body);
//! # Ok::<(), ureq::Error>(())
//! ```
//!
//! A test can move the clock: [`Emulator::advance`] lets a session expire without a wait.
//!
//! ```
//! # let emulator = mgpresence_emulator::Emulator::start();
//! emulator.sign_in("megan", "desktop", "Available", "Available");
//! emulator.advance("PT4H");
//! assert_eq!(emulator.presence("megan")["availability"], "Available"); // a Teams client stays until it signs out
//! emulator.sign_out("megan", "desktop");
//! assert_eq!(emulator.presence("megan")["availability"], "Offline");
//! ```
//!
//! A [`Fault`] makes some requests fail. It states which ones, and how often:
//!
//! ```
//! use mgpresence_emulator::{Emulator, Fault};
//!
//! let emulator = Emulator::start();
//! emulator.inject(Fault::answer(429).header("Retry-After", "1").on("GET", "*/presence").nth(1));
//! let get = || ureq::get(format!("{}/v1.0/users/adele/presence", emulator.url()))
//!     .header("Authorization", format!("Bearer {}", emulator.app_token()))
//!     .call();
//! assert!(matches!(get(), Err(ureq::Error::StatusCode(429))));
//! assert_eq!(get()?.status(), 200);
//! # Ok::<(), ureq::Error>(())
//! ```
//!
//! A [`Builder`] chooses the users, the limits, the seed, and the behaviour where Graph's documentation contradicts
//! itself. All of this is also available over HTTP: docs/emulator.md describes the program and its control API, and
//! docs/emulator-rules.md lists each rule of the service with its source and its test. The emulator shares no code with
//! the crate `mgpresence`, so that tests of one against the other reveal mistakes in either.
//!
//! The modules, from the outside in; each uses only those below it:
//! - `emulator`: the handle that a test holds, and the builder
//! - `server`: sockets, limits, and the bytes of faults
//! - `service`: the handling of one request: fault, sign-in or Graph, batch, log
//! - `control`: the control API under `/_emulator`
//! - `entra`: the sign-in endpoints and managed identities
//! - `operation`: the operations of the presence API, one file each
//! - `odata`: query options
//! - `state`: all data that changes while the emulator runs
//! - `settings`: the settings, and the files that hold them
//! - `fault`: the rules for injected faults
//! - `token`: access tokens, and the caller that a token identifies
//! - `directory`: users and app registrations
//! - `presence`: the rules of presence
//! - `http`: requests, answers and Graph's errors as plain data
//! - `time`: the clock and durations
//! - `random`: random values that a seed determines
//! - `guid`: GUIDs as text

mod control;
mod directory;
mod emulator;
mod entra;
mod fault;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
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
