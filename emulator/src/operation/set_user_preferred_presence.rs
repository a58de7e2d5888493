//! POST .../presence/setUserPreferredPresence: the user's own choice, above every session.
//! <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>

use jiff::{SignedDuration, Timestamp};

use super::{Call, body::Body};
use crate::http::{Answer, GraphError, Outcome};
use crate::presence::{PREFERRED, Preferred};

/// Succeeds even without a session. The user then stays Offline until a session exists.
pub(super) fn set_user_preferred_presence(call: &mut Call<'_>) -> Outcome {
    let preferred = preferred(&call.body()?, call.state.settings.any_case, call.now)?;
    call.writable_user()?.presence.prefer(preferred);
    Ok(Answer::empty(200))
}

fn preferred(body: &Body, any_case: bool, now: Timestamp) -> Result<Preferred, GraphError> {
    let pair =
        body.pair()?.in_table(&PREFERRED, any_case).ok_or_else(GraphError::unsupported_pair)?;
    let expiration = body.duration("expirationDuration")?;
    // No range is documented, but a preference cannot end before it starts.
    if expiration.is_some_and(|expiration| expiration <= SignedDuration::ZERO) {
        return Err(GraphError::expiration_out_of_range());
    }
    Ok(Preferred::new(pair, now, expiration))
}
