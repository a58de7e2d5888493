//! The target of an operation, and the version of Graph.

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

/// Whose presence an operation concerns. For an operation on the whole collection use [`Target::Me`].
/// ```
/// use mgpresence::Target;
///
/// assert_eq!(Target::user("AdeleV@contoso.example"), Target::User("AdeleV@contoso.example".into()));
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub enum Target {
    /// `/me/presence`: the user who signed in. The token must be a delegated one.
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

    /// The user, for messages.
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
    fn each_target_has_a_name_for_messages() {
        assert_eq!(Target::Me.subject(), "the signed-in user");
        assert_eq!(Target::user("adele").subject(), "adele");
        assert_eq!(Target::Communications("a1".into()).subject(), "a1");
    }
}
