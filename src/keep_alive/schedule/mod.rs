//! Which presence is sent when: the whole of a keep-alive without its clock and its transport.
//!
//! A driver asks [`Schedule::poll`] what to send, and says with [`Schedule::finished`] what came of it. Time is an argument.

mod outcome;
mod state;
mod steps;
#[cfg(test)]
mod tests;

pub(crate) use outcome::Outcome;
pub(crate) use state::{MOST_IN_FLIGHT, Schedule};
pub(crate) use steps::Step;
