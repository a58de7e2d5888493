//! What every way to sign in provides.

use std::fmt;

use serde_json::Value;

use super::AccessToken;
use super::attempt::Attempt;
use crate::error::Error;
use crate::job::Job;
use crate::quoted::Quoted;

/// One way to sign in.
pub(crate) trait SignIn: Send + Sync {
    /// Fetches a token. Runs on a thread of its own, one call at a time for each credential, so that it may block.
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error>;

    fn identity(&self) -> Identity;

    /// What ends when the host has been told of each new refresh token.
    fn handing_over(&self) -> Vec<Job<()>> {
        Vec::new()
    }

    /// What each link of a chain did; null for other ways.
    fn chain(&self) -> Value {
        Value::Null
    }
}

/// What is known of a way to sign in before it has brought a token.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Identity {
    /// `clientSecret`, as `mgp_credential_about_json` shows it.
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
