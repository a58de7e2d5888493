//! What each Graph operation sends and returns, without I/O: one file per operation, which has its row, its body, the
//! rules of its body and its constructor. <https://learn.microsoft.com/graph/api/resources/presence#methods>
//!
//! `docs/architecture.md` lists the files that a new operation touches.

mod body;
mod check;
pub(crate) mod content;
mod headers;
mod invalid;
mod location;
mod name;
mod path;
mod property;
mod request;
mod row;
mod split_ids;
mod table;
mod target;
mod write_presence;

mod clear_automatic_location;
mod clear_location;
mod clear_presence;
mod clear_user_preferred_presence;
mod count_presences;
mod create_presence;
mod delete_presence;
mod get_presence;
mod get_presences_by_user_id;
mod list_presences;
mod set_automatic_location;
mod set_manual_location;
mod set_presence;
mod set_status_message;
mod set_user_preferred_presence;
mod update_presence;

pub use clear_presence::ClearPresence;
pub use get_presences_by_user_id::GetPresencesByUserId;
pub use location::SetLocation;
pub use name::Operation;
pub use request::Request;
pub use set_presence::SetPresence;
pub use set_status_message::SetStatusMessage;
pub use set_user_preferred_presence::SetUserPreferredPresence;
pub use target::{ApiVersion, Target};
pub use write_presence::WritePresence;

pub(crate) use check::Checked;
pub(crate) use invalid::Invalid;
pub(crate) use row::{Effect, Method, On, Replay, Row};
pub(crate) use split_ids::{Order, Part, Plan, is_split, merge};
