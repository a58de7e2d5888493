//! The handle that a Rust test holds, and the builder for its settings.

mod builder;
mod handle;
mod start_error;

pub use builder::Builder;
pub use handle::{Emulator, Length, Token};
pub use start_error::StartError;
