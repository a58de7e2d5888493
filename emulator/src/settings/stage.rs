//! The users at the start, and their signed-in Teams clients.

use serde::Deserialize;
use serde_json::Value;

use super::{file, users_file};
use crate::directory::NewUser;

/// The users at the start.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) enum Users {
    /// The default users adele, alex, megan and lidia.
    #[default]
    Default,
    /// This many users with made-up names.
    MadeUp(usize),
    /// The listed users.
    Listed(Vec<NewUser>),
}

/// The form in a scenario: a number, or a list of users.
impl TryFrom<Value> for Users {
    type Error = String;

    fn try_from(given: Value) -> Result<Self, Self::Error> {
        let read = match given {
            Value::Array(_) => Vec::deserialize(given).map(Self::Listed),
            _ => usize::deserialize(given).map(Self::MadeUp),
        };
        read.map_err(|error| error.to_string())
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
        users_file::parse(&file::read(path)?).map(Self::Listed)
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
