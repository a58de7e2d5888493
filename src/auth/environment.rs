//! The variables of the environment: the process's own, or those that the caller gives instead.

use std::fmt;

/// Where variables are read. A host such as .NET keeps its own, which the process does not see.
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
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "given" } else { "the process's" })
    }
}
