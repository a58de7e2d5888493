//! Requests, answers and Graph's errors as plain data. The sockets are in `server`.

mod error;
mod message;

pub(crate) use error::GraphError;
pub(crate) use message::{Answer, Headers, Outcome, Request, body_value, decode};
