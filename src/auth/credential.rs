//! A credential: the source of a client's access tokens.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::time::{sleep_until, timeout_at};

use super::attempt::Attempt;
use super::callback::Callback;
use super::sign_in::{Identity, SignIn};
use super::source::{Source, Wanted};
use super::{AccessToken, AuthFailure};
use crate::error::Error;
use crate::job::Job;
use crate::log::Log;
use crate::token::{Claims, Token};
use crate::transport::{from_now, runtime};

/// The source of a client's access tokens. It is cheap to clone, and clones share their token. Dropping the last clone
/// cancels a sign-in that is under way.
///
/// There is a constructor for each way to sign in. A token is kept in memory until it expires, and renewed before that,
/// by one sign-in however many threads need it.
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
#[derive(Clone)]
pub struct Credential(Given);

#[derive(Clone)]
enum Given {
    Token(Token),
    SignIn(Arc<Owner>),
}

/// Cancels the sign-in when the last clone is dropped. The thread that signs in owns only the source.
struct Owner(Arc<Source>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Credential {
    /// Uses a token that the caller has fetched, without "Bearer". It is never renewed: when it expires, create a new
    /// credential.
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
    /// # Errors
    /// [`Status::Token`](crate::Status::Token) if the token cannot be sent in a header.
    pub fn from_token(token: &str) -> Result<Self, Error> {
        Ok(Self(Given::Token(Token::new(token)?)))
    }

    /// Uses a function that fetches a token when there is none, and five minutes before the last one expires. It runs
    /// on a thread of its own, one call at a time. A request waits for it no longer than its own timeout, and not at
    /// all while the last token is still valid. Give the function a time limit: it is not called again until it has
    /// returned.
    ///
    /// The message of a request that fails includes the function's error. `client_id` is the default of `sessionId`.
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
        let client_id = client_id.filter(|id| !id.trim().is_empty()).map(String::from);
        Self::from_sign_in(Box::new(Callback { client_id, fetch: Box::new(fetch) }))
    }

    /// How many chains are nested in one another here.
    pub(super) fn depth(&self) -> usize {
        match &self.0 {
            Given::Token(_) => 0,
            Given::SignIn(owner) => owner.0.sign_in.depth(),
        }
    }

    pub(super) fn from_sign_in(sign_in: Box<dyn SignIn>) -> Self {
        Self(Given::SignIn(Arc::new(Owner(Source::new(sign_in)))))
    }

    /// Signs in now, unless there is a valid token already, and blocks until the sign-in has ended. A program that
    /// signs a person in should call this first; otherwise the first request signs in.
    ///
    /// The call also waits while [`on_refresh_token`](crate::CredentialBuilder::on_refresh_token) stores a new refresh
    /// token. If that takes longer than `timeout`, or [`Credential::cancel`] is called meanwhile, the sign-in has still
    /// succeeded.
    ///
    /// # Errors
    /// The reason why there is no token. [`Status::Timeout`](crate::Status::Timeout) if it takes longer than `timeout`,
    /// [`Status::Cancelled`](crate::Status::Cancelled) after [`Credential::cancel`], and
    /// [`Status::WouldDeadlock`](crate::Status::WouldDeadlock) inside a callback.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use mgpresence::{AccessToken, Credential};
    ///
    /// let credential = Credential::from_fn(None, || Ok(AccessToken::new("eyJ0eXAi", None)));
    /// credential.sign_in(Duration::from_secs(120))?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn sign_in(&self, timeout: Duration) -> Result<(), Error> {
        runtime::block_on(async {
            let Given::SignIn(owner) = &self.0 else { return Ok(()) };
            let (deadline, cancelled) = (from_now(timeout), owner.0.cancelled());
            let token = timeout_at(deadline, self.token(&Wanted::default())).await;
            token.unwrap_or_else(|_| Err(AuthFailure::Late { after: timeout }.into()))?;
            tokio::select! {
                () = self.handed_over() => {}
                () = cancelled => {}
                () = sleep_until(deadline) => {}
            }
            Ok(())
        })?
    }

    /// Returns when the host has received each new refresh token.
    async fn handed_over(&self) {
        for job in self.handing_over() {
            let _ = job.end().await;
        }
    }

    pub(super) fn handing_over(&self) -> Vec<Job<()>> {
        match &self.0 {
            Given::Token(_) => Vec::new(),
            Given::SignIn(owner) => owner.0.sign_in.handing_over(),
        }
    }

    /// Cancels the sign-in that is under way, if there is one: every call that waits for it fails with
    /// [`Status::Cancelled`](crate::Status::Cancelled). The next request signs in again.
    pub fn cancel(&self) {
        if let Given::SignIn(owner) = &self.0 {
            owner.0.cancel();
        }
    }

    /// Logs the sign-ins since the last call.
    pub(crate) fn tell(&self, log: &Log) {
        if let Given::SignIn(owner) = &self.0 {
            owner.0.tell(log);
        }
    }

    /// The token to send now.
    pub(crate) async fn token(&self, wanted: &Wanted) -> Result<Token, Error> {
        match &self.0 {
            Given::Token(token) => Ok(token.clone()),
            Given::SignIn(owner) => owner.0.token(wanted, SystemTime::now()).await,
        }
    }

    /// What is known about the credential without fetching a token: kind, client id, tenant, account, scopes, roles,
    /// expiry.
    pub(crate) fn about(&self) -> Value {
        let owner = match &self.0 {
            Given::Token(token) => {
                let mut about = Claims::of(token).about();
                about["kind"] = "token".into();
                about["chain"] = Value::Null;
                return about;
            }
            Given::SignIn(owner) => owner,
        };
        let (source, identity) = (&owner.0, owner.0.sign_in.identity());
        let claims = source.kept().map(|token| Claims::of(&token)).unwrap_or_default();
        let mut about = claims.about();
        about["kind"] = identity.kind.into();
        about["chain"] = source.sign_in.chain();
        for (name, known) in [("clientId", identity.client_id), ("tenantId", identity.tenant_id)] {
            if about[name].is_null() {
                about[name] = json!(known);
            }
        }
        about
    }

    /// Whether the credential could provide a new token.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self.0, Given::SignIn(_))
    }

    /// The application of a token: the credential's client id, or else the one in the token.
    pub(crate) fn app_id(&self, token: &Token) -> Option<String> {
        let own = match &self.0 {
            Given::Token(_) => None,
            Given::SignIn(owner) => owner.0.sign_in.identity().client_id,
        };
        own.or_else(|| Claims::of(token).app_id())
    }

    /// Signs in on behalf of a chain, which keeps the token.
    pub(super) fn fetch(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        match &self.0 {
            Given::Token(token) => Ok(AccessToken::new(token.as_str(), None)),
            Given::SignIn(owner) => owner.0.fetch(attempt),
        }
    }

    pub(super) fn identity(&self) -> Identity {
        match &self.0 {
            Given::Token(_) => Identity { kind: "token", ..Identity::default() },
            Given::SignIn(owner) => owner.0.sign_in.identity(),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Given::Token(token) => f.debug_tuple("Credential").field(token).finish(),
            Given::SignIn(owner) => {
                f.debug_tuple("Credential").field(&owner.0.sign_in.identity()).finish()
            }
        }
    }
}
