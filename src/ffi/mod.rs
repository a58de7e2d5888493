//! The C ABI: one file per C type. It translates between C and Rust, and decides nothing.
//!
//! The first statement of each function, the only unsafe one, wraps its pointers in typed arguments. The rest runs
//! inside `entry::entry` or `guard::guard`, so that a panic does not leave the function.
//!
//! The modules below are the chapters of the header, in this order, and the comment above a module is the introduction
//! of its chapter. `tools/header` brings cbindgen's output into this order.
#![expect(non_camel_case_types, reason = "the names are those of C")]
#![expect(
    clippy::missing_safety_doc,
    reason = "the header's chapter on arguments applies to each function"
)]

mod args;
mod argument;
mod entry;
mod guard;
mod lazy;
mod preparation;
mod signals;
mod text;

/// VERSIONS AND OBJECTS
///
/// Which library was loaded, and the objects that it creates.
mod version;

mod host;

/// STATUS
///
/// What every function that can fail returns. The tens digit is the kind: 10 a mistake of the caller, 20 transport, 30
/// sign-in, 40 an error from the service, 50 lifecycle, 60 validation (nothing was sent), 90 a fault in this library. A
/// number is never reused. New numbers may be added; handle an unknown one by its tens digit.
mod status;

/// ERROR
///
/// Why a call failed. Every getter accepts NULL, which means "no error", and may be called from any thread.
mod error;

/// CREDENTIAL
///
/// Where access tokens come from: a token that you have, a function that fetches one, or one of the ways to sign in.
///
/// To sign in, fill an mgp_credential_options and call mgp_credential_new. The clients that use a credential share its
/// token, which is kept in memory and renewed before it expires. docs/sign-in.md says which way to sign in suits which
/// program.
mod credential;

mod credential_options;

/// CLIENT
///
/// A client of Microsoft Graph. Create one and share it; it keeps its connections open.
mod client;

mod statistics;

/// SHORTHANDS
///
/// The operations that most programs need, with plain arguments. Each sends one request and blocks until it ends.
///
/// `user_id` is an object id or a user principal name; NULL is the signed-in user of a delegated token (except in
/// mgp_create_presence). Each function returns what mgp_send returns, and MGP_E_UTF8 or MGP_E_NULL_ARGUMENT for its own
/// arguments. For any other operation, and for asynchronous calls, use an mgp_request.
mod shorthands;

/// REQUEST
///
/// Any operation as plain data: for mgp_send, which blocks, and for mgp_submit, which does not.
mod operation;

mod request;

mod send;

/// RESPONSE
///
/// What Graph answered. Every getter accepts NULL, which means an empty response, and may be called from any thread.
/// Strings and presences are borrowed from the response.
mod response;

/// PRESENCE
///
/// One presence in a response. Every getter accepts NULL, which means an empty presence, and may be called from any
/// thread. A string that Graph did not send is NULL. <https://learn.microsoft.com/graph/api/resources/presence>
mod presence;

mod shows;

/// QUEUE
///
/// Many requests in flight from one thread: submit them, then wait for their completions.
///
/// A request with MGP_REQUEST_BATCH is sent in a $batch of up to 20, with others of the same API version, token and
/// timeout. A full batch is sent at once. Any other batch is sent 20 ms after its first request, or 1 ms after its last
/// one while nothing is in flight, or on mgp_flush. A single request is sent without a batch, and so are a request of
/// more than 16 KiB and one with a Content-Type other than JSON. A page of a list, and getPresencesByUserId with more
/// than 650 ids, are sent like requests that are not batched.
///
/// Each batched request has its own completion, as if it had been sent alone, with its status, headers, body and number
/// of attempts. A request that Graph cannot serve now (429, 503, 504), or whose response was lost, is sent again after
/// the longest wait that the response asks for, or after its own if it has no time for the longest, without holding up
/// the others. If a whole batch is refused (but with 401) or fails twice, its requests are sent one by one, so that one
/// of them does not take the others with it; a write only where it cannot take effect twice. The same applies to the
/// reads of a batch whose answer is longer than 8 MiB or cannot be understood. For one user, whose ids are compared
/// without regard to case, a write is sent only when all requests that were submitted before it have ended, and so is a
/// read when the writes before it have. Reads have no order among themselves. Requests that are not batched have no such
/// order, neither among themselves nor with batched ones.
///
/// Graph counts the requests of an application in a tenant over 30 s, each request in a batch as one, and answers 429
/// above a limit. The library holds batched requests back so that they stay within that limit, which starts at
/// throttle_start, rises while Graph accepts more, and falls on 429. Other requests are counted too, but never wait.
mod event;

mod queue;

/// KEEP-ALIVE
///
/// Presences that last: each is set, and set again before it fades or expires, until it is released. One keep-alive can
/// keep the presences of thousands of users, with a load that is even over time. It copes with outages of the service,
/// with a machine that sleeps, and with changes of the clock.
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
            assert!(manual.contains(&rule), "the header does not contain: {rule}");
        }
    }
}
