//! The token endpoint of Microsoft Entra.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Url;
use zeroize::Zeroizing;

use super::attempt::Attempt;
use super::authority::Authority;
use super::challenge::with_capabilities;
use super::form::Form;
use super::network::Network;
use super::options::Options;
use super::refused::Refused;
use super::sign_in::Identity;
use super::{AccessToken, AuthFailure};
use crate::error::Error;
use crate::json::{Json, Object};
use crate::operation::Replay;
use crate::token::Secret;
use crate::transport::{HttpResponse, Peer};

/// An application at an authority.
#[derive(Clone)]
pub(super) struct Entra {
    pub(super) authority: Authority,
    pub(super) client_id: String,
    pub(super) options: Options,
}

/// The tokens of a successful sign-in.
pub(super) struct Grant {
    pub(super) token: AccessToken,
    pub(super) refresh_token: Option<Secret>,
}

/// A JSON body with secrets, which is wiped when it is dropped.
pub(super) struct Body {
    text: Zeroizing<String>,
    http_status: u16,
}

impl Entra {
    pub(super) fn new(
        options: &Options,
        tenant_id: String,
        client_id: String,
    ) -> Result<Self, Error> {
        let authority = Authority::new(options, tenant_id)?;
        Ok(Self { authority, client_id, options: options.clone() })
    }

    pub(super) fn identity(&self, kind: &'static str) -> Identity {
        let (client_id, tenant_id) = (&self.client_id, self.authority.tenant_id());
        Identity { kind, client_id: Some(client_id.clone()), tenant_id: Some(tenant_id.into()) }
    }

    /// A connection for one sign-in.
    pub(super) fn connect(&self) -> Result<Network, Error> {
        Network::new(Peer::LoginHost, self.authority.origin(), &self.options)
    }

    pub(super) fn token_url(&self) -> Result<Url, Error> {
        self.authority.endpoint("token")
    }

    /// Sends a form with a proof of identity to the token endpoint.
    pub(super) fn redeem(
        &self,
        attempt: &Attempt,
        network: &Network,
        form: Form,
        replay: Replay,
    ) -> Result<Result<Grant, Refused>, Error> {
        let form = form
            .with("client_id", &self.client_id)
            .with("claims", &with_capabilities(attempt.claims.as_deref()));
        let answer = self.post(attempt, network, &self.token_url()?, &form, replay)?;
        match answer {
            Ok(body) => Ok(Ok(body.grant(&self.authority.origin().to_string())?)),
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// Posts a form. A response that is not a success is a refusal.
    pub(super) fn post(
        &self,
        attempt: &Attempt,
        network: &Network,
        url: &Url,
        form: &Form,
        replay: Replay,
    ) -> Result<Result<Body, Refused>, Error> {
        let response = network.post(attempt, url, form, replay)?;
        if (200..=299).contains(&response.http_status) {
            return Ok(Ok(Body::of(response)));
        }
        let consent_url = self.authority.consent_url(&self.client_id);
        Ok(Err(Refused::by_entra(response, &self.client_id, &consent_url)))
    }

    /// Gets a token for a form, for a way to sign in where a refusal is final.
    pub(super) fn token(&self, attempt: &Attempt, form: Form) -> Result<AccessToken, Error> {
        let grant = self.redeem(attempt, &self.connect()?, form, Replay::Safe)?;
        Ok(grant.map_err(Refused::into_error)?.token)
    }
}

impl Body {
    pub(super) fn of(response: HttpResponse) -> Self {
        Self {
            text: Zeroizing::new(Arc::unwrap_or_clone(response.body)),
            http_status: response.http_status,
        }
    }

    pub(super) fn object(&self, from: &str) -> Result<Object<'_>, Error> {
        let object = Json::parse(&self.text).ok().and_then(Json::object);
        object.ok_or_else(|| self.not_understood(from))
    }

    /// The failure for a body without what was expected.
    pub(super) fn not_understood(&self, from: &str) -> Error {
        AuthFailure::NotUnderstood { from: from.into(), http_status: self.http_status }.into()
    }

    /// The tokens in a response. Numbers are JSON numbers from Entra, and strings from managed identities.
    pub(super) fn grant(&self, from: &str) -> Result<Grant, Error> {
        let object = self.object(from)?;
        let text = |name| object.text(name).map(Zeroizing::new).filter(|text| !text.is_empty());
        let number = |name| {
            let value = object.get(name)?;
            value.whole().or_else(|| value.text()?.parse().ok())
        };
        let token = text("access_token").ok_or_else(|| self.not_understood(from))?;
        let now = SystemTime::now();
        let after = |seconds| now.checked_add(Duration::from_secs(seconds));
        let end = number("expires_in").and_then(after).or_else(|| {
            let seconds = number("expires_on")?;
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
        });
        let token =
            AccessToken::new(token.as_str(), end).renewed_at(number("refresh_in").and_then(after));
        Ok(Grant { token, refresh_token: text("refresh_token").map(|text| Secret::new(&text)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::access_token::Kept;

    /// The result of a response with a body, and a status that no sign-in endpoint should use.
    fn grant(body: &str) -> Result<Grant, Error> {
        Body::of(HttpResponse::of(204, body)).grant("https://login.example")
    }

    fn life(body: &str) -> u64 {
        let grant = grant(body).unwrap();
        let now = SystemTime::now();
        let end = Kept::new(&grant.token, now).unwrap().end;
        (end.duration_since(now).unwrap().as_secs_f64()).round() as u64
    }

    #[test]
    fn an_expiry_is_a_number_or_a_text_and_relative_or_absolute() {
        let in_an_hour =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 3600;
        for (body, seconds) in [
            (r#"{"access_token": "x", "expires_in": 3599}"#.to_string(), 3599),
            (r#"{"access_token": "x", "expires_in": "86399"}"#.into(), 86399),
            (format!(r#"{{"access_token": "x", "expires_on": "{in_an_hour}"}}"#), 3600),
            (r#"{"access_token": "x", "expires_in": "soon"}"#.into(), 300),
        ] {
            assert!(life(&body).abs_diff(seconds) <= 1, "{body}");
        }
    }

    #[test]
    fn a_response_without_a_token_is_refused() {
        for body in ["", "<html>", "[]", "{}", r#"{"access_token": ""}"#, r#"{"access_token": 5}"#]
        {
            let error = grant(body).err().unwrap();
            assert!(error.to_string().contains("answered the sign-in (204)"), "{error}");
            assert_eq!(error.status(), crate::Status::SignIn, "{body}");
        }
    }
}
