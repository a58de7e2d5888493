//! setUserPreferredPresence: what a user wants to be seen as; outranks every session.
//! <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>

use serde::Serialize;

use super::body::{check_expiration, check_pair};
use crate::body::Body;
use crate::presence::duration::Range;
use crate::presence::{Activity, Availability, Invalid, pairs};

/// A preferred presence. It shows only while the user has at least one live session. Answer: nothing.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetUserPreferredPresence {
    /// With `activity` one of Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away, Offline/OffWork.
    pub availability: Availability,
    /// See `availability`.
    pub activity: Activity,
    /// Graph takes a day for Busy and DoNotDisturb and seven days for the others when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<String>,
}

pub(super) fn rules(body: &mut Body) -> Result<(), Invalid> {
    check_pair(body, &pairs::PREFERRED)?;
    check_expiration(body, Range::Any)
}
