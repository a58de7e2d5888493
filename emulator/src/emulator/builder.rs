//! What a caller may choose before the start.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use super::{Emulator, StartError};
use crate::directory::NewUser;
use crate::fault::Fault;
use crate::settings::{Limit, Scenario, Settings, Users, users_file};

/// Collects settings; [`Builder::start`] uses them. Made by [`Emulator::builder`].
#[derive(Clone, Debug, Default)]
#[must_use = "nothing listens before start()"]
pub struct Builder {
    settings: Settings,
    allow_remote: bool,
    users_file: Option<PathBuf>,
    state_file: Option<PathBuf>,
}

impl Emulator {
    /// Starts with the defaults on a free port: users adele, alex, megan and lidia, nobody signed in.
    ///
    /// # Panics
    /// When no port on 127.0.0.1 can be bound.
    pub fn start() -> Self {
        Self::builder().start().expect("a loopback port is free")
    }

    /// Starts with what is chosen.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Starts from a scenario file; what is chosen afterwards has precedence. docs/emulator.md describes the file.
    ///
    /// # Errors
    /// [`StartError::Scenario`] when the file cannot be read or has a word in it that means nothing.
    pub fn from_scenario(path: impl Into<PathBuf>) -> Result<Self, StartError> {
        let path = path.into();
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
        match text.and_then(|text| Scenario::parse(&text)) {
            Ok(scenario) => Ok(Self { settings: scenario.into_settings(), ..Self::default() }),
            Err(reason) => Err(StartError::Scenario(path, reason)),
        }
    }

    /// Starts from a saved state: what GET `/_emulator/state` or [`Emulator::state`] wrote, read at the start.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Lets the default application prove itself by this certificate or public key, in PEM.
    ///
    /// # Errors
    /// [`StartError::Certificate`] when it is neither, or not RSA.
    pub fn client_certificate(mut self, pem: &str) -> Result<Self, StartError> {
        let added = self.settings.applications.add_certificate(crate::directory::APP_ID, pem);
        added.map(|()| self).map_err(StartError::Certificate)
    }

    /// Approves device sign-ins at once, as this user, who is also the one that signs in without a login hint.
    pub fn approve_sign_ins(mut self, user: &str) -> Self {
        self.settings.semantics.approve_sign_ins = Some(user.into());
        self
    }

    /// Life of the access tokens that the token endpoint issues, on the emulator's clock; default 3599 seconds.
    pub fn token_lifetime(mut self, life: Duration) -> Self {
        self.settings.semantics.token_lifetime_seconds =
            i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        self
    }

    /// Requests in any `window` for each application in each tenant; default 10,000 in 30 seconds, and a limit of 0
    /// allows all.
    pub fn throttle(mut self, limit: u64, window: Duration) -> Self {
        let window_seconds = window.as_secs_f64().clamp(0.001, 864_000.0);
        self.settings.throttle = Limit { limit, window_seconds };
        self
    }

    /// Presences in one page of the collection, at most; default 100, at least 1.
    pub fn page_size(mut self, count: usize) -> Self {
        self.settings.semantics.page_size = count.max(1);
        self
    }

    /// The status of setPresence in beta; default 204, as its draft said. The published pages say 200.
    pub fn beta_set_presence_status(mut self, status: u16) -> Self {
        self.settings.semantics.beta_set_presence_status = status;
        self
    }

    /// The status of the location actions; default 200, as the text of their pages says. Their examples say 204.
    pub fn location_status(mut self, status: u16) -> Self {
        self.settings.semantics.location_status = status;
        self
    }

    /// The status of a `$batch` with a throttled item; default 200. Pages before about 2023 said 424.
    pub fn throttled_batch_status(mut self, status: u16) -> Self {
        self.settings.semantics.throttled_batch_status = status;
        self
    }

