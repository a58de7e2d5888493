//! What is asked for at the endpoints of a machine.

use crate::auth::options::Options;

pub(super) struct OfMachine {
    pub(super) options: Options,
    /// Which of several identities.
    pub(super) client_id: Option<String>,
}
