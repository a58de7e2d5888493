//! A credential provides tokens: the one that it was made with, or those that a callback fetches.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::AuthFailure;
use crate::error::Error;
use crate::in_callback;
use crate::job::Job;
use crate::process::PerProcess;
use crate::token::{Claims, Token};

/// How long before its end a token of a callback is renewed.
const EARLY: Duration = Duration::from_secs(300);
/// How long a token is kept whose end is unknown.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// How long after a failed renewal the next one is tried.
const RENEW_AGAIN: Duration = Duration::from_secs(30);

/// Where the access tokens of a client come from. It is cheap to clone, and clones share what they have fetched.
///
/// # Example
/// ```
/// use mgpresence::{AccessToken, Client, Credential};
///
/// let credential = Credential::from_fn(None, || {
///     // Ask the identity library of your choice for a token for https://graph.microsoft.com/.default.
///     Ok(AccessToken::new("eyJ0eXAi", None))
/// });
/// let client = Client::builder().credential(credential).build()?;
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Credential(Source);

#[derive(Clone)]
enum Source {
    Token(Token),
    Callback(Arc<Callback>),
}

type Fetch = dyn Fn() -> Result<AccessToken, String> + Send + Sync;

struct Callback {
    client_id: Option<String>,
    fetch: Box<Fetch>,
    /// A child after a fork fetches its own: the parent's call would never end there.
    state: PerProcess<Mutex<State>>,
}

/// What a callback has provided, and its call that is under way: one at a time.
#[derive(Default)]
struct State {
    kept: Option<Kept>,
    fetching: Option<Job<Token>>,
}

/// A token that works until its end and is replaced before.
#[derive(Clone)]
struct Kept {
    token: Token,
    renew: SystemTime,
    end: SystemTime,
}

/// A token that a callback provides.
/// ```
/// use std::time::{Duration, SystemTime};
/// use mgpresence::AccessToken;
///
/// let token = AccessToken::new("eyJ0eXAi", Some(SystemTime::now() + Duration::from_secs(3600)));
/// assert!(!format!("{token:?}").contains("eyJ0eXAi")); // a token is never shown
/// ```
pub struct AccessToken {
    text: zeroize::Zeroizing<String>,
    expires: Option<SystemTime>,
}

impl AccessToken {
    /// A token and when it ends. `None` uses what the token itself says, or else five minutes from now.
    pub fn new(text: impl Into<String>, expires: Option<SystemTime>) -> Self {
        Self { text: zeroize::Zeroizing::new(text.into()), expires }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Credential {
    /// A token that the caller has fetched, and replaces with a new credential when it ends.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Credential, Status};
    ///
    /// assert!(Credential::from_token("eyJ0eXAi").is_ok());
    /// let error = Credential::from_token("Bearer eyJ0eXAi").unwrap_err();
    /// assert_eq!(error.status(), Status::Token); // give the token alone
    /// ```
    ///
    ///
    /// # Errors
    /// [`Status::Token`](crate::Status::Token) if a header cannot carry the text.
    pub fn from_token(token: &str) -> Result<Self, Error> {
        Ok(Self(Source::Token(Token::new(token)?)))
    }

    /// A function that fetches a token when one is needed, and five minutes before the last one ends. It runs on a thread
    /// of its own, one call at a time. A request waits for it no longer than its own timeout, and not at all while the
    /// last token still works.
    ///
    /// The error of the function is shown in the message of the request that fails. `client_id` is the default of
    /// `sessionId`.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Client, Credential, Request, Status, Target};
    ///
    /// let credential = Credential::from_fn(None, || Err("the vault is sealed".into()));
    /// let client = Client::builder().credential(credential).build()?;
    /// let error = client.send(Request::get_presence(Target::Me)).unwrap_err();
    /// assert_eq!(error.status(), Status::Token);
    /// assert_eq!(error.to_string(), "The credential provided no token: the vault is sealed.");
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn from_fn(
        client_id: Option<&str>,
        fetch: impl Fn() -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        let client_id = client_id.map(String::from);
        let (fetch, state) = (Box::new(fetch), PerProcess::new());
        Self(Source::Callback(Arc::new(Callback { client_id, fetch, state })))
    }

    /// The token to send now. `rejected` is one that Graph called invalid, which is not given again.
    pub(crate) async fn token(&self, rejected: Option<&Token>) -> Result<Token, Error> {
        match &self.0 {
            Source::Token(token) => Ok(token.clone()),
            Source::Callback(callback) => callback.token(rejected, SystemTime::now()).await,
        }
    }

    /// What is known of the credential without asking for a token: client id, tenant, account, scopes and roles, end.
    pub(crate) fn about(&self) -> Value {
        match &self.0 {
            Source::Token(token) => Claims::of(token).about(),
            Source::Callback(callback) => {
                let mut about = Claims::default().about();
                about["clientId"] = json!(callback.client_id);
                about
            }
        }
    }

    /// Whether asking again could bring another token.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self.0, Source::Callback(_))
    }

    /// The application that a token belongs to: the credential's client id, else what the token says.
    pub(crate) fn app_id(&self, token: &Token) -> Option<String> {
        match &self.0 {
            Source::Callback(callback) if callback.client_id.is_some() => {
                callback.client_id.clone()
            }
            _ => Claims::of(token).app_id(),
        }
    }
}

impl Callback {
    async fn token(
        self: &Arc<Self>,
        rejected: Option<&Token>,
        now: SystemTime,
    ) -> Result<Token, Error> {
        match self.kept_or_job(rejected, now)? {
            Ok(token) => Ok(token),
            Err(job) => job.end().await,
        }
    }

