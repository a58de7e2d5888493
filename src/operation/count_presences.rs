//! count presences: how many presences the caller may read.

use super::row::{Effect, Method, On, Returns, Row};
use super::{Operation, Request, Target};

pub(super) const ROW: Row = Row {
    is_action: false,
    method: Method::Get,
    returns: Returns::Count,
    ..Row::new(
        Operation::CountPresences,
        "count presences",
        "count the tenant's presences",
        Effect::Read,
        On::Communications("/presences/$count"),
    )
};

impl Request {
    /// Counts presences.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Request;
    /// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
    /// # let (_emulator, client) = doctest::emulated();
    ///
    /// let response = client.send(Request::count_presences())?;
    /// assert!(response.count().unwrap() > 1);
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn count_presences() -> Self {
        Self::new(Operation::CountPresences, Target::Me)
    }
}
