//! The handle that a test holds. It starts and stops the service, and does in process what the control API does over
//! HTTP.

use std::fs::OpenOptions;
use std::io;
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
use crate::state::{Received, State};
use crate::time::duration;
use crate::token::TokenRequest;

/// A running emulator. It has its own threads, so a synchronous test may block on it. Dropping the handle stops the
/// emulator.
///
/// ```
/// use mgpresence_emulator::Emulator;
///
/// let emulator = Emulator::start();
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// let state = emulator.state();
/// emulator.sign_in("adele", "mobile", "Away", "Away");
/// assert_ne!(emulator.state(), state);
/// emulator.reset();
/// assert_eq!(emulator.presence("adele")["availability"], "Offline");
/// ```
#[derive(Debug)]
pub struct Emulator {
    service: Arc<Service>,
    address: SocketAddr,
    url: String,
    ca_file: Option<CaFile>,
    /// `None` only while the handle is being dropped.
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
            let address = SocketAddr::new(settings.address, settings.port);
            server::listen(address).map_err(|error| {
                StartError::Bind(io::Error::new(error.kind(), format!("{address}: {error}")))
            })?
        };
        let address = listener.local_addr().map_err(StartError::Bind)?;
        let tls = settings.https.then(|| server::acceptor(address.ip()));
        let (tls, ca_file) = tls.transpose().map_err(StartError::Tls)?.unzip();
        let url = format!("{}://{address}", if tls.is_some() { "https" } else { "http" });
        let service = Arc::new(Service::new(State::new(Arc::new(settings), url.clone()), log));
        runtime.spawn(server::run(listener, Arc::clone(&service), tls));
        Ok(Self { service, address, url, ca_file, runtime: Some(runtime) })
    }

    /// The root URL to use in place of `https://graph.microsoft.com`: `http://127.0.0.1:PORT`, or `https://` with TLS.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file with the certificate to trust, in PEM, if the emulator serves https. Deleted when the emulator stops.
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_ref().map(CaFile::path)
    }

    /// The address and port that the emulator listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The values that the program prints on its first line, without the tokens: url, control, appId, tenantId, userId,
    /// seed and version; with https also caFile.
    pub fn about(&self) -> Value {
        let mut about = crate::control::about(&self.service.state());
        if let Some(path) = self.ca_file() {
            about["caFile"] = path.to_string_lossy().into();
        }
        about
    }

    /// The requests received since the start or the last [`Emulator::clear_sent`], in the order of arrival. Requests to
    /// the control API are not included.
    pub fn sent(&self) -> Vec<Received> {
        self.service.state().journal.all().collect()
    }

    /// The token requests since the start or the last [`Emulator::clear_sent`], counted: an array of objects with
    /// grantType, appId, tenant, issued and refused.
    ///
    /// ```
    /// use mgpresence_emulator::{APP_ID, CLIENT_SECRET, Emulator, TENANT_ID};
    ///
    /// let emulator = Emulator::start();
    /// let endpoint = format!("{}/{TENANT_ID}/oauth2/v2.0/token", emulator.url());
    /// ureq::post(endpoint).send_form([
    ///     ("grant_type", "client_credentials"),
    ///     ("client_id", APP_ID),
    ///     ("client_secret", CLIENT_SECRET),
    ///     ("scope", "https://graph.microsoft.com/.default"),
    /// ])?;
    /// let counted = &emulator.token_requests()[0];
    /// assert_eq!((&counted["grantType"], &counted["issued"]), (&"client_credentials".into(), &1.into()));
    /// # Ok::<(), ureq::Error>(())
    /// ```
    pub fn token_requests(&self) -> Value {
        crate::entra::token_requests(&self.service.state().journal)
    }

    /// Discards the requests received so far.
    pub fn clear_sent(&self) {
        self.service.state().journal.clear();
    }

    /// Restores everything as it was at the start, and discards the received requests. Access tokens stay valid, but for
    /// those that were created after the clock was advanced.
    pub fn reset(&self) {
        self.service.state().reset();
    }

    /// The current time of the emulator's clock.
    pub fn now(&self) -> Timestamp {
        self.service.state().now()
    }

    /// Moves the clock: `advance(Duration::from_secs(300))`, `advance("PT5M")`, or back with `advance("-PT5M")`.
    ///
    /// # Panics
    /// If a text is not an ISO 8601 duration of days, hours, minutes and seconds.
    pub fn advance(&self, by: impl Into<Length>) {
        self.service.state().clock.advance(by.into().0);
    }

    /// The counts of the throttle: limit, windowSeconds and largestInWindow; for each caller, the accepted and rejected
    /// requests.
    pub fn throttle(&self) -> Value {
        self.service.state().throttle.to_json()
    }

    /// The state from which another emulator can continue; see [`Builder::state_file`](crate::Builder::state_file).
    pub fn state(&self) -> Value {
        serde_json::to_value(self.service.state().save()).expect("a state is plain data")
    }

    /// Adds a fault after those in force.
    ///
    /// # Panics
    /// If a value of the fault has no meaning: `nth`, `every` or `times` 0, an outage that ends before it begins, a
    /// probability outside 0 to 1, a status outside 200 to 599.
    pub fn inject(&self, fault: Fault) {
        if let Err(rule) = fault.check() {
            panic!("{rule}");
        }
        self.service.state().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.service.state().faults.clear();
    }

    /// An application token of the default application with Presence.ReadWrite.All.
    pub fn app_token(&self) -> String {
        self.token(crate::directory::APP_ID).mint()
    }

    /// A delegated token of the default application for this user, with Presence.ReadWrite and Presence.Read.All.
    pub fn user_token(&self, user: &str) -> String {
        self.token(crate::directory::APP_ID).user(user).mint()
    }

    /// Starts describing a token of this application; [`Token::mint`] creates it.
    pub fn token(&self, app_id: &str) -> Token<'_> {
        Token {
            emulator: self,
            request: TokenRequest { app_id: Some(app_id.into()), ..TokenRequest::default() },
        }
    }

    /// Signs a simulated Teams client in, or changes its presence. Any availability and activity are accepted.
    ///
    /// # Panics
    /// If the directory has no such user.
    pub fn sign_in(&self, user: &str, client: &str, availability: &str, activity: &str) {
        self.with_user(user, |user, now| {
            let session = Session::of_client(Pair::new(availability, activity), now);
            user.presence.put_session(SessionKey::Client(client.into()), session);
        });
    }

    /// Signs a simulated Teams client out, if it is signed in.
    ///
    /// # Panics
    /// If the directory has no such user.
    pub fn sign_out(&self, user: &str, client: &str) {
        self.with_user(user, |user, now| {
            user.presence.clear_session(&SessionKey::Client(client.into()), now)
        });
    }

    /// The user's presence as the user sees it, in Graph's JSON.
    ///
    /// # Panics
    /// If the directory has no such user.
    pub fn presence(&self, user: &str) -> Value {
        self.with_user(user, |user, now| user.presence.properties(now, true))
    }

    /// The object id of the user that `user` identifies: a short name, a user principal name or an object id.
    ///
    /// # Panics
    /// If the directory has no such user.
    pub fn user_id(&self, user: &str) -> String {
        self.with_user(user, |user, _| user.id.clone())
    }

    /// Runs `future` on the emulator's threads and waits for its result.
    ///
    /// # Panics
    /// In asynchronous code, which can await the future itself.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.as_ref().expect("it is not being dropped").block_on(future)
    }

    fn with_user<T>(
        &self,
        name: &str,
        look: impl FnOnce(&mut crate::directory::User, Timestamp) -> T,
    ) -> T {
        let mut state = self.service.state();
        let now = state.now();
        look(
            state.directory.find_mut(name).unwrap_or_else(|| {
                panic!("The directory has no user {name}; add the user or use another name")
            }),
            now,
        )
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // Waiting ensures that the port is closed. A thread of another runtime must not wait.
        match tokio::runtime::Handle::try_current() {
            Err(_) => runtime.shutdown_timeout(Duration::from_secs(1)),
            Ok(_) => runtime.shutdown_background(),
        }
    }
}

