//! What each Graph operation sends and returns, without I/O.
//! <https://learn.microsoft.com/graph/api/resources/presence#methods>
//!
//! A new operation is a row of [`table`] and, where it has a body, a file with the body's rules.

mod body;
mod clear_presence;
mod get_presences_by_user_id;
mod path;
mod set_location;
mod set_presence;
mod set_status_message;
mod set_user_preferred_presence;
mod table;
mod write_presence;

pub use clear_presence::ClearPresence;
pub use get_presences_by_user_id::GetPresencesByUserId;
pub use path::{ApiVersion, Target};
pub use set_location::SetLocation;
pub use set_presence::SetPresence;
pub use set_status_message::SetStatusMessage;
pub use set_user_preferred_presence::SetUserPreferredPresence;
pub use table::Operation;
pub use write_presence::WritePresence;

pub(crate) use path::{check_headers, path_and_query};
pub(crate) use table::{Answer, Body, Method, On, Replay, Row};
