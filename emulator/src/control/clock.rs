//! The control API for the clock.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{ok, read};
use crate::http::{GraphError, Outcome};
use crate::state::State;
use crate::time::duration;

/// If several are given, the time is set first, then advanced, and then the scale is changed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    set: Option<Timestamp>,
    advance: Option<Length>,
    scale: Option<f64>,
}

/// An ISO 8601 duration such as `"PT5M"`, or a number of seconds.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Length {
    Seconds(f64),
    Text(String),
}

impl Length {
    fn duration(&self) -> Result<SignedDuration, GraphError> {
        let length = match self {
            Self::Seconds(seconds) => SignedDuration::try_from_secs_f64(*seconds).ok(),
            Self::Text(text) => duration::parse(text),
        };
        let given = match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Text(text) => format!("{text:?}"),
        };
        length.ok_or_else(|| {
            GraphError::bad_request(format!(
                "advance {given} is not a length of time; write \"PT5M\", or 300 for seconds."
            ))
        })
    }
}

pub(super) fn shown(state: &State) -> Value {
    json!({"now": state.now(), "scale": state.clock.scale()})
}

pub(super) fn change(state: &mut State, body: &Value) -> Outcome {
    let change: Change = read(body.clone())?;
    let advance = change.advance.map(|length| length.duration()).transpose()?;
    if change.scale.is_some_and(|scale| !scale.is_finite() || scale < 0.0) {
        return Err(GraphError::bad_request(
            "scale is negative or not finite; write how many emulated seconds pass in one second, 0 or more.",
        ));
    }
    change.set.into_iter().for_each(|time| state.clock.set(time));
    advance.into_iter().for_each(|length| state.clock.advance(length));
    change.scale.into_iter().for_each(|scale| state.clock.set_scale(scale));
    ok(&shown(state))
}