    /// The token that is kept, its renewal begun where that is due; else the call that will bring one.
    fn kept_or_job(
        self: &Arc<Self>,
        rejected: Option<&Token>,
        now: SystemTime,
    ) -> Result<Result<Token, Job<Token>>, Error> {
        let mut state = self.lock();
        let is_rejected =
            |kept: &mut Kept| rejected.is_some_and(|it| it.as_str() == kept.token.as_str());
        state.kept.take_if(is_rejected);
        let works = state.kept.clone().filter(|kept| now < kept.end);
        match works {
            Some(kept) if now < kept.renew => Ok(Ok(kept.token)),
            // No request waits for a renewal, and a failed one takes no working token away.
            Some(kept) => {
                let _ = self.fetching(&mut state);
                Ok(Ok(kept.token))
            }
            None => self.fetching(&mut state).map(Err),
        }
    }

    /// The call that is under way. Starts one if there is none.
    fn fetching(self: &Arc<Self>, state: &mut State) -> Result<Job<Token>, Error> {
        if let Some(job) = state.fetching.as_ref().filter(|job| !job.has_ended()) {
            return Ok(job.clone());
        }
        let this = Arc::clone(self);
        // A request that is cancelled does not end the call, so that the next one does not start a second.
        let job = Job::start(move || this.fetch())?;
        state.fetching = Some(job.clone());
        Ok(job)
    }

