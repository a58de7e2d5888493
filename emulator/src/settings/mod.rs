//! What can be chosen before the start. Where Graph's documents contradict each other or are silent, the choice is here,
//! with its default and the reason.

mod limit;
mod saved_state;
mod scenario;
pub(crate) mod users_file;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use crate::directory::{Applications, NewUser};
use crate::fault::Fault;
pub(crate) use limit::Limit;
pub(crate) use saved_state::SavedState;
pub(crate) use scenario::Scenario;

/// Who exists at the start.
#[derive(Clone, Debug, Default)]
pub(crate) enum Users {
    /// adele, alex, megan, lidia.
    #[default]
    Default,
    /// So many, made up.
    MadeUp(usize),
    Listed(Vec<NewUser>),
}

/// A Teams client that is signed in at the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientAtStart {
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) availability: String,
    pub(crate) activity: String,
}

/// Everything that the start depends on.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    /// Repeats ids, made-up names and faults by chance. `None`: another one at each start.
    pub(crate) seed: Option<u64>,
    /// Where the clock starts; `None`: at the machine's time.
    pub(crate) start: Option<Timestamp>,
    pub(crate) scale: f64,
    pub(crate) users: Users,
    /// Teams clients that are signed in at the start.
    pub(crate) clients: Vec<ClientAtStart>,
    /// Replaces users, clients, faults and clock when it is there.
    pub(crate) state: Option<SavedState>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) log: Option<PathBuf>,
    pub(crate) applications: Applications,
    pub(crate) throttle: Limit,
    pub(crate) semantics: Semantics,
    pub(crate) limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            tls: false,
            seed: None,
            start: None,
            scale: 1.0,
            users: Users::Default,
            clients: Vec::new(),
            state: None,
            faults: Vec::new(),
            log: None,
            applications: Applications::default(),
            throttle: Limit::default(),
            semantics: Semantics::default(),
            limits: Limits::default(),
        }
    }
}

/// How the service answers where its documents leave a choice.
#[derive(Clone, Debug)]
pub(crate) struct Semantics {
    /// PATCH, POST and DELETE of a presence answer 404, as the live service was seen to
    /// (<https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/3287>). Off: they work, as the metadata says.
    pub(crate) strict: bool,
    /// Refuse tokens that this process did not sign. Off: tests may craft their own.
    pub(crate) verify_tokens: bool,
    /// Let sessionId differ from the token's application. Off: the page says to send the application's id.
    pub(crate) any_session_id: bool,
    /// Accept `busy` for `Busy`. Off: every example is in PascalCase, and whether others pass is not written.
    pub(crate) any_case: bool,
    /// GET of `/communications/presences/{id}` answers with a `value` array, as its page's example does. Off: with one
    /// presence, as OpenAPI has it.
    pub(crate) presence_in_array: bool,
    /// Delegated Presence.Read reads others too, as the permission table says. Off: as the page's text says, it does not.
    pub(crate) presence_read_reads_others: bool,
    /// Answers in camelCase (`inACall`), as the resource page prints since December 2025. Off: in PascalCase, as every
    /// example does.
    pub(crate) camel_case: bool,
    /// Status of setPresence in beta: its draft said 204, the published pages say 200.
    pub(crate) beta_set_presence_status: u16,
    /// Status of the location actions: their pages' text says 200, their examples 204.
    pub(crate) location_status: u16,
    /// Life of the access tokens that the token endpoint issues.
    pub(crate) token_lifetime_seconds: i64,
    /// The user whose device sign-ins are approved at once.
    pub(crate) approve_sign_ins: Option<String>,
    /// Status of a `$batch` with a throttled item: 200 today, 424 in the pages before about 2023.
    pub(crate) throttled_batch_status: u16,
    /// Presences in one page of the collection, at most.
    pub(crate) page_size: usize,
}

impl Default for Semantics {
    fn default() -> Self {
        Self {
            strict: false,
            verify_tokens: false,
            any_session_id: false,
            any_case: false,
            presence_in_array: false,
            presence_read_reads_others: false,
            camel_case: false,
            beta_set_presence_status: 204,
            location_status: 200,
            throttled_batch_status: 200,
            token_lifetime_seconds: 3599,
            approve_sign_ins: None,
            page_size: 100,
        }
    }
}

/// What a client can use up.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Connections at a time; when all are taken the longest idle gives way.
    pub(crate) connections: usize,
    pub(crate) header_bytes: usize,
    pub(crate) body_bytes: usize,
    /// For all bodies that are being read at a time.
    pub(crate) total_body_bytes: usize,
    /// For a request's head, which on a kept connection includes the wait for it.
    pub(crate) header_timeout: Duration,
    pub(crate) body_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 8192,
            header_bytes: 64 << 10,
            body_bytes: 4 << 20,
            total_body_bytes: 64 << 20,
            header_timeout: Duration::from_secs(60),
            body_timeout: Duration::from_secs(30),
        }
    }
}
