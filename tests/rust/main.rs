//! The public API over a real socket to the emulator: one binary, a module per subject.

mod answers;
mod bad_input;
mod bulk;
mod credential;
mod deadline;
mod explained;
mod guard;
mod http;
mod keep_alive;
mod map;
#[path = "../support/modules.rs"]
mod modules;
mod operations;
mod options;
mod queue;
mod readme;
mod retry;
mod sign_in;
mod sign_in_course;
mod sign_in_machine;
mod sign_in_person;
mod sign_in_secrets;
mod source;
mod support;
mod tls;
