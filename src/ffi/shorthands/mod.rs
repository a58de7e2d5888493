//! The operations with plain arguments, in the order of the header: each makes a request and sends it.

mod set_presence;

mod get_presence;

mod clear_presence;

mod user_preferred_presence;

mod status_message;

mod update_presence;

pub use clear_presence::*;
pub use get_presence::*;
pub use set_presence::*;
pub use status_message::*;
pub use update_presence::*;
pub use user_preferred_presence::*;

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

/// Sends a request whose response the caller reads.
fn read(client: In<'_, mgp_client>, request: Request) -> Result<mgp_response, Error> {
    Ok(mgp_response::new(client.required("client")?.0.send(request)?))
}

/// Sends a request that has no response to read.
fn write(client: In<'_, mgp_client>, request: Request) -> Result<(), Error> {
    read(client, request).map(|_| ())
}
