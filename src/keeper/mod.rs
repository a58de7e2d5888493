//! Runs a keep-alive: gives its schedule the time, sends what it says through the client, and reports through the queue.

mod attempt;
mod clock;
mod driver;
mod failure;
mod handle;
mod options;
mod report;
mod roll;

pub use clock::TestClock;
pub use handle::KeepAlive;
pub use options::{KeepAliveOptions, KeepAliveStatus};
