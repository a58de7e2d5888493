//! Runs a keep-alive: passes the time to its schedule, sends requests through the client, and reports events to the
//! queue.

mod attempt;
mod clock;
mod driver;
mod failure;
mod handle;
mod options;
mod registry;
mod report;

pub use clock::TestClock;
pub use handle::KeepAlive;
pub use options::{KeepAliveOptions, KeepAliveStatus};
