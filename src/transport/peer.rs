//! Who answers, for what a failure advises.

/// Who is at an origin, which decides what a caller can change where it does not answer as it should.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Peer {
    Graph,
    LoginHost,
    GitHub,
    /// The endpoint of a managed identity.
    Machine,
}

impl Peer {
    /// What says where the origin is.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Self::Graph => "the base URL",
            Self::LoginHost => "the authority",
            Self::GitHub => "ACTIONS_ID_TOKEN_REQUEST_URL",
            Self::Machine => "the endpoint of the managed identity",
        }
    }
}
