//! The public API over a real socket to the emulator: one binary, a module per subject.

mod answers;
mod bad_input;
mod credential;
mod deadline;
mod map;
mod operations;
mod options;
mod queue;
mod readme;
mod retry;
mod support;
mod tls;
