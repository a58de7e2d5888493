//! The handle that a test holds: starts and stops the service, and does in process what the control API does over HTTP.

use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::StartError;
use crate::fault::Fault;
use crate::presence::{Pair, Session, SessionKey};
use crate::server::{self, CaFile};
use crate::service::Service;
use crate::settings::Settings;
use crate::state::{Received, World};
use crate::time::duration;
use crate::token::TokenRequest;

/// A running emulator. It has its own threads, so plain tests may block on it; dropping it stops it.
#[derive(Debug)]
pub struct Emulator {
    service: Arc<Service>,
    address: SocketAddr,
    url: String,
    ca_file: Option<CaFile>,
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
}

impl Emulator {
    pub(crate) fn from_settings(settings: Settings) -> Result<Self, StartError> {
        let log = settings.log.as_ref().map(|path| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.map_err(|error| StartError::Log(path.clone(), error))
        });
        let log = log.transpose()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .thread_name("emulator")
            .build()
            .map_err(StartError::Runtime)?;
        let listener = {
            let _within = runtime.enter();
            server::listen(SocketAddr::new(settings.address, settings.port))
                .map_err(StartError::Bind)?
        };
        let address = listener.local_addr().map_err(StartError::Bind)?;
        let tls =
            settings.https.then(|| server::acceptor(address.ip(), &address.port().to_string()));
        let (tls, ca_file) = tls.transpose().map_err(StartError::Tls)?.unzip();
        let url = format!("{}://{address}", if tls.is_some() { "https" } else { "http" });
        let service = Arc::new(Service::new(World::new(Arc::new(settings), url.clone()), log));
        runtime.spawn(server::run(listener, Arc::clone(&service), tls));
        Ok(Self { service, address, url, ca_file, runtime: Some(runtime) })
    }

    /// `http://127.0.0.1:PORT`, or https, to be used as Graph's root: `/v1.0` and `/beta` follow it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate to trust, in PEM, when it serves https; the file goes when the emulator does.
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_ref().map(CaFile::path)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the first line of the binary says: url, control, appId, tenantId, userId, seed, version,
    /// and caFile with https.
    pub fn about(&self) -> Value {
        let mut about = crate::control::about(&self.service.world());
        if let Some(path) = self.ca_file() {
            about["caFile"] = path.to_string_lossy().into();
        }
        about
    }

    /// The requests received since the start or the last clear, in the order of arrival. Control requests are not among them.
    pub fn sent(&self) -> Vec<Received> {
        self.service.world().journal.all().collect()
    }

    /// Forgets the requests received so far.
    pub fn clear_sent(&self) {
        self.service.world().journal.clear();
    }

    /// Back to the start: users, presence, clock, faults, received requests. Tokens stay good.
    pub fn reset(&self) {
        self.service.world().reset();
    }

    /// The emulator's time.
    pub fn now(&self) -> Timestamp {
        self.service.world().now()
    }

    /// Moves the clock: `advance(Duration::from_secs(300))` or `advance("PT5M")`.
    ///
    /// # Panics
    /// When a text is not an ISO 8601 duration of days, hours, minutes and seconds.
    pub fn advance(&self, by: impl Into<Length>) {
        self.service.world().clock.advance(by.into().0);
    }

    /// Throttling so far: limit, windowSeconds, largestInWindow and, for each caller, what was accepted and rejected.
    pub fn throttle(&self) -> Value {
        self.service.world().throttle.to_json()
    }

    /// Everything that a later emulator needs to go on from here; see [`Builder::state_file`].
    pub fn state(&self) -> Value {
        serde_json::to_value(self.service.world().save()).expect("a state is plain data")
    }

    /// Puts a fault in force, after those that are.
    pub fn inject(&self, fault: Fault) {
        self.service.world().faults.add(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.service.world().faults.clear();
    }

    /// A token of the default application with Presence.ReadWrite.All.
    pub fn app_token(&self) -> String {
        self.token(crate::directory::APP_ID).mint()
    }

    /// A delegated token of the default application for a user, with Presence.ReadWrite and Presence.Read.All.
    pub fn user_token(&self, user: &str) -> String {
        self.token(crate::directory::APP_ID).user(user).mint()
    }

    /// A token to be described further and minted.
    pub fn token(&self, app_id: &str) -> Token<'_> {
        Token {
            emulator: self,
            request: TokenRequest { app_id: Some(app_id.into()), ..TokenRequest::default() },
        }
    }

    /// Signs a simulated Teams client in, or changes what it shows. Any pair of words will do.
    ///
    /// # Panics
    /// When there is no such user.
    pub fn sign_in(&self, user: &str, client: &str, availability: &str, activity: &str) {
        self.with_user(user, |user, now| {
            let session = Session::of_client(Pair::new(availability, activity), now);
            user.presence.put_session(SessionKey::Client(client.into()), session);
        });
    }

    /// Signs a simulated Teams client out; nothing happens when it is not signed in.
    ///
    /// # Panics
    /// When there is no such user.
    pub fn sign_out(&self, user: &str, client: &str) {
        self.with_user(user, |user, now| {
            user.presence.clear_session(&SessionKey::Client(client.into()), now)
        });
    }

    /// The properties of a user's presence as the user sees them.
    ///
    /// # Panics
    /// When there is no such user.
    pub fn presence(&self, user: &str) -> Value {
        self.with_user(user, |user, now| user.presence.properties(now, true))
    }

    /// The object id of a user, found by any name.
    ///
    /// # Panics
    /// When there is no such user.
    pub fn user_id(&self, user: &str) -> String {
        self.with_user(user, |user, _| user.id.clone())
    }

    /// Runs `future` on the emulator's threads and waits for it: for a program that has nothing else to do.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.as_ref().expect("it is not being dropped").block_on(future)
    }

    fn with_user<T>(
        &self,
        name: &str,
        look: impl FnOnce(&mut crate::directory::User, Timestamp) -> T,
    ) -> T {
        let mut world = self.service.world();
        let now = world.now();
        look(
            world.directory.find_mut(name).unwrap_or_else(|| panic!("there is no user {name}")),
            now,
        )
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // Waiting makes sure that nothing listens any more; within another runtime it is not allowed.
        match tokio::runtime::Handle::try_current() {
            Err(_) => runtime.shutdown_timeout(Duration::from_secs(1)),
            Ok(_) => runtime.shutdown_background(),
        }
    }
}

