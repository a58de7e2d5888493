//! Environment variables: the process's, or those that the caller sets instead.

use std::fmt;

use super::AuthFailure;
use crate::error::Error;
use crate::transport::{Origin, TransportFailure, proxy_named_by};

/// The source of environment variables. A host such as .NET has its own, which are not in the process environment.
#[derive(Clone, Default)]
pub(crate) struct Environment(Option<Vec<(String, zeroize::Zeroizing<String>)>>);

impl Environment {
    pub(super) fn given(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables = variables.into_iter();
        Self(Some(variables.map(|(name, value)| (name, zeroize::Zeroizing::new(value))).collect()))
    }

    /// The value of a variable, if it is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = match &self.0 {
            None => std::env::var(name).ok(),
            Some(given) => given.iter().find(|(it, _)| it == name).map(|(_, it)| it.to_string()),
        };
        value.filter(|value| !value.is_empty())
    }

    /// The proxy that given variables name for an origin; `None` for that of the process or the system.
    pub(super) fn proxy(&self, origin: &Origin) -> Result<Option<String>, TransportFailure> {
        match self.0 {
            None => Ok(None),
            Some(_) => proxy_named_by(origin, |name| self.get(name)),
        }
    }

    /// A given value, or else a variable. Without either, fails because `what` is not set up.
    pub(super) fn fill(
        &self,
        what: &'static str,
        name: &'static str,
        given: Option<String>,
    ) -> Result<String, Error> {
        given.or_else(|| self.get(name)).ok_or_else(|| {
            let reason = format!("{name} is not set").into();
            AuthFailure::NotSetUp { what, reason }.into()
        })
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "given" } else { "the process's" })
    }
}
