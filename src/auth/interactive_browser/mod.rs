//! Interactive browser: a person signs in on this machine, and the browser comes back with a code (PKCE).
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>,
//! <https://www.rfc-editor.org/rfc/rfc8252>

mod launch;
mod listener;
mod redirect;

use std::fmt;
use std::time::{Instant, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Url;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::callback::ask;
use super::challenge::with_capabilities;
use super::entra::Grant;
use super::form::Form;
use super::network::Network;
use super::options::Options;
use super::person::{AsksPerson, Kept, Person};
use super::prompt::{Prompt, Show};
use super::refused::Refused;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::{Error, LocalFailure};
use crate::job::Job;
use crate::operation::Replay;
use crate::token::Secret;
use listener::Listener;

/// Signs a person in with a browser; see [`Credential::interactive_browser`].
#[derive(Default)]
pub struct InteractiveBrowser {
    show: Option<Box<Show>>,
    opens_browser: bool,
    redirect_port: u16,
    login_hint: Option<String>,
    kept: Kept,
}

impl Credential {
    /// A person signs in with the browser of this machine. Say who opens the page: the library, with
    /// [`CredentialBuilder::open_browser`], or a function of yours, with [`CredentialBuilder::prompt`].
    ///
    /// The browser comes back to a port on loopback, `http://localhost`, which the application must have as a redirect URI of
    /// "Mobile and desktop applications". Tenant and client id have the defaults of Microsoft's own module: `organizations`
    /// and Microsoft Graph Command Line Tools. The person has [`CredentialBuilder::timeout`] to sign in. Afterwards a refresh
    /// token keeps them signed in.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::interactive_browser().open_browser().build()?; // opens nothing yet
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn interactive_browser() -> CredentialBuilder<InteractiveBrowser> {
        CredentialBuilder::of(InteractiveBrowser::default())
    }
}

impl CredentialBuilder<InteractiveBrowser> {
    /// A function that shows or opens the page. It runs on a thread of its own and returns at once; its error ends the
    /// sign-in.
    #[must_use]
    pub fn prompt(
        mut self,
        show: impl Fn(&Prompt) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.kind.show = Some(Box::new(show));
        self
    }

    /// The library opens the page, with the system's browser.
    #[must_use]
    pub fn open_browser(mut self) -> Self {
        self.kind.opens_browser = true;
        self
    }

    /// The port on loopback that the browser comes back to. The default is any that is free.
    #[must_use]
    pub fn redirect_port(mut self, port: u16) -> Self {
        self.kind.redirect_port = port;
        self
    }

    /// The account to sign in with, so that the person need not choose one.
    #[must_use]
    pub fn login_hint(mut self, account: impl Into<String>) -> Self {
        self.kind.login_hint = Some(account.into());
        self
    }
}

impl AsksPerson for InteractiveBrowser {
    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }
}

impl Way for InteractiveBrowser {
    fn sign_in(mut self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        if self.show.is_none() && !self.opens_browser {
            return Err(AuthFailure::Missing { name: "prompt" }.into());
        }
        let person = Person::new(options, std::mem::take(&mut self.kept))?;
        Ok(Box::new(ByBrowser { person, kind: self }))
    }
}

struct ByBrowser {
    person: Person,
    kind: InteractiveBrowser,
}

/// What ties a redirect to this sign-in, and the code to this process.
struct Proof {
    state: String,
    verifier: Secret,
    challenge: String,
}

impl SignIn for ByBrowser {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        self.person.token(attempt, |network, deadline| self.ask(attempt, network, deadline))
    }

    fn identity(&self) -> Identity {
        self.person.entra.identity("interactiveBrowser")
    }

    fn handing_over(&self) -> Vec<Job<()>> {
        self.person.handing_over()
    }
}

impl ByBrowser {
    fn ask(&self, attempt: &Attempt, network: &Network, deadline: Instant) -> Result<Grant, Error> {
        let listener = Listener::bind(self.kind.redirect_port)?;
        let (redirect_uri, proof) = (listener.redirect_uri(), Proof::new()?);
        let url = self.url(attempt, &redirect_uri, &proof)?;
        attempt.asks();
        self.show(url.as_str(), deadline)?;
        let code = listener.code(attempt, &proof.state, deadline, &self.person.entra.client_id)?;
        let form = Form::new("authorization_code")
            .with("redirect_uri", &redirect_uri)
            .with("scope", &self.person.scopes)
            .with("client_info", "1")
            .with_secret("code", &code)
            .with_secret("code_verifier", &proof.verifier);
        // A code is good once: a second try could only fail, and hide why the first one did.
        let grant = self.person.entra.redeem(attempt, network, form, Replay::Never)?;
        grant.map_err(Refused::into_error)
    }

    /// The page where the person signs in.
    fn url(&self, attempt: &Attempt, redirect_uri: &str, proof: &Proof) -> Result<Url, Error> {
        let entra = &self.person.entra;
        let mut url = entra.authority.endpoint("authorize")?;
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &entra.client_id)
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.person.scopes)
            .append_pair("state", &proof.state)
            .append_pair("code_challenge", &proof.challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("claims", &with_capabilities(attempt.claims.as_deref()));
        match &self.kind.login_hint {
            Some(account) => query.append_pair("login_hint", account),
            None => query.append_pair("prompt", "select_account"),
        };
        drop(query);
        Ok(url)
    }

    fn show(&self, url: &str, deadline: Instant) -> Result<(), Error> {
        if let Some(show) = &self.kind.show {
            let left = deadline.saturating_duration_since(Instant::now());
            let prompt = Prompt {
                message: format!("To sign in, open this page in a browser: {url}"),
                url: url.into(),
                user_code: None,
                expires: SystemTime::now() + left,
            };
            ask("its prompt callback", || show(&prompt))?;
        }
        match self.kind.opens_browser {
            true => launch::open(url),
            false => Ok(()),
        }
    }
}

impl Proof {
    fn new() -> Result<Self, Error> {
        let (state, verifier) = (random()?, Secret::new(&random()?));
        let hash = digest::digest(&digest::SHA256, verifier.as_str().as_bytes());
        Ok(Self { state, verifier, challenge: BASE64_URL_SAFE_NO_PAD.encode(hash) })
    }
}

/// 256 random bits, as 43 characters.
fn random() -> Result<String, Error> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| LocalFailure::Internal("the system gave no random numbers".into()))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

impl fmt::Debug for InteractiveBrowser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InteractiveBrowser")
            .field("opens_browser", &self.opens_browser)
            .field("redirect_port", &self.redirect_port)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_in_has_a_proof_of_its_own() {
        let (one, other) = (Proof::new().unwrap(), Proof::new().unwrap());
        assert_ne!(one.state, other.state);
        assert_ne!(one.verifier.as_str(), other.verifier.as_str());
        assert_eq!((one.state.len(), one.verifier.as_str().len()), (43, 43)); // RFC 7636 asks for 43 to 128
    }

    #[test]
    fn somebody_must_open_the_page() {
        let error = Credential::interactive_browser().build().unwrap_err();
        assert_eq!(error.status(), crate::Status::Option);
        assert!(error.to_string().contains("prompt"), "{error}");
    }
}
