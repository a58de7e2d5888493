//! The domain, without I/O: what a presence is and which values Graph accepts.
//! <https://learn.microsoft.com/graph/cloud-communications-manage-presence-state>

mod activity;
mod availability;
pub(crate) mod duration;
pub(crate) mod id;
pub(crate) mod invalid_duration;
mod object;
pub(crate) mod pairs;
pub(crate) mod visibility;
mod word;

pub use activity::Activity;
pub use availability::Availability;
pub use object::{OutOfOffice, Presence, StatusMessage, WorkLocation};
