//! The trait that every way to sign in implements.

use std::fmt;

use serde_json::Value;

use super::AccessToken;
use super::attempt::Attempt;
use crate::error::Error;
use crate::job::Job;
use crate::quoted::Quoted;

/// One way to sign in.
pub(crate) trait SignIn: Send + Sync {
    /// Fetches a token. It may block, since it runs on a thread of its own, one call at a time for each credential.
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error>;

    fn identity(&self) -> Identity;

    /// Jobs that end when the host has received each new refresh token.
    fn handing_over(&self) -> Vec<Job<()>> {
        Vec::new()
    }

    /// How many chains are nested in one another here; 0 for other ways to sign in.
    fn depth(&self) -> usize {
        0
    }

    /// The result of each link of a chain; null for other ways to sign in.
    fn chain(&self) -> Value {
        Value::Null
    }
}

/// What is known about a way to sign in before it has fetched a token.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Identity {
    /// The kind in `mgp_credential_about_json`, such as `clientSecret`.
    pub(super) kind: &'static str,
    pub(super) client_id: Option<String>,
    pub(super) tenant_id: Option<String>,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        let id = self.client_id.as_deref().map(Quoted);
        id.map_or(Ok(()), |id| write!(f, " of client {id}"))
    }
}
