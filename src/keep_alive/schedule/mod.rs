//! Decides which presence is sent when: all of a keep-alive except its clock and its transport.
//!
//! A driver asks [`Schedule::poll`] what to send, and reports the outcome with [`Schedule::finished`]. The time is an
//! argument.

mod outcome;
mod state;
mod steps;
#[cfg(test)]
mod tests;

pub(crate) use outcome::Outcome;
pub(crate) use state::{MOST_IN_FLIGHT, Schedule};
pub(crate) use steps::Step;
