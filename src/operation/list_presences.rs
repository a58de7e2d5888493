//! list presences: every presence that the caller may read, a page at a time.

use super::row::{Effect, Method, On, Returns, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row {
    is_action: false,
    method: Method::Get,
    returns: Returns::Presences,
    ..Row::new(
        Operation::ListPresences,
        "list presences",
        "list the tenant's presences",
        Effect::Read,
        On::Communications("/presences"),
    )
};

impl Request {
    /// Lists presences, one page at a time; see [`Request::next_page`]. <https://learn.microsoft.com/graph/api/presence-get>
    ///
    /// # Example
    /// ```
    /// use mgpresence::Request;
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let response = client.send(Request::list_presences().query("$top", "1"))?;
    /// assert_eq!(response.presences().len(), 1);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn list_presences() -> Self {
        Self::new(Operation::ListPresences, Target::Me)
    }

    /// Reads the page that the `nextLink` of a response points to. A link to another origin than the client's is
    /// refused.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Request;
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let mut response = client.send(Request::list_presences().query("$top", "1"))?;
    /// let mut count = response.presences().len();
    /// while let Some(link) = response.next_link() {
    ///     response = client.send(Request::next_page(link))?;
    ///     count += response.presences().len();
    /// }
    /// assert!(count > 1);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn next_page(next_link: &str) -> Self {
        Self { next_link: Some(next_link.into()), ..Self::list_presences() }
    }
}
