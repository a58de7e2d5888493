//! A workflow of GitHub Actions signs in with the token that GitHub issues to it.
//! <https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect>

use reqwest::header::{AUTHORIZATION, HeaderMap};
use url::Url;

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::client_assertion::{checked, token};
use super::entra::{Body, Entra};
use super::network::{Network, secret_header};
use super::options::Options;
use super::refused::Refused;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;
use crate::token::Secret;
use crate::transport::{Origin, Peer};

/// Signs in a workflow; see [`Credential::github_actions`].
#[derive(Debug)]
pub struct GitHubActions(());

impl Credential {
    /// A workflow of GitHub Actions signs in as an application with a federated credential for its repository. The job
    /// needs the permission `id-token: write`. An empty tenant or client id defaults to `AZURE_TENANT_ID` or
    /// `AZURE_CLIENT_ID`, which is read at each sign-in.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::github_actions("contoso.com", "22553876-f5ab").build()?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn github_actions(tenant_id: &str, client_id: &str) -> CredentialBuilder<GitHubActions> {
        CredentialBuilder::of(GitHubActions(())).tenant_id(tenant_id).client_id(client_id)
    }
}

impl Way for GitHubActions {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        let mut options = options.clone();
        for id in [&mut options.tenant_id, &mut options.client_id] {
            *id = id.take().filter(|id| !id.is_empty());
        }
        if let (Some(tenant_id), Some(client_id)) =
            (options.tenant_id_if_given()?, options.client_id_if_given()?)
        {
            Entra::new(&options, tenant_id, client_id)?;
        }
        Ok(Box::new(InWorkflow(options)))
    }
}

struct InWorkflow(Options);

const NAME: &str = "GitHub Actions";

/// The audience that Entra requires of every issuer.
const AUDIENCE: &str = "api%3A%2F%2FAzureADTokenExchange";
const URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

impl SignIn for InWorkflow {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        let options = self.0.clone().with_ids_of_environment(NAME)?;
        let entra = Entra::new(&options, options.tenant_id()?, options.client_id()?)?;
        token(&entra, attempt, &self.assertion(attempt)?)
    }

    fn identity(&self) -> Identity {
        self.0.identity_in_environment("gitHubActions")
    }
}

impl InWorkflow {
    /// Asks GitHub for a token that names this workflow.
    fn assertion(&self, attempt: &Attempt) -> Result<Secret, Error> {
        let options = &self.0;
        let url = options.environment.fill(NAME, URL, None)?;
        let secret = Secret::new(&options.environment.fill(NAME, TOKEN, None)?);
        let (origin, url) = request_url(&url, options)?;
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, secret_header("Bearer ", &secret, TOKEN)?);
        let network = Network::new(Peer::GitHub, &origin, options)?;
        let response = network.get(attempt, &url, headers, Some(&secret))?;
        if response.http_status != 200 {
            return Err(Refused::by("GitHub", response, "").into_error());
        }
        let body = Body::of(response);
        let from = origin.to_string();
        let value = body.object(&from)?.text("value").map(zeroize::Zeroizing::new);
        checked(URL, &value.unwrap_or_default()).map_err(|_| body.not_understood(&from))
    }
}

/// The URL of the request, and its origin, the only one that receives the secret.
fn request_url(given: &str, options: &Options) -> Result<(Origin, Url), Error> {
    let fail =
        |reason: &str| Error::from(AuthFailure::Field { name: URL, reason: reason.to_string() });
    let mark = if given.contains('?') { '&' } else { '?' };
    let url = Url::parse(&format!("{given}{mark}audience={AUDIENCE}"));
    let url = url.map_err(|_| fail("is not a URL. Run this in a job of GitHub Actions"))?;
    let origin = Origin::new(&url.origin().ascii_serialization(), options.allow_loopback_http)
        .map_err(|_| fail("is not https. Run this in a job of GitHub Actions"))?;
    let url = origin.admit(url.as_str())?;
    Ok((origin, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_workflow_goes_to_its_https_url_only() {
        let options = Options::default();
        let url = |given| request_url(given, &options).map(|(_, url)| url.to_string());
        assert_eq!(
            url("https://pipelines.actions.githubusercontent.com/x/idtoken?api-version=2.0")
                .unwrap(),
            "https://pipelines.actions.githubusercontent.com/x/idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange"
        );
        for given in ["http://actions.example/?x", "nowhere", "https://me:pw@actions.example/"] {
            assert!(url(given).is_err(), "{given}");
        }
    }
}
