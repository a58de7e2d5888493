//! Requests, answers and Graph's errors as plain data. The sockets are in `server`.

mod error;
mod message;

pub(crate) use error::{GraphError, Outcome};
pub(crate) use message::{Answer, Headers, Request, body_value, decode, http_date};
