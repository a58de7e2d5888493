//! Device code: a person signs in on another device, with a code that this one shows.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::callback::ask;
use super::challenge::with_capabilities;
use super::entra::{Body, Grant};
use super::form::Form;
use super::network::Network;
use super::options::Options;
use super::person::{AsksPerson, Kept, Person};
use super::prompt::{Prompt, Show};
use super::refused::Refused;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;
use crate::job::Job;
use crate::operation::Replay;
use crate::status::Status;
use crate::token::Secret;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The polling interval if the service does not name one.
const INTERVAL: Duration = Duration::from_secs(5);
/// The shortest polling interval, for a service that names 0.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest polling interval, and the longest lifetime of a code.
const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// What `slow_down` adds to the interval. <https://www.rfc-editor.org/rfc/rfc8628#section-3.5>
const SLOWER: Duration = Duration::from_secs(5);
/// How long before the end the last poll is sent.
const LAST: Duration = Duration::from_secs(1);

/// Signs a person in with a code; see [`Credential::device_code`].
pub struct DeviceCode {
    show: Box<Show>,
    kept: Kept,
}

impl Credential {
    /// A person signs in with a browser on any device, with a code that `show` displays. `show` runs on a thread of its
    /// own and must return at once; its error ends the sign-in.
    ///
    /// Tenant and client id have the defaults of Microsoft's own module: `organizations` and Microsoft Graph Command
    /// Line Tools. [`CredentialBuilder::timeout`] limits how long the person has. Afterwards a refresh token keeps them
    /// signed in.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::device_code(|prompt| {
    ///     println!("{}", prompt.message);
    ///     Ok(())
    /// })
    /// .build()?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn device_code(
        show: impl Fn(&Prompt) -> Result<(), String> + Send + Sync + 'static,
    ) -> CredentialBuilder<DeviceCode> {
        CredentialBuilder::of(DeviceCode { show: Box::new(show), kept: Kept::default() })
    }
}

impl AsksPerson for DeviceCode {
    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }
}

impl Way for DeviceCode {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        Ok(Box::new(ByCode { person: Person::new(options, self.kept)?, show: self.show }))
    }
}

struct ByCode {
    person: Person,
    show: Box<Show>,
}

/// The service's answer to the start of a sign-in.
struct Opened {
    device_code: Secret,
    user_code: String,
    url: String,
    message: String,
    interval: Duration,
    expires_in: Duration,
}

impl SignIn for ByCode {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        self.person.token(attempt, |network, deadline| {
            let opened = self.open(attempt, network)?;
            let left = deadline.saturating_duration_since(Instant::now()).min(opened.expires_in);
            let end = Instant::now() + left;
            attempt.asks();
            ask("its prompt callback", || (self.show)(&opened.prompt(left)))?;
            self.poll(&attempt.until(end), network, &opened, end)
        })
    }

    fn identity(&self) -> Identity {
        self.person.entra.identity("deviceCode")
    }

    fn handing_over(&self) -> Vec<Job<()>> {
        self.person.handing_over()
    }
}

impl ByCode {
    fn open(&self, attempt: &Attempt, network: &Network) -> Result<Opened, Error> {
        let entra = &self.person.entra;
        let url = entra.authority.endpoint("devicecode")?;
        let form = Form::without_grant()
            .with("client_id", &entra.client_id)
            .with("scope", &self.person.scopes)
            .with("claims", &with_capabilities(attempt.claims.as_deref()));
        let body = entra.post(attempt, network, &url, &form, Replay::Safe)?;
        let from = entra.authority.origin().to_string();
        opened(&body.map_err(Refused::into_error)?, &from)
    }