    /// Calls the host and keeps what it provides. All waiting requests share the result, even a failure.
    fn fetch(&self) -> Result<Token, Error> {
        let result = match catch_unwind(AssertUnwindSafe(|| in_callback::run(|| (self.fetch)()))) {
            Ok(Ok(fetched)) => Token::new(&fetched.text).map_err(Error::from).map(|token| {
                let expires = fetched.expires.or_else(|| expiry(&token));
                Kept::new(token, expires, SystemTime::now())
            }),
            Ok(Err(reason)) => Err(AuthFailure::Callback { reason: reason.into() }.into()),
            Err(_) => Err(AuthFailure::Callback { reason: "its callback panicked".into() }.into()),
        };
        let mut state = self.lock();
        match &result {
            Ok(kept) => state.kept = Some(kept.clone()),
            Err(_) => state.kept.iter_mut().for_each(|kept| kept.put_off(SystemTime::now())),
        }
        result.map(|kept| kept.token)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.get().lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Renewed shortly before its end, but not before half of what is left of a short life.
    fn new(token: Token, expires: Option<SystemTime>, now: SystemTime) -> Self {
        let Some(end) = expires else {
            let end = now + UNKNOWN_LIFE;
            return Self { token, renew: end, end };
        };
        let life = end.duration_since(now).unwrap_or_default();
        Self { token, renew: now + life.saturating_sub(EARLY).max(life / 2), end }
    }

    /// A renewal has failed: the next one is tried a little later.
    fn put_off(&mut self, now: SystemTime) {
        self.renew = now + RENEW_AGAIN;
    }
}

/// When a token says that it ends.
fn expiry(token: &Token) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(Claims::of(token).expires()?))
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(token) => token.fmt(f),
            Self::Callback(callback) => write!(f, "callback, client id {:?}", callback.client_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::transport::runtime::runtime;

    fn kept(life: u64, now: SystemTime) -> Kept {
        Kept::new(Token::new("x").unwrap(), Some(now + Duration::from_secs(life)), now)
    }

    #[test]
    fn a_token_is_renewed_five_minutes_before_its_end_or_after_half_of_a_short_life() {
        let now = SystemTime::now();
        let seconds = |life| kept(life, now).renew.duration_since(now).unwrap().as_secs();
        assert_eq!([seconds(3600), seconds(400), seconds(10), seconds(0)], [3300, 200, 5, 0]);
        let unknown = Kept::new(Token::new("x").unwrap(), None, now);
        assert_eq!((unknown.renew, unknown.end), (now + UNKNOWN_LIFE, now + UNKNOWN_LIFE));
        let ended = Kept::new(Token::new("x").unwrap(), Some(now - Duration::from_secs(9)), now);
        assert_eq!(ended.renew, now);
    }

    /// A credential whose first call brings a token for 1000 s and whose later calls fail; and how often it was asked.
    fn sealed_after_the_first() -> (Arc<Callback>, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let end = SystemTime::now() + Duration::from_secs(1000);
        let fetch = move || match counter.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(AccessToken::new("first", Some(end))),
            _ => Err("the vault is sealed".into()),
        };
        let callback =
            Callback { client_id: None, fetch: Box::new(fetch), state: PerProcess::new() };
        (Arc::new(callback), asked)
    }

    #[test]
    fn a_failed_renewal_takes_no_working_token_away() {
        let (callback, asked) = sealed_after_the_first();
        let start = SystemTime::now();
        let token_at = |seconds| {
            let at = start + Duration::from_secs(seconds);
            runtime()
                .unwrap()
                .block_on(callback.token(None, at))
                .map(|token| token.as_str().to_string())
        };
        let asked_again = |count| {
            while asked.load(Ordering::SeqCst) < count || !callback.has_ended() {
                std::thread::yield_now();
            }
        };
        assert_eq!(token_at(0).unwrap(), "first");
        assert_eq!(token_at(900).unwrap(), "first");
        asked_again(2);
        assert_eq!(token_at(950).unwrap(), "first");
        asked_again(3);
        let error = token_at(1001).unwrap_err().to_string();
        assert!(error.contains("the vault is sealed"), "{error}");
    }

    #[test]
    fn a_renewal_that_failed_is_not_tried_with_each_request() {
        let now = SystemTime::now();
        let mut kept = kept(100, now);
        kept.put_off(now + Duration::from_secs(60));
        assert_eq!(kept.renew, now + Duration::from_secs(60) + RENEW_AGAIN);
    }

    #[test]
    fn a_token_that_graph_rejected_is_not_given_again() {
        let (callback, asked) = sealed_after_the_first();
        let now = SystemTime::now();
        let token = |rejected| runtime().unwrap().block_on(callback.token(rejected, now));
        let first = token(None).unwrap();
        assert!(token(Some(&first)).is_err());
        assert!(token(None).is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    impl Callback {
        fn has_ended(&self) -> bool {
            self.lock().fetching.as_ref().is_some_and(Job::has_ended)
        }
    }
}
