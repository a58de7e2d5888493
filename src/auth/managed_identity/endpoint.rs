//! An endpoint of this machine: plain http, on loopback or link-local, and never through a proxy.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue};

use super::machine::OfMachine;
use crate::auth::attempt::Attempt;
use crate::auth::entra::Body;
use crate::auth::network::{Network, Patience};
use crate::auth::refused::Refused;
use crate::auth::{AccessToken, AuthFailure};
use crate::error::Error;
use crate::token::Secret;
use crate::transport::{HttpResponse, Origin};

/// How long a connection within a machine may take. Where there is no such endpoint, that is how long it takes to learn.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Where a managed identity is asked.
pub(super) struct Endpoint {
    origin: Origin,
    path: String,
    /// `The identity endpoint of App Service`.
    pub(super) name: &'static str,
}

impl Endpoint {
    /// `variable`: where the URL comes from.
    pub(super) fn new(
        name: &'static str,
        variable: &'static str,
        url: &str,
    ) -> Result<Self, Error> {
        let fail = |reason: &str| {
            Error::from(AuthFailure::Field { name: variable, reason: reason.to_string() })
        };
        let parsed = Url::parse(url).map_err(|_| fail("is not a URL"))?;
        let origin = Origin::of_machine(&parsed).ok_or_else(|| {
            fail("is not http on this machine or its own network, and gets no secret")
        })?;
        let path = parsed[url::Position::BeforePath..url::Position::AfterQuery].to_string();
        Ok(Self { origin, path, name })
    }

    /// Asks once, for the machine's resource and identity.
    pub(super) fn get(
        &self,
        machine: &OfMachine,
        attempt: &Attempt,
        api_version: &str,
        headers: HeaderMap,
        secret: Option<&Secret>,
        patience: Patience,
    ) -> Result<HttpResponse, Error> {
        let mark = if self.path.contains('?') { '&' } else { '?' };
        let mut path = format!("{}{mark}api-version={api_version}&resource=", self.path);
        let plain = percent_encoding::NON_ALPHANUMERIC;
        let resource = machine.options.resource();
        path.extend(percent_encoding::utf8_percent_encode(&resource, plain));
        if let Some(id) = &machine.client_id {
            path.push_str("&client_id=");
            path.push_str(id); // an id needs no encoding
        }
        let url = self.origin.join(&path)?;
        let network = Network::direct(&self.origin, &machine.options, CONNECT_TIMEOUT)?;
        network.with_patience(patience).get(attempt, &url, headers, secret)
    }

    /// The token in an answer.
    pub(super) fn token(
        &self,
        machine: &OfMachine,
        response: HttpResponse,
    ) -> Result<AccessToken, Error> {
        match response.http_status {
            200 => Ok(Body::of(response).grant(self.name)?.token),
            _ => {
                let id = machine.client_id.as_deref().unwrap_or_default();
                Err(Refused::by(self.name, response, id).into_error())
            }
        }
    }
}

/// What tells an endpoint that a request was not forwarded from outside.
pub(super) fn metadata() -> HeaderMap {
    HeaderMap::from_iter([(
        reqwest::header::HeaderName::from_static("metadata"),
        HeaderValue::from_static("true"),
    )])
}
