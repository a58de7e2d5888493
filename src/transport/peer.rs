//! Which kind of server is at an origin, for the advice of a failure.

/// The kind of server at an origin. It decides which setting the caller should check when the server does not answer as
/// expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Peer {
    Graph,
    LoginHost,
    GitHub,
    /// The endpoint of a managed identity.
    Machine,
}

impl Peer {
    /// The setting that determines the origin.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Self::Graph => "the base URL",
            Self::LoginHost => "the authority",
            Self::GitHub => "ACTIONS_ID_TOKEN_REQUEST_URL",
            Self::Machine => "the endpoint of the managed identity",
        }
    }
}
