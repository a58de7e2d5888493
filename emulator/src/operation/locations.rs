//! setManualLocation, setAutomaticLocation, clearLocation, clearAutomaticLocation: one rule each for two layers.
//! <https://learn.microsoft.com/graph/api/presence-setmanuallocation>

use super::Call;
use crate::http::{Answer, GraphError, Outcome};
use crate::presence::{Layer, Location};

/// Delegated only: no application permission grants it.
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

/// Without a body. clearLocation takes both layers, clearAutomaticLocation one; neither touches the scheduled one.
pub(super) fn clear_locations(call: &mut Call<'_>, layers: &[Layer]) -> Outcome {
    let presence = &mut call.locatable_user()?.presence;
    layers.iter().for_each(|layer| presence.clear_location(*layer));
    Ok(done(call))
}

/// The pages' text says 200, their examples 204.
fn done(call: &Call<'_>) -> Answer {
    Answer::empty(call.state.settings.location_status)
}