    /// The address to listen on; default 127.0.0.1. Any but loopback needs [`Builder::allow_remote`] too.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.settings.address = address;
        self
    }

    /// Lets the address be reachable from elsewhere. Whoever reaches the control API owns the emulator.
    pub fn allow_remote(mut self) -> Self {
        self.allow_remote = true;
        self
    }

    /// The port; default 0, a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.settings.port = port;
        self
    }

    /// Serves https, with a certificate authority of its own: trust [`Emulator::ca_file`].
    pub fn https(mut self) -> Self {
        self.settings.tls = true;
        self
    }

    /// Makes ids, made-up names and faults by chance repeat. Default: another seed at each start.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Where the clock starts; default: the machine's time.
    pub fn start_time(mut self, start: Timestamp) -> Self {
        self.settings.start = Some(start);
        self
    }

    /// Emulated seconds in one second; default 1, and 0 stands still until it is advanced. Negative counts as 0.
    pub fn time_scale(mut self, scale: f64) -> Self {
        self.settings.scale = if scale.is_finite() { scale.max(0.0) } else { 1.0 };
        self
    }

    /// Adds a user, by short name, user principal name or object id. The first one named replaces the default users.
    pub fn user(mut self, name: &str) -> Self {
        let user = NewUser::named(name);
        match &mut self.settings.users {
            Users::Listed(users) => users.push(user),
            users => *users = Users::Listed(vec![user]),
        }
        self
    }

    /// Makes up so many users: `user1`, `user2`, …
    pub fn made_up_users(mut self, count: usize) -> Self {
        self.settings.users = Users::MadeUp(count);
        self
    }

    /// Takes the users from a CSV or JSON file, read at the start.
    pub fn users_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.users_file = Some(path.into());
        self
    }

    /// A fault that is in force from the start and again after each reset.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push(fault);
        self
    }

    /// Appends a JSON line to this file for each request as it is answered.
    pub fn log(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.log = Some(path.into());
        self
    }

    /// PATCH, POST and DELETE of a presence answer 404, as the live service does; default: they work.
    pub fn strict(mut self) -> Self {
        self.settings.semantics.strict = true;
        self
    }

    /// Refuses tokens that this emulator did not mint; default: any well-formed one is believed.
    pub fn verify_tokens(mut self) -> Self {
        self.settings.semantics.verify_tokens = true;
        self
    }

    /// Lets setPresence name a session that is not the token's application; default: 400.
    pub fn any_session_id(mut self) -> Self {
        self.settings.semantics.any_session_id = true;
        self
    }

    /// Accepts availability and activity in any case of letters; default: as Graph's tables print them.
    pub fn any_case(mut self) -> Self {
        self.settings.semantics.any_case = true;
        self
    }

    /// GET of `/communications/presences/{id}` answers with a `value` array, as the example of its page; default: with one
    /// presence, as OpenAPI has it.
    pub fn presence_in_array(mut self) -> Self {
        self.settings.semantics.presence_in_array = true;
        self
    }

    /// Lets delegated Presence.Read read other users, as the permission table says; default: 403, as the page's text.
    pub fn presence_read_reads_others(mut self) -> Self {
        self.settings.semantics.presence_read_reads_others = true;
        self
    }

    /// Answers in camelCase, as the resource page prints since December 2025; default: PascalCase, as every example.
    pub fn camel_case(mut self) -> Self {
        self.settings.semantics.camel_case = true;
        self
    }

    /// Bytes of a request's body, at most; default 4 MiB, Graph's own limit.
    pub fn max_body_bytes(mut self, count: usize) -> Self {
        self.settings.limits.body_bytes = count;
        self
    }

    /// Bytes of a request's head, at most; default 64 KiB, at least 8 KiB.
    pub fn max_header_bytes(mut self, count: usize) -> Self {
        self.settings.limits.header_bytes = count.max(8 << 10);
        self
    }

    /// How long a request's head may take, which on a kept connection includes the wait for it; default 60 seconds.
    pub fn header_timeout(mut self, length: Duration) -> Self {
        self.settings.limits.header_timeout = length;
        self
    }

    /// Connections at a time; when all are taken the longest idle gives way. Default 8192.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.settings.limits.connections = count;
        self
    }

    /// Starts to listen.
    ///
    /// # Errors
    /// See [`StartError`]: an address that is not loopback, a port that is taken, a file that cannot be read.
    pub fn start(mut self) -> Result<Emulator, StartError> {
        let address = self.settings.address;
        if !address.is_loopback() && !self.allow_remote {
            return Err(StartError::NotLoopback(address));
        }
        if let Some(path) = self.users_file {
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            let users = text.and_then(|text| users_file::parse(&text));
            self.settings.users =
                Users::Listed(users.map_err(|reason| StartError::Users(path, reason))?);
        }
        if let Some(path) = self.state_file {
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            let state = text
                .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
            self.settings.state = Some(state.map_err(|reason| StartError::State(path, reason))?);
        }
        Emulator::from_settings(self.settings)
    }
}
