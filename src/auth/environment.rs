//! Environment variables: the process's, or those that the caller sets instead.

use std::fmt;

use zeroize::Zeroizing;

use super::AuthFailure;
use crate::error::Error;
use crate::transport::{Origin, TransportFailure, proxy_named_by};

/// The source of environment variables. A host such as .NET has its own, which are not in the process environment.
#[derive(Clone, Default)]
pub(crate) struct Environment(Option<Vec<(String, Zeroizing<String>)>>);

impl Environment {
    pub(crate) fn given<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let own = |(name, value): (N, V)| (name.into(), Zeroizing::new(value.into()));
        Self(Some(variables.into_iter().map(own).collect()))
    }

    /// The value of a variable, if it is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.variable(name).filter(|value| !value.is_empty())
    }

    /// The caller's own proxy, or else the one that given variables name for an origin; `None` for that of the process or
    /// the system.
    pub(crate) fn proxy(
        &self,
        own: Option<String>,
        origin: &Origin,
    ) -> Result<Option<String>, TransportFailure> {
        match (&own, &self.0) {
            (None, Some(_)) => proxy_named_by(origin, |name| self.variable(name)),
            _ => Ok(own),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        match &self.0 {
            None => std::env::var(name).ok(),
            Some(given) => given.iter().find(|(it, _)| it == name).map(|(_, it)| it.to_string()),
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
