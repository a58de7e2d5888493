//! Reads and writes Microsoft Teams presence through Microsoft Graph.
//!
//! # A tour
//! A [`Credential`] provides access tokens. A [`Client`] is a connection to Microsoft Graph: create one, and share it.
//! A [`Request`] describes an operation as plain data, with a constructor for each operation, and the client sends it:
//! ```
//! use mgpresence::{Activity, Availability, Client, Credential, Request, SetPresence, Target};
//! # let emulator = mgpresence_emulator::Emulator::start();
//! # let (url, token) = (emulator.url(), emulator.app_token());
//!
//! let client = Client::builder()
//!     .base_url(url) // leave it out for graph.microsoft.com
//!     .allow_loopback_http()
//!     .credential(Credential::from_token(&token)?)
//!     .build()?;
//! let busy = SetPresence::new(Availability::Busy, Activity::InACall);
//! client.send(Request::set_presence(Target::user("adele"), busy))?;
//! # Ok::<(), mgpresence::Error>(())
//! ```
//! A credential can sign in by itself: with a secret, a certificate or a managed identity, or by asking a person to
//! sign in. It keeps the token and renews it:
//! ```
//! use mgpresence::{Client, Credential, Request, Target};
//! use mgpresence_emulator::{APP_ID, CLIENT_SECRET, TENANT_ID};
//! # let emulator = mgpresence_emulator::Emulator::start();
//!
//! let credential = Credential::client_secret(TENANT_ID, APP_ID, CLIENT_SECRET)
//!     .authority(emulator.url()) // leave it out for login.microsoftonline.com
//!     .allow_loopback_http()
//!     .build()?;
//! # let client = Client::builder().base_url(emulator.url()).allow_loopback_http();
//! # let client = client.credential(credential).build()?;
//! client.send(Request::get_presence(Target::user("adele")))?; // signs in first
//! # Ok::<(), mgpresence::Error>(())
//! ```
//! A [`Response`] contains what Graph answered. Its [`Presence`] is read tolerantly: words and properties that Graph
//! adds later are kept.
//! ```
//! use mgpresence::{Request, Target};
//! # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
//! # let (_emulator, client) = doctest::emulated();
//!
//! let response = client.send(Request::get_presence(Target::user("adele")))?;
//! let presence = response.presence().unwrap();
//! println!("{:?}: {}", presence.availability, presence.json);
//! # Ok::<(), mgpresence::Error>(())
//! ```
//! An [`Error`] has a [`Status`] to branch on, a message to show, and everything that Graph said. A request that Graph
//! would refuse fails before anything is sent, and the message says what to do instead.
//! ```
//! use mgpresence::{Activity, Availability, Request, SetPresence, Status, Target};
//! # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
//! # let (_emulator, client) = doctest::emulated();
//!
//! let busy = SetPresence::new(Availability::Busy, Activity::Busy);
//! let error = client.send(Request::set_presence(Target::user("adele"), busy)).unwrap_err();
//! assert_eq!(error.status(), Status::InvalidPair);
//! assert!(error.to_string().starts_with("Busy/Busy is not a pair that setPresence accepts."));
//! ```
//! [`Client::send`] blocks, [`Client::send_async`] returns a future for any executor, and [`Client::submit`] is for
//! many requests in flight from one thread: each ends in a [`Queue`], as a [`Completion`].
//! ```
//! use mgpresence::{Queue, Request, Target};
//! # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
//! # let (_emulator, client) = doctest::emulated();
//!
//! let queue = Queue::new();
//! let request = Request::get_presence(Target::user("adele"));
//! client.submit(request, &queue, "adele").map_err(|(error, _)| error)?;
//! let completion = queue.wait(None)?;
//! assert_eq!((completion.ticket, completion.result?.http_status()), ("adele", 200));
//! # Ok::<(), mgpresence::Error>(())
//! ```
//!
//! # The map
//! A module uses only those below it.
//! - `ffi`: the C ABI, the only place with `unsafe`
//! - `builder`: how a client is set up
//! - `keeper`: runs a keep-alive: its clock, its requests, its events
//! - `client`: the three ways to run a call, and how calls are ended
//! - `bulk`: many requests in batches, and what leaves when
//! - `call`: one call, from the request to the response
//! - `queue`: where submitted operations end
//! - `in_flight`: the requests that a client has under way
//! - `auth`: where access tokens come from
//! - `keep_alive`: which presence is renewed when, without I/O
//! - `transport`: HTTP, TLS, retry, clouds
//! - `log`: the log lines that the host receives
//! - `operation`: what each Graph operation sends and returns, without I/O
//! - `token`: an access token in memory, and its claims, without I/O
//! - `job`: work on threads of its own
//! - `process`: which process an object belongs to, for forks
//! - `error`: why a call failed
//! - `response`: what Graph answered
//! - `statistics`: the counters of a client
//! - `presence`: the domain, without I/O: words, pairs, durations, ids, the presence object
//! - `json`: JSON from outside, read leniently
//! - `status`: the number of an error
//! - `quoted`: text from outside within a message
//! - `secret_headers`: which headers are shown nowhere
//! - `in_callback`: whether this thread runs a callback of the host
//! - `sync`: the locks of `queue` and `in_flight`
//!
//! In addition there is `fuzzing`, for tests only: what each parser guarantees for any input.
#![deny(unsafe_code)]

mod auth;
mod builder;
mod bulk;
mod call;
mod client;
mod error;
#[allow(unsafe_code, reason = "the C ABI takes pointers from other languages")]
pub mod ffi;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod in_callback;
mod in_flight;
mod job;
mod json;
mod keep_alive;
mod keeper;
mod log;
mod operation;
mod presence;
mod process;
mod queue;
mod quoted;
mod response;
mod secret_headers;
mod statistics;
mod status;
mod sync;
mod token;
mod transport;

pub use auth::{
    AccessToken, Certificate, Chain, ClientAssertion, ClientCertificate, ClientSecret, Credential,
    CredentialBuilder, DeviceCode, EnvironmentVariables, GitHubActions, InteractiveBrowser,
    ManagedIdentity, Prompt, WorkloadIdentity,
};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
pub use keep_alive::{KeepAliveEvent, KeepAliveState};
#[doc(hidden)]
pub use keeper::TestClock;
pub use keeper::{KeepAlive, KeepAliveOptions, KeepAliveStatus};
pub use log::Level;
pub use operation::{
    ApiVersion, ClearPresence, GetPresencesByUserId, Operation, Request, SetLocation, SetPresence,
    SetStatusMessage, SetUserPreferredPresence, Target, WritePresence,
};
pub use presence::{Activity, Availability, OutOfOffice, Presence, StatusMessage, WorkLocation};
pub use queue::{Completion, Queue};
pub use response::Response;
pub use statistics::Statistics;
pub use status::Status;
pub use transport::Cloud;
