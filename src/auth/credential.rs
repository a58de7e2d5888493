//! A credential gives tokens: one that it was made with, or those that a callback of the host fetches.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::claims::Claims;
use super::{AuthFailure, Token};
use crate::error::{CallFailure, Error};
use crate::reentry;

/// How long before its end a token of a callback is replaced.
const EARLY: Duration = Duration::from_secs(300);
/// How long a token is kept whose end nobody told.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);

/// Where a client's tokens come from. Cheap to clone; clones share what they have fetched.
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
    current: Mutex<Current>,
}

/// The token of a callback. One call at a time: whoever needs a token meanwhile waits for the end of that one.
enum Current {
    None,
    Kept { token: Token, until: SystemTime },
    Fetching(watch::Receiver<Option<Result<Token, Error>>>),
}

/// A token that a callback brings.
pub struct AccessToken {
    text: zeroize::Zeroizing<String>,
    expires: Option<SystemTime>,
}

impl AccessToken {
    /// A token and when it ends; `None`: as the token itself says, else it is kept for five minutes.
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
    /// A token that somebody else has fetched and renews.
    ///
    /// # Errors
    /// [`Status::Token`](crate::Status::Token) where the text cannot stand in a header.
    pub fn from_token(token: &str) -> Result<Self, Error> {
        Ok(Self(Source::Token(Token::new(token)?)))
    }

    /// A function that fetches a token when one is needed and five minutes before the last one ends. It runs on a
    /// thread that may block, one call at a time; a request waits for it no longer than its own timeout.
    /// The error is a reason for people. `client_id` is the default of a session's `sessionId`.
    pub fn from_fn(
        client_id: Option<&str>,
        fetch: impl Fn() -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        let client_id = client_id.map(String::from);
        let current = Mutex::new(Current::None);
        Self(Source::Callback(Arc::new(Callback { client_id, fetch: Box::new(fetch), current })))
    }

    /// The token to send now. `rejected` is one that Graph called invalid, which is not given again.
    pub(crate) async fn token(&self, rejected: Option<&Token>) -> Result<Token, Error> {
        match &self.0 {
            Source::Token(token) => Ok(token.clone()),
            Source::Callback(callback) => callback.token(rejected).await,
        }
    }

    /// What is known of the credential without asking for a token: client id, tenant, account, scopes and roles, end.
    pub(crate) fn about(&self) -> Value {
        match &self.0 {
            Source::Token(token) => Claims::of(token).about(),
            Source::Callback(callback) => json!({ "clientId": callback.client_id }),
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
            _ => app_id(token),
        }
    }
}

/// The application that a token says it was issued to.
pub(crate) fn app_id(token: &Token) -> Option<String> {
    Claims::of(token).app_id()
}

impl Callback {
    async fn token(self: &Arc<Self>, rejected: Option<&Token>) -> Result<Token, Error> {
        let mut end = match &mut *self.lock() {
            Current::Kept { token, until }
                if SystemTime::now() < *until
                    && rejected.is_none_or(|rejected| rejected.as_str() != token.as_str()) =>
            {
                return Ok(token.clone());
            }
            Current::Fetching(end) => end.clone(),
            current => {
                let (told, end) = watch::channel(None);
                *current = Current::Fetching(end.clone());
                let this = Arc::clone(self);
                // Detached: a request that is cancelled must not leave the next one to start a second call.
                tokio::task::spawn_blocking(move || told.send_replace(Some(this.fetch())));
                end
            }
        };
        let result = end.wait_for(Option::is_some).await.ok().and_then(|result| result.clone());
        result.unwrap_or_else(|| Err(CallFailure::Internal("a token was lost".into()).into()))
    }

    /// Calls the host and keeps what it gives. All who wait share the result, a failure too.
    fn fetch(&self) -> Result<Token, Error> {
        let result = match catch_unwind(AssertUnwindSafe(|| reentry::mark(|| (self.fetch)()))) {
            Ok(Ok(fetched)) => Token::new(&fetched.text).map_err(Error::from).map(|token| {
                let expires = fetched.expires.or_else(|| expiry(&token));
                (keep_until(expires, SystemTime::now()), token)
            }),
            Ok(Err(reason)) => Err(AuthFailure::Callback { reason: reason.into() }.into()),
            Err(_) => Err(AuthFailure::Callback { reason: "its callback panicked".into() }.into()),
        };
        *self.lock() = match &result {
            Ok((until, token)) => Current::Kept { token: token.clone(), until: *until },
            Err(_) => Current::None,
        };
        result.map(|(_, token)| token)
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a token says that it ends.
fn expiry(token: &Token) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(Claims::of(token).expires()?))
}

/// Until when a token is used: to shortly before its end, but at least for half of what is left of a short life.
fn keep_until(expires: Option<SystemTime>, now: SystemTime) -> SystemTime {
    let life = match expires {
        Some(end) => end.duration_since(now).unwrap_or_default(),
        None => return now + UNKNOWN_LIFE,
    };
    now + life.saturating_sub(EARLY).max(life / 2)
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
    use super::*;

    #[test]
    fn a_token_is_used_to_five_minutes_before_its_end_or_half_of_a_short_life() {
        let now = SystemTime::now();
        let seconds = |life| {
            let end = Some(now + Duration::from_secs(life));
            keep_until(end, now).duration_since(now).unwrap().as_secs()
        };
        assert_eq!([seconds(3600), seconds(400), seconds(10), seconds(0)], [3300, 200, 5, 0]);
        assert_eq!(keep_until(None, now), now + UNKNOWN_LIFE);
        assert_eq!(keep_until(Some(now - Duration::from_secs(9)), now), now);
    }
}
