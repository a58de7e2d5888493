//! The identity endpoint of App Service, Functions and Container Apps.
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference>

use reqwest::header::HeaderMap;

use super::endpoint::Endpoint;
use super::machine::OfMachine;
use crate::auth::AccessToken;
use crate::auth::attempt::Attempt;
use crate::auth::network::{Patience, secret_header};
use crate::error::Error;
use crate::token::Secret;

const HEADER: &str = "IDENTITY_HEADER";

pub(super) fn token(
    machine: &OfMachine,
    attempt: &Attempt,
    url: &str,
) -> Result<AccessToken, Error> {
    let name = "The identity endpoint of App Service";
    let endpoint = Endpoint::new(name, "IDENTITY_ENDPOINT", url)?;
    let secret = Secret::new(&machine.options.environment.fill(name, HEADER, None)?);
    let mut headers = HeaderMap::new();
    headers.insert("x-identity-header", secret_header("", &secret, HEADER)?);
    let (version, secret) = ("2019-08-01", Some(&secret));
    let response = endpoint.get(machine, attempt, version, headers, secret, Patience::Usual)?;
    endpoint.token(machine, response)
}
