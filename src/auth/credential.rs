//! A credential gives tokens: one that it was made with, or those that a callback of the host fetches.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Mutex;

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

struct Callback {
    client_id: Option<String>,
    fetch: Box<dyn Fn() -> Result<AccessToken, String> + Send + Sync>,
    /// Held while the callback runs, so that it runs once however many requests wait for it.
    current: Mutex<Option<Kept>>,
}

struct Kept {
    token: Token,
    until: SystemTime,
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
        let current = Mutex::new(None);
        Self(Source::Callback(Arc::new(Callback { client_id, fetch: Box::new(fetch), current })))
    }

    /// The token to send now. `rejected` is one that Graph called invalid, which is not given again.
    pub(crate) async fn token(&self, rejected: Option<&Token>) -> Result<Token, Error> {
        let callback = match &self.0 {
            Source::Token(token) => return Ok(token.clone()),
            Source::Callback(callback) => Arc::clone(callback),
        };
        let rejected = rejected.cloned();
        // A task of its own: a request that is cancelled must not leave a callback running without the lock.
        let fetched = tokio::spawn(async move { callback.token(rejected.as_ref()).await });
        fetched.await.map_err(|panic| CallFailure::Panic(panic.to_string()))?
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
    async fn token(self: Arc<Self>, rejected: Option<&Token>) -> Result<Token, Error> {
        let mut current = self.current.lock().await;
        if let Some(kept) = &*current
            && SystemTime::now() < kept.until
            && rejected.is_none_or(|rejected| rejected.as_str() != kept.token.as_str())
        {
            return Ok(kept.token.clone());
        }
        *current = None;
        let this = Arc::clone(&self);
        let fetched = tokio::task::spawn_blocking(move || reentry::mark(|| (this.fetch)()))
            .await
            .map_err(|panic| CallFailure::Panic(panic.to_string()))?
            .map_err(|reason| AuthFailure::Callback { reason: reason.into() })?;
        let token = Token::new(&fetched.text)?;
        let until = keep_until(fetched.expires.or_else(|| expiry(&token)), SystemTime::now());
        *current = Some(Kept { token: token.clone(), until });
        Ok(token)
    }
}

/// When a token says that it ends.
fn expiry(token: &Token) -> Option<SystemTime> {
    let seconds = u64::try_from(Claims::of(token).exp?).ok()?;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
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
