//! Faults by rule: which requests, how often, and what goes wrong. The rule decides, and the server carries it out.

mod active;
mod answer;
mod glob;
mod rule;

pub(crate) use active::Faults;
pub(crate) use rule::Candidate;
pub use rule::{Fault, FaultKind};
