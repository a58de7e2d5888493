//! The domain, without I/O: what a presence is and which values Graph accepts.
//! <https://learn.microsoft.com/graph/cloud-communications-manage-presence-state>

mod activity;
mod availability;
pub(crate) mod duration;
pub(crate) mod effect;
pub(crate) mod ids;
mod invalid;
mod object;
pub(crate) mod pairs;
mod word;

pub use activity::Activity;
pub use availability::Availability;
pub(crate) use invalid::Invalid;
pub use object::{OutOfOffice, Presence, StatusMessage, WorkLocation};
