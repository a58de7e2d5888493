//! A separate emulator for each test, and a client for it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use mgpresence::{
    AccessToken, Activity, Availability, Client, ClientBuilder, Credential, Error, Request,
    Response, SetPresence, Statistics, Status, Target,
};
use mgpresence_emulator::Emulator;

pub(crate) use mgpresence_emulator::APP_ID;

/// An emulator and a client that holds an application token.
pub(crate) struct Graph {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
    /// What the client sends as its token.
    pub(crate) token: String,
}

impl Graph {
    pub(crate) fn start() -> Self {
        Self::with(|builder| builder)
    }

    /// With options of the client.
    pub(crate) fn with(options: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        Self::on(Emulator::start(), options)
    }

    pub(crate) fn on(
        emulator: Emulator,
        options: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let token = emulator.token(APP_ID).tenant(&new_tenant()).mint();
        let builder = builder(&emulator).credential(Credential::from_token(&token).unwrap());
        let client = options(builder).build().unwrap();
        Self { emulator, client, token }
    }

    pub(crate) fn send(&self, request: Request) -> Result<Response, Error> {
        self.client.send(request)
    }

    /// The error of a request that must fail. Checks its text, so that every test does.
    pub(crate) fn refusal(&self, request: Request) -> Error {
        let error = self.send(request).expect_err("the request must be refused");
        assert_is_sentences(&error.to_string());
        error
    }

    /// The visible pair, such as `Busy/InACall`, read from the emulator without this library.
    pub(crate) fn shown(&self, user: &str) -> String {
        let presence = self.emulator.presence(user);
        let word = |name: &str| presence[name].as_str().unwrap_or_default().to_string();
        format!("{}/{}", word("availability"), word("activity"))
    }

    pub(crate) fn sent(&self) -> usize {
        self.emulator.sent().len()
    }
}

/// The id of a tenant that no other test uses. A throttle outlives its clients: without an own tenant, a test whose
/// emulator gets the port of an earlier one would meet the limit of that one.
pub(crate) fn new_tenant() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    format!("{:08x}-0000-4000-8000-000000000000", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A client's options for an emulator, without a credential.
pub(crate) fn builder(emulator: &Emulator) -> ClientBuilder {
    Client::builder().base_url(emulator.url()).allow_loopback_http()
}

pub(crate) fn adele() -> Target {
    Target::user("adele")
}

/// A setPresence for adele that Graph accepts.
pub(crate) fn busy() -> Request {
    Request::set_presence(adele(), SetPresence::new(Availability::Busy, Activity::InACall))
}

pub(crate) fn get() -> Request {
    Request::get_presence(adele())
}

/// setPresence for adele with a body as it stands.
pub(crate) fn raw_set(body: &str) -> Request {
    Request::new(mgpresence::Operation::SetPresence, adele()).body_json(body).unwrap()
}

/// The status and the text of an error.
pub(crate) fn told(error: &Error) -> (Status, String) {
    (error.status(), error.to_string())
}

pub(crate) const SOON: Duration = Duration::from_secs(20);

/// Waits until a client's counters are as described.
#[track_caller]
pub(crate) fn until(client: &Client, is_so: impl Fn(&Statistics) -> bool) {
    let end = Instant::now() + SOON;
    loop {
        let stats = client.stats().unwrap();
        if is_so(&stats) {
            return;
        }
        assert!(Instant::now() < end, "{stats:?}");
        std::thread::yield_now();
    }
}

/// A message begins with a capital letter, or with a name that has its own spelling, and ends with a full stop.
pub(crate) fn assert_is_sentences(text: &str) {
    const NAMES: [&str; 6] = [
        "setPresence",
        "clearPresence",
        "setUserPreferredPresence",
        "sessionId",
        "expirationDuration",
        "http",
    ];
    let begins_well = text.starts_with(|c: char| !c.is_lowercase())
        || NAMES.iter().any(|name| text.starts_with(name));
    assert!(begins_well && text.ends_with('.'), "{text}");
}

/// A credential whose callback has been called and does not return until its gate is dropped.
pub(crate) struct Gated {
    pub(crate) credential: Credential,
    pub(crate) gate: Sender<()>,
    asked: Receiver<()>,
    let_go: Receiver<()>,
}

impl Gated {
    pub(crate) fn new() -> Self {
        Self::giving(|| Err("the gate was closed".into()))
    }

    /// One whose callback then gives a token.
    pub(crate) fn giving(
        token: impl Fn() -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        let (gate, opened) = mpsc::channel();
        let (ask, asked) = mpsc::channel();
        let (held, let_go) = mpsc::channel();
        let opened = Mutex::new(opened);
        let credential = Credential::from_fn(None, move || {
            let _held: &Sender<()> = &held;
            let _ = ask.send(());
            let _ = opened.lock().unwrap().recv();
            token()
        });
        Self { credential, gate, asked, let_go }
    }

    pub(crate) fn wait_until_asked(&self) {
        self.asked.recv_timeout(SOON).unwrap();
    }

    /// Lets the callback return, and checks that nothing holds it any more.
    #[track_caller]
    pub(crate) fn expect_let_go(self) {
        std::thread::sleep(Duration::from_millis(50)); // no thread drives by now, or the test shows less
        drop((self.credential, self.gate));
        assert_eq!(self.let_go.recv_timeout(SOON), Err(RecvTimeoutError::Disconnected));
    }
}
