//! Everything that changes while the emulator runs.

mod journal;
mod sign_ins;
mod throttle;
mod world;

pub(crate) use journal::Journal;
pub use journal::Received;
pub(crate) use sign_ins::{Code, DEVICE_CODE_LIFE, Decision, SignIns};
pub(crate) use throttle::Throttle;
pub(crate) use world::World;
