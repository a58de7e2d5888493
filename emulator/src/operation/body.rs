//! Request bodies: JSON objects whose fields are read by name and type. Unknown fields are ignored.

use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::{GraphError, Request};
use crate::presence::Pair;
use crate::time::duration;

/// A parsed body.
pub(crate) struct Body(Map<String, Value>);

impl Body {
    pub(crate) fn of(request: &Request) -> Result<Self, GraphError> {
        if request.body.is_empty() {
            return Err(GraphError::bad_request("Empty Payload. JSON content expected."));
        }
        let is_json = request.header("content-type").is_some_and(|value| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .eq_ignore_ascii_case("application/json")
        });
        match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) if is_json => Ok(Self(fields)),
            _ => Err(GraphError::unreadable_body()),
        }
    }

    /// A string; `None` if it is null or absent.
    pub(crate) fn string(&self, field: &str) -> Result<Option<String>, GraphError> {
        self.typed(field, "Edm.String")
    }

    /// A string that must be present and not empty.
    pub(crate) fn required(&self, field: &str) -> Result<String, GraphError> {
        let value = self.string(field)?.filter(|value| !value.is_empty());
        value.ok_or_else(|| GraphError::field_required(&pascal_case(field)))
    }

    pub(crate) fn pair(&self) -> Result<Pair, GraphError> {
        Ok(Pair {
            availability: self.required("availability")?,
            activity: self.required("activity")?,
        })
    }

    pub(crate) fn duration(&self, field: &str) -> Result<Option<SignedDuration>, GraphError> {
        let Some(text) = self.string(field)? else { return Ok(None) };
        duration::parse(&text)
            .map(Some)
            .ok_or_else(|| unconvertible(&Value::String(text), "Edm.Duration"))
    }

    /// A value of type `T`; `None` if it is null or absent. `name` is OData's name of the type, for the error.
    pub(crate) fn typed<T: DeserializeOwned>(
        &self,
        field: &str,
        name: &str,
    ) -> Result<Option<T>, GraphError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(value).map(Some).map_err(|_| unconvertible(value, name)),
        }
    }

    /// Whether the field is present, even if it is null.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }
}

fn unconvertible(value: &Value, name: &str) -> GraphError {
    let literal = value.as_str().map_or_else(|| value.to_string(), Into::into);
    GraphError::unconvertible(&literal, name)
}

fn pascal_case(field: &str) -> String {
    let mut letters = field.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
