//! How a client connects.

use std::fmt;
use std::time::Duration;

use super::{Origin, Peer};

/// Where a client connects to, and how.
#[derive(Clone)]
pub(crate) struct HttpOptions {
    pub(crate) origin: Origin,
    pub(crate) peer: Peer,
    pub(crate) user_agent: String,
    /// `None`: the system's, but none for plain http; `Some("")`: none.
    pub(crate) proxy_url: Option<String>,
    pub(crate) ca_file: Option<String>,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_in_flight: u32,
}

/// By hand: the URL of a proxy may hold a password.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions")
            .field("origin", &self.origin.to_string())
            .finish_non_exhaustive()
    }
}
