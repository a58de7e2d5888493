//! The handle that a test holds, and what a test may choose before the start.

mod builder;
mod handle;
mod start_error;

pub use builder::Builder;
pub use handle::{Emulator, Length, Token};
pub use start_error::StartError;
