//! The users at the start, and their signed-in Teams clients.

use serde::Deserialize;

use super::users_file;
use crate::directory::NewUser;

/// The users at the start.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Given")]
pub(crate) enum Users {
    /// The default users adele, alex, megan and lidia.
    #[default]
    Default,
    /// This many users with made-up names.
    MadeUp(usize),
    /// The listed users.
    Listed(Vec<NewUser>),
}

/// The form in a scenario.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Count(usize),
    Listed(Vec<NewUser>),
}

impl From<Given> for Users {
    fn from(given: Given) -> Self {
        match given {
            Given::Count(count) => Self::MadeUp(count),
            Given::Listed(users) => Self::Listed(users),
        }
    }
}

impl Users {
    /// A number of users, or the path of a file that lists them.
    pub(crate) fn from_argument(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(count) => Ok(Self::MadeUp(count)),
            Err(_) => Self::from_file(text),
        }
    }

    pub(crate) fn from_file(path: impl AsRef<std::path::Path>) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        users_file::parse(&text).map(Self::Listed)
    }
}

/// A Teams client that is signed in at the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientAtStart {
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) availability: String,
    pub(crate) activity: String,
}
