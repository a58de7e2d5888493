//! Faults: each rule states which requests fail, how often, and how. The server carries the fault out.

mod active;
mod answer;
mod glob;
mod rule;

pub(crate) use active::Faults;
pub(crate) use rule::{Candidate, check_status};
pub use rule::{Fault, FaultKind};
