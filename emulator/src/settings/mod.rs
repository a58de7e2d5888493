//! What can be chosen before the start: by flag, in a scenario, or with a [`Builder`](crate::Builder).

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
