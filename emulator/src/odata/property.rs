//! The properties that query options may name.

use crate::http::GraphError;

/// The properties of a presence that `$select`, `$orderby` and `$filter` may name.
const PROPERTIES: [&str; 7] = [
    "id",
    "availability",
    "activity",
    "outOfOfficeSettings",
    "statusMessage",
    "workLocation",
    "sequenceNumber",
];

/// Finds a property by name. As in Graph, letter case does not matter.
pub(super) fn property(name: &str) -> Result<String, GraphError> {
    let known = PROPERTIES.iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
    known.map(|known| (*known).to_owned()).ok_or_else(|| {
        GraphError::bad_request(format!(
            "Could not find a property named '{}' on type 'microsoft.graph.presence'.",
            name.trim()
        ))
    })
}
