//! Operations with plain arguments, in the order of the header. Each creates a request and sends it.

mod support;

mod set_presence;

mod get_presence;

mod clear_presence;

mod user_preferred_presence;

mod status_message;

mod update_presence;

pub use clear_presence::*;
pub use get_presence::*;
pub use set_presence::*;
pub use status_message::*;
pub use update_presence::*;
pub use user_preferred_presence::*;
