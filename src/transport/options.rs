//! The options of a connection.

use std::fmt;
use std::time::Duration;

use super::{Origin, Peer};

/// The origin that a client connects to, and how it connects.
#[derive(Clone)]
pub(crate) struct HttpOptions {
    pub(crate) origin: Origin,
    pub(crate) peer: Peer,
    pub(crate) user_agent: String,
    /// `None` for the system's proxy, or none with plain http; `Some("")` for no proxy.
    pub(crate) proxy_url: Option<String>,
    pub(crate) ca_file: Option<String>,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_in_flight: u32,
}

/// Shows the origin only, since the URL of a proxy may contain a password.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions")
            .field("origin", &self.origin.to_string())
            .finish_non_exhaustive()
    }
}
