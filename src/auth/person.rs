//! A person who has signed in. Refresh tokens keep them signed in, and they are asked again only when those expire.
//! <https://learn.microsoft.com/entra/identity-platform/refresh-tokens>

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, PERSON_TIMEOUT};
use super::entra::{Entra, Grant};
use super::form::Form;
use super::handover::Handover;
use super::network::Network;
use super::options::Options;
use super::refused::Refused;
use super::{AccessToken, AuthFailure};
use crate::error::Error;
use crate::job::Job;
use crate::operation::Replay;
use crate::process::PerProcess;
use crate::token::Secret;
use crate::transport::from_now;

/// Microsoft Graph Command Line Tools, the application of Microsoft's own PowerShell module.
pub(super) const DEFAULT_CLIENT_ID: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/// Any account of any organization.
const DEFAULT_TENANT: &str = "organizations";

/// What the ways to sign a person in have in common: the refresh token.
#[derive(Default)]
pub(crate) struct Kept {
    refresh_token: Option<Secret>,
    handover: Option<Arc<Handover>>,
}

/// A way to sign a person in, whose builder takes refresh tokens.
pub(crate) trait AsksPerson {
    fn kept(&mut self) -> &mut Kept;
}

#[expect(private_bounds, reason = "the ways to sign in are this crate's")]
impl<K: AsksPerson> CredentialBuilder<K> {
    /// A refresh token of an earlier sign-in, to try before a person is asked.
    #[must_use]
    pub fn refresh_token(mut self, token: &str) -> Self {
        self.kind.kept().refresh_token = (!token.is_empty()).then(|| Secret::new(token));
        self
    }

    /// A function that receives each new refresh token, to store it for later processes. It is as valuable as a
    /// password, so store it where the system stores secrets. `None` means that Entra no longer accepts the last token,
    /// so delete it.
    ///
    /// It runs on a thread of its own, one call at a time. [`Credential::sign_in`](crate::Credential::sign_in) waits
    /// for it within its own timeout; a request does not wait.
    #[must_use]
    pub fn on_refresh_token(mut self, told: impl Fn(Option<&str>) + Send + Sync + 'static) -> Self {
        self.kind.kept().handover = Some(Handover::new(told));
        self
    }
}

/// The sign-in of a person at an authority.
pub(super) struct Person {
    pub(super) entra: Entra,
    pub(super) scopes: String,
    timeout: Duration,
    kept: Kept,
    /// The latest refresh token of this process. `None` before the first, when the caller's is used.
    newest: PerProcess<Mutex<Newest>>,
}

#[derive(Default)]
struct Newest(Option<Option<Secret>>);

impl Person {
    pub(super) fn new(options: &Options, kept: Kept) -> Result<Self, Error> {
        let client_id = options.client_id_if_given()?.unwrap_or_else(|| DEFAULT_CLIENT_ID.into());
        let tenant_id = options.tenant_id_if_given()?.unwrap_or_else(|| DEFAULT_TENANT.into());
        Ok(Self {
            entra: Entra::new(options, tenant_id, client_id)?,
            scopes: options.user_scopes(),
            timeout: options.timeout.unwrap_or(PERSON_TIMEOUT),
            kept,
            newest: PerProcess::new(),
        })
    }

    /// Gets a token with the refresh token, or else by asking the person.
    pub(super) fn token(
        &self,
        attempt: &Attempt,
        ask_person: impl FnOnce(&Network, Instant) -> Result<Grant, Error>,
    ) -> Result<AccessToken, Error> {
        let network = self.entra.connect()?;
        if let Some(grant) = self.refresh(attempt, &network)? {
            return Ok(self.keep(grant));
        }
        if !attempt.may_prompt {
            return Err(AuthFailure::NeedsPerson.into());
        }
        let deadline = from_now(self.timeout).into_std();
        Ok(self.keep(ask_person(&network, deadline)?))
    }

    /// Gets a token with the refresh token; `None` if there is none or it has expired.
    fn refresh(&self, attempt: &Attempt, network: &Network) -> Result<Option<Grant>, Error> {
        let Some(refresh_token) = self.refresh_token() else { return Ok(None) };
        let form = Form::new("refresh_token")
            .with("scope", &self.scopes)
            .with("client_info", "1")
            .with_secret("refresh_token", &refresh_token);
        match self.entra.redeem(attempt, network, form, Replay::Safe)? {
            Ok(grant) => Ok(Some(grant)),
            Err(refused) if needs_person(&refused) => {
                // With further claims, the refusal says nothing of the refresh token itself.
                if refused.error == "invalid_grant" && attempt.claims.is_none() {
                    self.newest().0 = Some(None);
                    self.tell(None);
                }
                match attempt.may_prompt {
                    true => Ok(None),
                    false => Err(refused.into_error()),
                }
            }
            Err(refused) => Err(refused.into_error()),
        }
    }

    fn refresh_token(&self) -> Option<Secret> {
        self.newest().0.clone().unwrap_or_else(|| self.kept.refresh_token.clone())
    }

    /// Keeps the refresh token of a response, and gives it to the host if it is new.
    fn keep(&self, grant: Grant) -> AccessToken {
        if let Some(new) = grant.refresh_token {
            let before = self.refresh_token();
            let is_new = before.is_none_or(|before| before.as_str() != new.as_str());
            self.newest().0 = Some(Some(new.clone()));
            if is_new {
                self.tell(Some(new));
            }
        }
        grant.token
    }

    fn tell(&self, refresh_token: Option<Secret>) {
        if let Some(handover) = &self.kept.handover {
            handover.tell(refresh_token);
        }
    }

    /// Jobs that end when the host has received each refresh token.
    pub(super) fn handing_over(&self) -> Vec<Job<()>> {
        self.kept.handover.iter().filter_map(|handover| handover.thread()).collect()
    }

    fn newest(&self) -> MutexGuard<'_, Newest> {
        self.newest.get().lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the refresh token has expired or is not enough, so that a person must sign in.
fn needs_person(refused: &Refused) -> bool {
    matches!(refused.error.as_str(), "invalid_grant" | "interaction_required")
        && refused.status != crate::status::Status::Consent
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_microsofts_own_module() {
        let person = Person::new(&Options::default(), Kept::default()).unwrap();
        let token = person.entra.token_url().unwrap();
        let expected = "https://login.microsoftonline.com/organizations/oauth2/v2.0/token";
        assert_eq!(
            (token.as_str(), person.entra.client_id.as_str()),
            (expected, DEFAULT_CLIENT_ID)
        );
        assert_eq!(person.timeout, Duration::from_secs(120));
    }
}
