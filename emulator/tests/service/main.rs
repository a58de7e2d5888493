//! The emulator over real sockets, as its users meet it. Rules without a socket are tested beside the code.

mod client;
mod control;
mod faults;
mod presence;
mod program;
mod set_presence;
mod update_presence;
