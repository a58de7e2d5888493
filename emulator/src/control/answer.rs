//! Reading of bodies and common answers, shared by the handlers of the control API.

use serde_json::Value;

use crate::http::{Answer, GraphError, Outcome};

pub(super) fn one_or_many<T: serde::de::DeserializeOwned>(
    body: Value,
) -> Result<Vec<T>, GraphError> {
    let items = match body {
        Value::Array(items) => items,
        item => vec![item],
    };
    items.into_iter().map(read).collect()
}

pub(super) fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, GraphError> {
    serde_json::from_value(body).map_err(|error| GraphError::bad_request(error.to_string()))
}

pub(super) fn ok(body: &Value) -> Outcome {
    Ok(Answer::json(200, body))
}

/// The answer of a handler that cannot fail and returns nothing.
pub(super) fn no_content(effect: impl FnOnce()) -> Outcome {
    effect();
    Ok(Answer::empty(204))
}

pub(super) fn no_content_if(is_found: bool) -> Outcome {
    if is_found { no_content(|| ()) } else { Err(GraphError::not_found("Nothing has that id.")) }
}
