//! The settings: flags, keys of a scenario, and methods of [`Builder`](crate::Builder).

mod file;
mod flags;
mod limit;
mod saved_state;
mod seconds;
mod stage;
mod users_file;

pub use flags::Settings;
pub(crate) use limit::Limit;
pub(crate) use saved_state::SavedState;
pub(crate) use seconds::Seconds;
pub(crate) use stage::{ClientAtStart, Users};
