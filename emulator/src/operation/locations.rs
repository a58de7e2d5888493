//! setManualLocation, setAutomaticLocation, clearLocation and clearAutomaticLocation.
//! <https://learn.microsoft.com/graph/api/presence-setmanuallocation>

use super::Call;
use crate::http::{Answer, GraphError, Outcome};
use crate::presence::{Layer, Location};

/// Sets a location. Only delegated permissions allow it.
pub(super) fn set_location(call: &mut Call<'_>, layer: Layer) -> Outcome {
    let body = call.body()?;
    let location = Location {
        work_location_type: body.required("workLocationType")?,
        place_id: body.string("placeId")?,
    };
    if !location.is_known_type() {
        return Err(GraphError::unconvertible(
            &location.work_location_type,
            "microsoft.graph.workLocationType",
        ));
    }
    let app = call.caller.app.clone();
    call.locatable_user()?.presence.set_location(layer, &app, location);
    Ok(done(call))
}

/// Clears locations; takes no body. clearLocation clears the manual and the automatic layer, clearAutomaticLocation
/// only the automatic one. The scheduled layer stays.
pub(super) fn clear_locations(call: &mut Call<'_>, layers: &[Layer]) -> Outcome {
    let presence = &mut call.locatable_user()?.presence;
    layers.iter().for_each(|layer| presence.clear_location(*layer));
    Ok(done(call))
}

/// The status of a success: the text of the documentation says 200, its examples 204.
fn done(call: &Call<'_>) -> Answer {
    Answer::empty(call.state.settings.location_status)
}
