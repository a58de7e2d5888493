//! Tokens that a test asks for: Entra's access tokens, or assertions of an external identity provider.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{ok, read};
use crate::http::Outcome;
use crate::state::State;
use crate::token::TokenRequest;

pub(super) fn mint(state: &mut State, body: Value) -> Outcome {
    let request: TokenRequest = read(body)?;
    ok(&json!({"token": state.mint(request)}))
}

/// An assertion that a federated credential without a public key accepts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Federated {
    issuer: String,
    subject: String,
    #[serde(default = "exchange_audience")]
    audience: String,
}

fn exchange_audience() -> String {
    "api://AzureADTokenExchange".into()
}

pub(super) fn assert(state: &mut State, body: Value) -> Outcome {
    let Federated { issuer, subject, audience } = read(body)?;
    ok(&json!({"assertion": state.assertion(&issuer, &subject, &audience)}))
}