/// A description of a token; see [`Emulator::token`].
///
/// ```
/// use std::time::Duration;
/// use mgpresence_emulator::Emulator;
///
/// let emulator = Emulator::start();
/// let token = emulator.token("my-app").user("adele").permissions(&["Presence.Read"]);
/// let bearer = format!("Bearer {}", token.expires_in(Duration::from_secs(60)).mint());
/// let url = format!("{}/v1.0/me/presence", emulator.url());
/// let read = || ureq::get(&url).header("Authorization", &bearer).call();
/// assert_eq!(read()?.status(), 200);
/// emulator.advance("PT1M");
/// assert!(matches!(read(), Err(ureq::Error::StatusCode(401))));
/// # Ok::<(), ureq::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "mint() makes the token"]
pub struct Token<'a> {
    emulator: &'a Emulator,
    request: TokenRequest,
}

impl Token<'_> {
    /// Makes the token a delegated one for this user. A name that is not in the directory is used as an object id.
    pub fn user(mut self, name: &str) -> Self {
        self.request.user = Some(name.into());
        self
    }

    /// The scopes of a delegated token, or the roles of an application token.
    pub fn permissions(mut self, permissions: &[&str]) -> Self {
        self.request.permissions =
            Some(permissions.iter().map(|permission| (*permission).into()).collect());
        self
    }

    /// The tenant id. The default is [`crate::directory::TENANT_ID`].
    pub fn tenant(mut self, id: &str) -> Self {
        self.request.tenant = Some(id.into());
        self
    }

    /// The lifetime on the emulator's clock. The default is 30 days.
    pub fn expires_in(mut self, life: Duration) -> Self {
        self.request.expires_in_seconds = Some(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
        self
    }

    /// Creates and signs the token.
    pub fn mint(self) -> String {
        self.emulator.service.state().mint(self.request)
    }
}

/// A length of time, converted from a [`Duration`] or from text such as `"PT5M"`.
///
/// ```
/// use std::time::Duration;
/// use mgpresence_emulator::{Emulator, Length};
///
/// let emulator = Emulator::builder().time_scale(0.0).start()?;
/// let start = emulator.now();
/// emulator.advance("P1DT1S");
/// emulator.advance(Length::from(Duration::from_secs(59)));
/// assert_eq!(emulator.now().duration_since(start).as_mins(), 24 * 60 + 1);
/// # Ok::<(), mgpresence_emulator::StartError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Length(SignedDuration);

impl From<Duration> for Length {
    fn from(length: Duration) -> Self {
        Self(SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX))
    }
}

impl From<&str> for Length {
    /// # Panics
    /// If the text is not an ISO 8601 duration of days, hours, minutes and seconds.
    fn from(text: &str) -> Self {
        Self(duration::parse(text).unwrap_or_else(|| {
            panic!(
                "{text} is not an ISO 8601 duration of days, hours, minutes and seconds; write PT5M"
            )
        }))
    }
}
