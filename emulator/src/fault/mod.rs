//! Faults by rule: which requests, how often, and what goes wrong. The rule decides; the server does.

mod answer;
mod armed;
mod glob;
mod rule;

pub(crate) use armed::Faults;
pub(crate) use rule::Seen;
pub use rule::{Fault, FaultKind};
