//! The handle that a test holds, and what a test may choose before the start.

mod builder;
mod handle;

pub use builder::{Builder, StartError};
pub use handle::{Emulator, Length, Token};