/// A token to be minted; see [`Emulator::token`].
#[derive(Debug)]
#[must_use = "mint() makes the token"]
pub struct Token<'a> {
    emulator: &'a Emulator,
    request: TokenRequest,
}

impl Token<'_> {
    /// Makes it a delegated token of this user; a name that nobody has is taken as an object id.
    pub fn user(mut self, name: &str) -> Self {
        self.request.user = Some(name.into());
        self
    }

    /// Scopes of a delegated token, roles of an application's.
    pub fn permissions(mut self, permissions: &[&str]) -> Self {
        self.request.permissions =
            Some(permissions.iter().map(|permission| (*permission).into()).collect());
        self
    }

    /// The tenant; default [`crate::directory::TENANT_ID`].
    pub fn tenant(mut self, id: &str) -> Self {
        self.request.tenant = Some(id.into());
        self
    }

    /// Its life on the emulator's clock; default 30 days.
    pub fn expires_in(mut self, life: Duration) -> Self {
        self.request.expires_in_seconds = Some(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
        self
    }

    /// Signs it.
    pub fn mint(self) -> String {
        self.emulator.service.world().mint(self.request)
    }
}

/// A length of time: made from a [`Duration`] or from text such as `"PT5M"`.
#[derive(Clone, Copy, Debug)]
pub struct Length(SignedDuration);

impl From<Duration> for Length {
    fn from(length: Duration) -> Self {
        Self(SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX))
    }
}

impl From<&str> for Length {
    /// # Panics
    /// When the text is not an ISO 8601 duration of days, hours, minutes and seconds.
    fn from(text: &str) -> Self {
        Self(duration::parse(text).unwrap_or_else(|| panic!("{text} is no duration; write PT5M")))
    }
}
