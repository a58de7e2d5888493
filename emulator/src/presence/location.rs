//! Work locations in three layers. The highest layer with a location is shown.
//! <https://learn.microsoft.com/graph/api/resources/userworklocation>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The types that can be set. Only the documentation of December 2025 lists `unspecified`.
pub(crate) const TYPES: [&str; 4] = ["unspecified", "office", "remote", "timeOff"];

/// One signal about a user's work location.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location {
    pub(crate) work_location_type: String,
    #[serde(default)]
    pub(crate) place_id: Option<String>,
}

impl Location {
    pub(crate) fn is_known_type(&self) -> bool {
        TYPES.contains(&self.work_location_type.as_str())
    }
}

/// A layer that the API can write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Layer {
    Manual,
    Automatic,
    Scheduled,
}

/// The signals of all layers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Locations {
    manual: Option<Location>,
    /// One signal for each application, because several may detect a user's location.
    automatic: BTreeMap<String, Location>,
    scheduled: Option<Location>,
}

impl Locations {
    pub(crate) fn set(&mut self, layer: Layer, app: &str, location: Location) {
        match layer {
            Layer::Manual => self.manual = Some(location),
            Layer::Automatic => drop(self.automatic.insert(app.into(), location)),
            Layer::Scheduled => self.scheduled = Some(location),
        }
    }

    pub(crate) fn clear(&mut self, layer: Layer) {
        match layer {
            Layer::Manual => self.manual = None,
            Layer::Automatic => self.automatic.clear(),
            Layer::Scheduled => self.scheduled = None,
        }
    }

    /// The userWorkLocation that Graph computes: the manual location, otherwise the most precise automatic one,
    /// otherwise the scheduled one.
    pub(crate) fn shown(&self) -> Value {
        let automatic = self.automatic.values().max_by_key(|location| location.place_id.is_some());
        let layers = [
            ("manual", self.manual.as_ref()),
            ("automatic", automatic),
            ("scheduled", self.scheduled.as_ref()),
        ];
        match layers
            .into_iter()
            .find_map(|(source, location)| location.map(|location| (source, location)))
        {
            Some((source, Location { work_location_type, place_id })) => {
                json!({"placeId": place_id, "source": source, "workLocationType": work_location_type})
            }
            None => json!({"placeId": null, "source": "none", "workLocationType": "unspecified"}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layer, Location, Locations};

    fn at(kind: &str, place: Option<&str>) -> Location {
        Location { work_location_type: kind.into(), place_id: place.map(Into::into) }
    }

    #[test]
    fn manual_outranks_automatic_outranks_scheduled() {
        let mut locations = Locations::default();
        for (layer, source) in [
            (Layer::Scheduled, "scheduled"),
            (Layer::Automatic, "automatic"),
            (Layer::Manual, "manual"),
        ] {
            locations.set(layer, "app", at("office", None));
            assert_eq!(locations.shown()["source"], source);
        }
        for (layer, left) in [
            (Layer::Manual, "automatic"),
            (Layer::Automatic, "scheduled"),
            (Layer::Scheduled, "none"),
        ] {
            locations.clear(layer);
            assert_eq!(locations.shown()["source"], left);
        }
    }

    #[test]
    fn the_more_precise_automatic_signal_wins() {
        for (first, second) in [(None, Some("b25")), (Some("b25"), None)] {
            let mut locations = Locations::default();
            locations.set(Layer::Automatic, "one", at("office", first));
            locations.set(Layer::Automatic, "two", at("office", second));
            assert_eq!(locations.shown()["placeId"], "b25");
        }
    }
}
