//! What the shorthands share: reading arguments, and sending requests.

use super::super::args::{In, Text};
use super::super::client::mgp_client;
use super::super::response::mgp_response;
use crate::error::Error;
use crate::operation::Request;
use crate::operation::Target;
use crate::presence::{Activity, Availability};

pub(super) fn target(user_id: Text<'_>) -> Result<Target, Error> {
    Ok(user_id.optional("user_id")?.map_or(Target::Me, Target::user))
}

pub(super) fn pair(
    availability: Text<'_>,
    activity: Text<'_>,
) -> Result<(Availability, Activity), Error> {
    let availability = Availability::from(availability.required("availability")?);
    Ok((availability, Activity::from(activity.required("activity")?)))
}

pub(super) fn owned(text: Text<'_>, name: &'static str) -> Result<Option<String>, Error> {
    Ok(text.optional(name)?.map(String::from))
}

/// Sends a request whose response the caller reads.
pub(super) fn read(client: In<'_, mgp_client>, request: Request) -> Result<mgp_response, Error> {
    Ok(mgp_response::new(client.required("client")?.held().send(request)?))
}

/// Sends a request that has no response to read.
pub(super) fn write(client: In<'_, mgp_client>, request: Request) -> Result<(), Error> {
    read(client, request).map(|_| ())
}
