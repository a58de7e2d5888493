//! Everything that changes while the emulator runs, and the way of one request through it. No socket is known here.

use std::sync::Arc;

use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::{Journal, SignIns, Throttle};
use crate::directory::{Applications, Directory, User};
use crate::entra;
use crate::fault::{Fault, Faults, Seen};
use crate::http::{Answer, GraphError, Headers, Outcome, Request};
use crate::operation::{self, Call, Operation, Route, Target};
use crate::presence::{Pair, Session, SessionKey};
use crate::random::Random;
use crate::settings::{Settings, Users};
use crate::time::Clock;
use crate::token::{Caller, Claims, SigningKey, TokenRequest};

/// The tenant as it is now.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Arc<Settings>,
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) seed: u64,
    pub(crate) random: Random,
    pub(crate) clock: Clock,
    pub(crate) directory: Directory,
    pub(crate) faults: Faults,
    pub(crate) throttle: Throttle,
    pub(crate) journal: Journal,
    pub(crate) applications: Applications,
    pub(crate) sign_ins: SignIns,
    /// What App Service would put into IDENTITY_HEADER.
    pub(crate) identity_header: String,
}

impl World {
    pub(crate) fn new(settings: Arc<Settings>, url: String) -> Self {
        let seed = settings.seed.unwrap_or_else(chosen_by_the_system);
        let mut world = Self {
            url,
            key: SigningKey::generate(),
            seed,
            random: Random::new(seed),
            clock: Clock::new(Timestamp::now(), settings.scale),
            directory: Directory::default(),
            faults: Faults::default(),
            throttle: Throttle::default(),
            journal: Journal::default(),
            applications: Applications::default(),
            sign_ins: SignIns::default(),
            identity_header: Random::new(!seed).guid(),
            settings,
        };
        world.reset();
        world
    }

    /// Back to the start: clock, users, faults, received requests, chance. The key stays, so old tokens stay good.
    pub(crate) fn reset(&mut self) {
        let settings = Arc::clone(&self.settings);
        self.random = Random::new(self.seed);
        self.clock = Clock::new(settings.start.unwrap_or_else(Timestamp::now), settings.scale);
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
        if let Some(state) = settings.state.clone() {
            state.restore(self);
        }
        self.applications = settings.applications.clone();
        self.sign_ins = SignIns::default();
        self.throttle = Throttle::new(settings.throttle);
        self.journal.clear();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn mint(&mut self, request: TokenRequest) -> String {
        let claims = request.into_claims(&self.directory, self.now(), self.random.guid());
        self.key.sign(&claims)
    }

    /// The fault that a rule orders for this request.
    pub(crate) fn strike(&mut self, request: &Request) -> Option<Fault> {
        let signed_in = request
            .header("authorization")
            .and_then(|header| Claims::read(header.split_once(' ')?.1)?.oid);
        self.strike_by(request, signed_in.as_deref(), Faults::strike)
    }

    /// The same for an item of a `$batch`.
    pub(crate) fn strike_item(&mut self, request: &Request, caller: &Caller) -> Option<Fault> {
        self.strike_by(request, caller.user.as_deref(), Faults::strike_item)
    }

    fn strike_by(
        &mut self,
        request: &Request,
        signed_in: Option<&str>,
        strike: impl FnOnce(&mut Faults, &Seen<'_>, Timestamp, &mut Random) -> Option<Fault>,
    ) -> Option<Fault> {
        let name = match Route::target_of(&request.path) {
            Some(Target::User(name) | Target::Presence(name)) => Some(name),
            Some(Target::Me) => signed_in.map(Into::into),
            None => None,
        };
        let directory = &self.directory;
        let about = name.and_then(|name| directory.find(&name));
        let is_about = |name: &str| {
            about.zip(directory.find(name)).is_some_and(|(about, user)| about.id == user.id)
        };
        let path = request.target();
        let seen = Seen { method: &request.method, path: &path, is_about: &is_about };
        strike(&mut self.faults, &seen, self.clock.now(), &mut self.random)
    }

    /// The user whose sign-ins need nobody's approval.
    pub(crate) fn approving_user(&self) -> Option<&User> {
        self.directory.find(self.settings.semantics.approve_sign_ins.as_deref()?)
    }

    /// Where links in answers point: the origin that the client used, so that it may follow them.
    pub(crate) fn origin(&self, request: &Request) -> String {
        let scheme = self.url.split("://").next().unwrap_or("http");
        request.header("host").map_or_else(|| self.url.clone(), |host| format!("{scheme}://{host}"))
    }

    /// Answers as Entra does on its paths, else as Graph does, with the headers that every answer bears.
    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        if let Some(answer) = entra::answer(self, request) {
            return answer;
        }
        let outcome = self.authenticate(request).and_then(|caller| self.perform(caller, request));
        self.finish(request, outcome)
    }

    fn authenticate(&self, request: &Request) -> Result<Caller, GraphError> {
        let verify = self.settings.semantics.verify_tokens;
        Caller::of(request, self.now(), verify.then_some(&self.key))
            .map_err(|error| self.challenge(error))
    }

    /// Throttle, route, then the operation's own checks: body, permission, effect. In this order, because Graph reads the
    /// body before it looks at permissions. A `$batch` is not counted; its items are.
    pub(crate) fn perform(&mut self, caller: Caller, request: &Request) -> Outcome {
        let now = self.now();
        let route = Route::of(&request.method, &request.path);
        if !route.as_ref().is_ok_and(|route| route.operation == Operation::Batch) {
            self.throttle.admit(&caller.app, &caller.tenant, now)?;
        }
        operation::run(&mut Call { world: self, request, caller, route: route?, now })
    }

    fn challenge(&self, error: GraphError) -> GraphError {
        let authority = format!("{}/common/oauth2/v2.0/authorize", self.url);
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{authority}\", client_id=\"00000003-0000-0000-c000-000000000000\""
        );
        error.with("www-authenticate", challenge)
    }

    /// Makes an answer of an outcome.
    pub(crate) fn finish(&mut self, request: &Request, outcome: Outcome) -> Answer {
        let now = self.now();
        let request_id = self.random.guid();
        let client_request_id = match request.header("client-request-id") {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => self.random.guid(),
        };
        let mut answer = outcome
            .unwrap_or_else(|error| error.into_answer(now, (&request_id, &client_request_id)));
        let common = [
            ("request-id", request_id),
            ("client-request-id", client_request_id),
            ("date", http_date(now)),
            ("cache-control", "no-cache".into()),
            ("x-ms-ags-diagnostic", DIAGNOSTIC.into()),
        ];
        let common: Headers =
            common.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let own =
            |name: &str| answer.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let missing: Headers = common.into_iter().filter(|(name, _)| !own(name)).collect();
        answer.headers.extend(missing);
        answer
    }
}

const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"Loopback","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"EMULATOR"}}"#;

/// As HTTP writes a date: `Tue, 18 Aug 2026 10:00:00 GMT`.
pub(crate) fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn chosen_by_the_system() -> u64 {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).expect("the system has random bytes");
    // 53 bits, so that every JSON reader shows the seed as it is.
    u64::from_le_bytes(bytes) >> 11
}
