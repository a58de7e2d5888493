//! Environment variables: the process's, or those that the caller sets instead.

use std::fmt;

use zeroize::Zeroizing;

use super::AuthFailure;
use crate::error::Error;
use crate::transport::{Origin, PROXY_VARIABLES, TransportFailure, proxy_named_by};

/// The source of environment variables. A host such as .NET has its own, which are not in the process environment.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    given: Option<Variables>,
    /// What the process had when its proxies were read.
    proxies: Variables,
}

type Variables = Vec<(String, Zeroizing<String>)>;

impl Environment {
    pub(crate) fn given<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let own = |(name, value): (N, V)| (name.into(), Zeroizing::new(value.into()));
        let given = variables.into_iter().map(own).collect();
        Self { given: Some(given), proxies: Variables::new() }
    }

    /// The value of a variable, if it is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.variable(name).filter(|value| !value.is_empty())
    }

    /// Reads the proxies that the process's variables name, for all that follows: a program may remove them once it has
    /// started, so that its children do not inherit a password.
    pub(crate) fn read_proxies(&mut self) {
        // A URL that is not Unicode is refused later, as every other one that cannot be used.
        let read = |name: &&str| {
            let value = std::env::var_os(name)?.into_string();
            let value = value.unwrap_or_else(|it| it.to_string_lossy().into_owned());
            Some(((*name).into(), value.into()))
        };
        self.proxies = PROXY_VARIABLES.iter().filter_map(read).collect();
    }

    /// The caller's own proxy, or else the one that the variables name for an origin; `None` for that of the system.
    pub(crate) fn proxy(
        &self,
        own: Option<String>,
        origin: &Origin,
    ) -> Result<Option<String>, TransportFailure> {
        match own {
            Some(_) => Ok(own),
            None => {
                let variables = self.given.as_ref().unwrap_or(&self.proxies);
                proxy_named_by(
                    origin,
                    |name| find(variables, name),
                    |name| find(&self.proxies, name),
                )
            }
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.given.as_ref().map_or_else(|| std::env::var(name).ok(), |given| find(given, name))
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

fn find(variables: &Variables, name: &str) -> Option<String> {
    variables.iter().find(|(it, _)| it == name).map(|(_, value)| value.to_string())
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.given.is_some() { "given" } else { "the process's" })
    }
}
