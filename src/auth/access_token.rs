//! The result of a sign-in: a token, with its expiry.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::error::Error;
use crate::token::{Claims, Token};

/// How long before its expiry a token is renewed.
const EARLY: Duration = Duration::from_secs(300);
/// How long a token without a known expiry is used.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// How long after a failed renewal the next attempt is made.
const RENEW_AGAIN: Duration = Duration::from_secs(30);

/// A token that a callback provides.
/// ```
/// use std::time::{Duration, SystemTime};
/// use mgpresence::AccessToken;
///
/// let token = AccessToken::new("eyJ0eXAi", Some(SystemTime::now() + Duration::from_secs(3600)));
/// assert!(!format!("{token:?}").contains("eyJ0eXAi")); // a token is never shown
/// ```
pub struct AccessToken {
    text: Zeroizing<String>,
    expires: Option<SystemTime>,
    /// When the service asks for a renewal, which may be long before the expiry.
    renew: Option<SystemTime>,
}

impl AccessToken {
    /// A token, without "Bearer", and its expiry. `None` uses the expiry in the token, or else five minutes from now.
    pub fn new(text: impl Into<String>, expires: Option<SystemTime>) -> Self {
        Self { text: Zeroizing::new(text.into()), expires, renew: None }
    }

    /// Sets the time at which the service asks for a renewal.
    pub(super) fn renewed_at(mut self, renew: Option<SystemTime>) -> Self {
        self.renew = renew;
        self
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// A token that is kept until it expires, and renewed before that.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) token: Token,
    pub(super) renew: SystemTime,
    pub(super) end: SystemTime,
}

impl Kept {
    pub(super) fn new(fetched: &AccessToken, now: SystemTime) -> Result<Self, Error> {
        let token = Token::new(&fetched.text)?;
        let expires = fetched.expires.or_else(|| expiry(&token));
        let kept = Self::until(token, expires, now);
        Ok(Self { renew: fetched.renew.unwrap_or(kept.renew).min(kept.renew), ..kept })
    }

    /// A token is renewed five minutes before its expiry, but not in the first half of its lifetime.
    fn until(token: Token, expires: Option<SystemTime>, now: SystemTime) -> Self {
        let Some(end) = expires else {
            let end = now + UNKNOWN_LIFE;
            return Self { token, renew: end, end };
        };
        let life = end.duration_since(now).unwrap_or_default();
        Self { token, renew: now + life.saturating_sub(EARLY).max(life / 2), end }
    }

    /// Delays the next renewal after a failed one.
    pub(super) fn postpone_renewal(&mut self, now: SystemTime) {
        self.renew = now + RENEW_AGAIN;
    }
}

/// The expiry in a token.
fn expiry(token: &Token) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(Claims::of(token).expires()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(life: u64, now: SystemTime) -> Kept {
        Kept::until(Token::new("x").unwrap(), Some(now + Duration::from_secs(life)), now)
    }

    #[test]
    fn a_token_is_renewed_five_minutes_before_its_expiry_or_after_half_of_a_short_lifetime() {
        let now = SystemTime::now();
        let seconds = |life| kept(life, now).renew.duration_since(now).unwrap().as_secs();
        assert_eq!([3600, 601, 600, 60, 0].map(seconds), [3300, 301, 300, 30, 0]);
        let unknown = Kept::until(Token::new("x").unwrap(), None, now);
        assert_eq!((unknown.renew, unknown.end), (now + UNKNOWN_LIFE, now + UNKNOWN_LIFE));
        let ended = Kept::until(Token::new("x").unwrap(), Some(now - Duration::from_secs(9)), now);
        assert_eq!(ended.renew, now);
    }

    #[test]
    fn the_service_can_ask_for_an_earlier_renewal_but_not_a_later_one() {
        let now = SystemTime::now();
        let at = |seconds| now + Duration::from_secs(seconds);
        for (asked, renew) in [(1800, 1800), (3500, 3300)] {
            let fetched = AccessToken::new("x", Some(at(3600))).renewed_at(Some(at(asked)));
            assert_eq!(Kept::new(&fetched, now).unwrap().renew, at(renew));
        }
    }

    #[test]
    fn a_failed_renewal_is_not_repeated_with_each_request() {
        let now = SystemTime::now();
        let mut kept = kept(100, now);
        kept.postpone_renewal(now + Duration::from_secs(60));
        assert_eq!(kept.renew, now + Duration::from_secs(60) + RENEW_AGAIN);
    }
}