    /// Polls until the person has decided.
    fn poll(
        &self,
        attempt: &Attempt,
        network: &Network,
        opened: &Opened,
        end: Instant,
    ) -> Result<Grant, Error> {
        let (mut interval, mut is_slowed) = (opened.interval, false);
        loop {
            let form = Form::new(GRANT).with_secret("device_code", &opened.device_code);
            let mut failed = None;
            match self.person.entra.redeem(attempt, network, form, Replay::Safe) {
                Ok(Ok(grant)) => return Ok(grant),
                Ok(Err(refused)) => match refused.error.as_str() {
                    "authorization_pending" => {}
                    "slow_down" => (interval, is_slowed) = (interval + SLOWER, true),
                    _ if refused.is_outage() => {}
                    _ => return Err(refused.into_error()),
                },
                // Keep polling, since the person may be on the page at this moment.
                Err(error) if may_pass(&error) => failed = Some(error),
                Err(error) => return Err(error),
            }
            let left = end.saturating_duration_since(Instant::now());
            let Some(pause) = next_poll(interval, is_slowed, left) else {
                return Err(failed.unwrap_or_else(|| AuthFailure::PersonLate.into()));
            };
            attempt.pause(pause)?;
        }
    }
}

impl Opened {
    /// What to show to a person who has some time left.
    fn prompt(&self, left: Duration) -> Prompt {
        Prompt {
            message: self.message.clone(),
            url: self.url.clone(),
            user_code: Some(self.user_code.clone()),
            expires: SystemTime::now() + left,
        }
    }
}

/// Whether a poll failed as it does while the network is away: the host was there when the sign-in began.
fn may_pass(error: &Error) -> bool {
    matches!(error.status(), Status::Connect | Status::ConnectionLost | Status::Timeout)
}

/// How long to wait before the next poll; `None` if the sign-in is over before. The last poll may come early, so that
/// the person has all of the time, unless the service has asked to slow down.
fn next_poll(interval: Duration, is_slowed: bool, left: Duration) -> Option<Duration> {
    let last = left.saturating_sub(LAST);
    let pause = if is_slowed { interval } else { interval.min(last) };
    (!pause.is_zero() && pause <= left).then_some(pause)
}

/// Reads the response of the endpoint.
fn opened(body: &Body, from: &str) -> Result<Opened, Error> {
    let object = body.object(from)?;
    let text = |name| {
        let found = object.text(name).filter(|text| !text.is_empty());
        found.ok_or_else(|| body.not_understood(from))
    };
    let seconds = |name| {
        let seconds = object.get(name).and_then(|it| it.whole());
        seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST))
    };
    let (user_code, url) = (text("user_code")?, text("verification_uri")?);
    let expires_in = seconds("expires_in").unwrap_or(Duration::from_secs(900));
    let message = object.text("message").unwrap_or_else(|| {
        format!("To sign in, open the page {url} and enter the code {user_code}.")
    });
    Ok(Opened {
        device_code: Secret::new(&text("device_code")?),
        interval: seconds("interval").unwrap_or(INTERVAL).max(SHORTEST),
        expires_in,
        user_code,
        url,
        message,
    })
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::HttpResponse;

    #[test]
    fn the_last_poll_is_a_second_before_the_end_unless_the_service_asked_to_slow_down() {
        let next = |interval, is_slowed, left| {
            let pause =
                next_poll(Duration::from_secs(interval), is_slowed, Duration::from_secs(left));
            pause.map(|pause| pause.as_secs())
        };
        assert_eq!(
            [next(5, false, 9), next(5, false, 4), next(5, false, 1)],
            [Some(5), Some(3), None]
        );
        assert_eq!([next(10, true, 12), next(10, true, 9)], [Some(10), None]);
    }

    #[test]
    fn the_times_of_the_service_are_limited() {
        let largest = u64::MAX.to_string();
        for (times, interval, expires_in) in [
            (String::new(), INTERVAL, Duration::from_secs(900)),
            (
                r#", "interval": 7, "expires_in": 60"#.into(),
                Duration::from_secs(7),
                Duration::from_secs(60),
            ),
            (r#", "interval": 0, "expires_in": 0"#.into(), SHORTEST, Duration::ZERO),
            (format!(r#", "interval": {largest}, "expires_in": {largest}"#), LONGEST, LONGEST),
        ] {
            let body = r#"{"device_code": "d", "user_code": "u", "verification_uri": "https://login.example""#;
            let body = Body::of(HttpResponse::of(200, &format!("{body}{times}}}")));
            let opened = opened(&body, "https://login.example").unwrap();
            assert_eq!((opened.interval, opened.expires_in), (interval, expires_in), "{times}");
        }
    }
}
