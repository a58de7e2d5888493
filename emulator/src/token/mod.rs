//! Tokens: their claims, their creation, and the caller that they identify.

mod caller;
mod claims_challenge;
mod id_token;
mod jwt;
mod mint;
mod scopes;

pub(crate) use caller::Caller;
pub(crate) use claims_challenge::{ClaimsChallenge, values};
pub(crate) use id_token::{IdToken, Issue, client_info};
pub(crate) use jwt::{Claims, SigningKey};
pub(crate) use mint::TokenRequest;
pub(crate) use scopes::{ScopeError, Scopes};
