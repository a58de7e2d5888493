//! The operations with plain arguments, for callers who need no more: they make a request and send it.

mod location;
mod object;
mod preferred;
mod read;
mod session;
mod status_message;

pub use location::*;
pub use object::*;
pub use preferred::*;
pub use read::*;
pub use session::*;
pub use status_message::*;

use super::args::{In, Text};
use super::client::mgp_client;
use super::response::mgp_response;
use crate::error::Error;
use crate::operation::Target;
use crate::presence::{Activity, Availability};
use crate::request::Request;

fn target(user_id: Text<'_>) -> Result<Target, Error> {
    Ok(user_id.optional("user_id")?.map_or(Target::Me, Target::user))
}

fn pair(availability: Text<'_>, activity: Text<'_>) -> Result<(Availability, Activity), Error> {
    let availability = Availability::from(availability.required("availability")?);
    Ok((availability, Activity::from(activity.required("activity")?)))
}

fn owned(text: Text<'_>, name: &'static str) -> Result<Option<String>, Error> {
    Ok(text.optional(name)?.map(String::from))
}

/// Sends a request whose answer the caller reads.
fn read(client: In<'_, mgp_client>, request: Request) -> Result<mgp_response, Error> {
    Ok(mgp_response::new(client.required("client")?.0.send(request)?))
}

/// Sends a request whose answer is nothing.
fn write(client: In<'_, mgp_client>, request: Request) -> Result<(), Error> {
    read(client, request).map(|_| ())
}
