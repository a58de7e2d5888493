//! Whose presence an operation is about, and which version of Graph answers.

/// Which of Graph's two versions to use. The numbers are those of the C ABI.
/// ```
/// use mgpresence::{ApiVersion, Request, Target};
///
/// let request = Request::get_presence(Target::Me).api_version(ApiVersion::Beta);
/// assert_eq!(ApiVersion::default(), ApiVersion::V1_0);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[repr(i32)]
pub enum ApiVersion {
    /// `/v1.0`, which Microsoft supports in production.
    #[default]
    V1_0 = 0,
    /// `/beta`, which Microsoft does not support in production.
    Beta = 1,
}

/// Whose presence an operation is about. Operations on the whole collection take [`Target::Me`].
/// ```
/// use mgpresence::Target;
///
/// assert_eq!(Target::user("AdeleV@contoso.example"), Target::User("AdeleV@contoso.example".into()));
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub enum Target {
    /// `/me/presence`: the user of a delegated token.
    #[default]
    Me,
    /// `/users/{id}/presence`: an object id or a user principal name.
    User(String),
    /// `/communications/presences/{id}`: an object id.
    Communications(String),
}

impl Target {
    /// A user by object id or user principal name.
    pub fn user(id: impl Into<String>) -> Self {
        Self::User(id.into())
    }

    /// The user for texts.
    pub(crate) fn subject(&self) -> &str {
        match self {
            Self::Me => "the signed-in user",
            Self::User(id) | Self::Communications(id) => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_user_that_it_is_about() {
        assert_eq!(Target::Me.subject(), "the signed-in user");
        assert_eq!(Target::user("adele").subject(), "adele");
        assert_eq!(Target::Communications("a1".into()).subject(), "a1");
    }
}
