//! The data that changes while the emulator runs.

mod host;
mod journal;
mod sign_ins;
mod throttle;

use std::sync::Arc;

use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::json;

use crate::directory::{Applications, Directory, Tenants, User};
use crate::fault::Faults;
use crate::http::Request;
use crate::presence::{Pair, Session, SessionKey};
use crate::random::Random;
use crate::settings::{SavedState, Settings, Users};
use crate::time::Clock;
use crate::token::{ClaimsChallenge, SigningKey, TokenRequest};
pub(crate) use host::Host;
pub use journal::Received;
pub(crate) use journal::{Journal, Pieces};
pub(crate) use sign_ins::{Code, DEVICE_CODE_LIFETIME, Decision, SignIns};
pub(crate) use throttle::Throttle;

/// The lifetime of an assertion about an external identity.
const ASSERTION_SECONDS: i64 = 600;

/// The current state of the emulator.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Arc<Settings>,
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) seed: u64,
    pub(crate) random: Random,
    /// For the ids of minted tokens and assertions, so that minting one changes nothing that happens by chance.
    token_ids: Random,
    pub(crate) clock: Clock,
    pub(crate) directory: Directory,
    pub(crate) faults: Faults,
    pub(crate) throttle: Throttle,
    pub(crate) journal: Journal,
    pub(crate) tenants: Tenants,
    pub(crate) applications: Applications,
    pub(crate) sign_ins: SignIns,
    /// The claims challenge for every token, until a test removes it.
    pub(crate) claims_challenge: Option<ClaimsChallenge>,
    pub(crate) host: Host,
}

impl State {
    pub(crate) fn new(settings: Arc<Settings>, url: String) -> Self {
        let seed = settings.seed.unwrap_or_else(chosen_by_the_system);
        let mut state = Self {
            url,
            key: SigningKey::generate(),
            seed,
            random: Random::new(seed),
            token_ids: Random::new(seed.rotate_left(32)),
            clock: Clock::new(Timestamp::now(), settings.time_scale),
            directory: Directory::default(),
            faults: Faults::default(),
            throttle: Throttle::default(),
            journal: Journal::default(),
            tenants: Tenants::default(),
            applications: Applications::default(),
            sign_ins: SignIns::default(),
            claims_challenge: None,
            host: Host::new(&mut Random::new(!seed)),
            settings,
        };
        state.reset();
        state
    }

    /// Restores everything as it was at the start, and discards the received requests. The signing key stays, so existing
    /// tokens stay valid.
    pub(crate) fn reset(&mut self) {
        let settings = Arc::clone(&self.settings);
        self.random = Random::new(self.seed);
        self.clock =
            Clock::new(settings.start_time.unwrap_or_else(Timestamp::now), settings.time_scale);
        self.directory = match &settings.users {
            Users::Default => Directory::of_default_users(),
            Users::MadeUp(count) => Directory::made_up(*count, &mut self.random),
            Users::Listed(users) => Directory::of(users.clone()),
        };
        self.faults = Faults::default();
        for fault in &settings.faults {
            self.faults.add(fault.clone());
        }
        let now = self.now();
        for client in &settings.clients {
            if let Some(user) = self.directory.find_mut(&client.user) {
                let pair = Pair::new(&client.availability, &client.activity);
                user.presence.put_session(
                    SessionKey::Client(client.name.clone()),
                    Session::of_client(pair, now),
                );
            }
        }
        if let Some(saved) = settings.state.clone() {
            self.restore(saved);
        }
        self.tenants = Tenants::default();
        for tenant in &settings.tenants {
            self.tenants.add(tenant.clone());
        }
        self.applications = Applications::default();
        for application in &settings.applications {
            self.applications.add(application.clone());
        }
        settings.client_certificate.iter().for_each(|key| self.applications.trust(key.clone()));
        self.sign_ins = SignIns::default();
        self.claims_challenge = None;
        self.throttle = Throttle::new(settings.throttle());
        self.journal.clear();
    }

    /// The state from which another emulator can continue.
    pub(crate) fn save(&self) -> SavedState {
        SavedState::new(
            (self.now(), self.clock.scale()),
            self.random.clone(),
            self.directory.all().to_vec(),
            self.faults.clone(),
        )
    }

    /// Continues from a saved state. Data that is not part of it stays unchanged.
    pub(crate) fn restore(&mut self, saved: SavedState) {
        self.clock = Clock::new(saved.now, saved.scale.max(0.0));
        self.random = saved.random;
        self.directory = saved.users.into_iter().collect();
        self.faults = saved.faults;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn mint(&mut self, request: TokenRequest) -> String {
        let claims = request.into_claims(&self.directory, self.now(), self.token_ids.guid());
        self.key.sign(&claims)
    }

    /// An assertion (a JWT) about an external identity, for use with a federated credential.
    pub(crate) fn assertion(&mut self, issuer: &str, subject: &str, audience: &str) -> String {
        let now = self.now().as_second();
        let (jti, until) = (self.token_ids.guid(), now + ASSERTION_SECONDS);
        self.key.sign(&json!({
            "iss": issuer, "sub": subject, "aud": audience, "jti": jti, "iat": now, "nbf": now, "exp": until,
        }))
    }

    /// The user whose sign-ins are approved automatically.
    pub(crate) fn approving_user(&self) -> Option<&User> {
        self.directory.find(self.settings.approve_sign_ins.as_deref()?)
    }

    /// The origin for links in answers: the one that the client used, so that it can follow them.
    pub(crate) fn origin(&self, request: &Request) -> String {
        let scheme = self.url.split("://").next().unwrap_or("http");
        request.header("host").map_or_else(|| self.url.clone(), |host| format!("{scheme}://{host}"))
    }
}

fn chosen_by_the_system() -> u64 {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).expect("the system has random bytes");
    // 53 bits, so that every JSON parser represents the seed exactly.
    u64::from_le_bytes(bytes) >> 11
}
