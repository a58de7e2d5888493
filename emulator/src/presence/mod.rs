//! One user's presence in Graph, and the rules by which it changes with time. No I/O; the time is an argument.

mod location;
mod pair;
mod record;
mod session;
mod status_message;
mod windows_zones;

pub(crate) use location::{Layer, Location};
pub(crate) use pair::{PREFERRED, Pair, SESSION};
pub(crate) use record::{OutOfOffice, Presence, Written};
pub(crate) use session::{Preferred, Session, SessionKey};
pub(crate) use status_message::{Expiry, StatusMessage};
