//! The C ABI: one file per C type. Translates and decides nothing.
//!
//! Each function makes typed arguments of its pointers in its first statement, the only unsafe one, and runs the rest
//! inside `entry::entry` or `guard::guard`, so that no panic leaves it.
//!
//! The header reads as this folder does: the modules below are its chapters, in this order, and the comment above a
//! module is the chapter's introduction. `tools/header` puts what cbindgen writes into this order.
#![expect(non_camel_case_types, reason = "the names are those of C")]
#![expect(
    clippy::missing_safety_doc,
    reason = "the header's chapter on arguments holds for each function"
)]

mod args;
mod argument;
mod entry;
mod guard;
mod signals;
mod text;

/// VERSIONS AND OBJECTS
///
/// Which library was loaded, and the objects that it hands out.
mod version;

mod host;

/// STATUS
///
/// What every function that can fail returns. The tens tell the kind: 10 the caller's mistake, 20 transport, 30 sign-in,
/// 40 an answer of the service, 50 lifecycle, 60 validation (nothing was sent), 90 a fault in this library. A number is
/// never reused. New ones may be added; handle one that you do not know by its tens.
mod status;

/// ERROR
///
/// Why a call failed. Every getter accepts NULL, which reads as "no error", and may be called from any thread.
mod error;

/// CREDENTIAL
///
/// Where access tokens come from: a token that you have, a function that fetches one, or one of the ways to sign in.
///
/// A program that signs in by itself fills an mgp_credential_options, and calls mgp_credential_new. A token is kept in memory,
/// shared by the clients that use the credential, and renewed before it expires. docs/sign-in.md says which way is for whom.
mod credential;

mod credential_options;

/// CLIENT
///
/// A connection to Microsoft Graph. Create one and share it; it keeps its connections open.
mod client;

mod statistics;

/// SHORTHANDS
///
/// The operations that most programs need, with plain arguments. Each sends one request and blocks until it ends.
///
/// `user_id` is an object id or a user principal name; NULL is the signed-in user of a delegated token
/// (except in mgp_create_presence). Each function
/// returns what mgp_send returns, and MGP_E_UTF8 or MGP_E_NULL_ARGUMENT for its own arguments. All other operations, and
/// everything asynchronous, take an mgp_request.
mod shorthands;

/// REQUEST
///
/// Any operation as plain data: for mgp_send, which blocks, and for mgp_submit, which does not.
mod operation;

mod request;

mod send;

/// RESPONSE
///
/// What came back. Every getter accepts NULL, which reads as an empty response, and may be called from any thread.
/// Strings and presences are borrowed from the response.
mod response;

/// PRESENCE
///
/// One presence in a response. Every getter accepts NULL, which reads as an empty presence, and may be called from any
/// thread. A string that Graph did not send is NULL. <https://learn.microsoft.com/graph/api/resources/presence>
mod presence;

mod shows;

/// QUEUE
///
/// Many requests in flight from one thread: submit them, then wait for their completions.
///
/// A request with MGP_REQUEST_BATCH travels in a $batch, 20 at a time, with others of the same API version, token and
/// timeout. A full batch is sent at once; another one 20 ms after its first request, 1 ms after its last one while nothing
/// is in flight, or on mgp_flush. A single request is sent as it is. Each request has its own completion, as if it had been
/// sent alone: its status, headers and body, and how often it was sent. A request that is put off (429, 503, 504) or lost is
/// sent again after the longest wait that the answer asks for, and no other request waits for it. Requests on one user, the
/// same id in any case of letters, are sent in the order in which they were submitted, a write never before the one before
/// it has ended. A request of more than 16 KiB, a page of a list, and getPresencesByUserId with more than 650 ids are sent
/// alone.
///
/// Graph counts the requests of an application in a tenant over 30 s, each request of a batch as one, and answers 429 beyond
/// a limit. Batched requests are not sent beyond that limit: it starts at throttle_start, rises while Graph accepts more, and
/// falls on 429. Other requests are counted, and never wait for it.
mod event;

mod queue;

/// KEEP-ALIVE
///
/// Presences that stay: each is set, and set again before it fades or expires, until it is released. One keep-alive holds one
/// user or thousands, with a load that is even over time. It survives outages of the service, a sleep of the machine and
/// changes of its clock.
mod keep_alive;

pub use client::*;
pub use credential::*;
pub use credential_options::*;
pub use error::*;
pub use event::*;
pub use host::*;
pub use keep_alive::*;
pub use operation::*;
pub use presence::*;
pub use queue::*;
pub use request::*;
pub use response::*;
pub use send::*;
pub use shorthands::*;
pub use shows::*;
pub use statistics::*;
pub use status::*;
pub use version::*;

#[cfg(feature = "test-panic")]
pub(crate) use version::panic_if_asked_to;

#[cfg(test)]
mod tests {
    use crate::ClientBuilder;
    use crate::auth::{PERSON_TIMEOUT, SIGN_IN_TIMEOUT};
    use crate::operation::GetPresencesByUserId;
    use crate::presence::pairs::{PREFERRED, SESSION};

    /// The header's text without its line breaks and comment marks.
    fn manual() -> String {
        let header = include_str!("../../include/mgpresence.h");
        let words = header.split_whitespace().filter(|word| !matches!(*word, "//" | "*"));
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_manual_names_the_defaults_limits_and_pairs_that_apply() {
        let manual = manual();
        for rule in [
            format!(
                "retries included, in ms; 0: {} seconds.",
                ClientBuilder::DEFAULT_TIMEOUT.as_secs()
            ),
            format!(
                "wait for a connection, in ms; 0: {} seconds.",
                ClientBuilder::DEFAULT_CONNECT_TIMEOUT.as_secs()
            ),
            format!(
                "attempts of one call, in ms; 0: {} seconds.",
                ClientBuilder::DEFAULT_RETRY_BUDGET.as_secs()
            ),
            format!("a request is sent; 0: {};", ClientBuilder::DEFAULT_MAX_ATTEMPTS),
            format!("in flight at a time; 0: {}.", ClientBuilder::DEFAULT_MAX_IN_FLIGHT),
            format!("has to sign in, in ms; 0: {} seconds.", PERSON_TIMEOUT.as_secs()),
            format!("longest time to wait, in ms; 0: {} seconds.", SIGN_IN_TIMEOUT.as_secs()),
            format!("takes {} ids in a request", GetPresencesByUserId::MAX_IDS),
            format!("`availability` and `activity`: {SESSION}. `expiration`: PT5M to PT4H;"),
            format!("`availability` and `activity`: {PREFERRED}."),
        ] {
            assert!(manual.contains(&rule), "the header does not say: {rule}");
        }
    }
}
