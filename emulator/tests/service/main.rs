//! The emulator over real sockets, as its users meet it. Rules without a socket are tested beside the code.

mod assertion;
mod batch;
mod client;
mod control;
mod docs;
mod faults;
mod hostile;
mod https;
mod map;
#[path = "../../../tests/support/modules.rs"]
mod modules;
mod presence;
mod program;
mod set_presence;
mod sign_in;
mod state;
mod throttle;
mod update_presence;
