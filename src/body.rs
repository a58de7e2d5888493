//! A body as its writer gave it: what no rule touches goes out byte for byte, in its order.

use std::collections::HashMap;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::operation::Rules;
use crate::presence::Invalid;

/// A JSON object whose properties are read only where a rule asks for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(Vec<(String, Box<RawValue>)>);

impl Body {
    /// Reads JSON text; what is JSON and no object is a refusal of its own.
    pub(crate) fn parse(json: &str, action: &'static str) -> Result<Self, Invalid> {
        let syntax = |error: serde_json::Error| Invalid::BodySyntax {
            line: error.line(),
            column: error.column(),
        };
        let raw: &RawValue = serde_json::from_str(json).map_err(syntax)?;
        let given = match raw.get().as_bytes().first() {
            Some(b'{') => return serde_json::from_str(json).map_err(syntax),
            Some(b'[') => "a JSON array",
            Some(b'"') => "a JSON string",
            Some(b't' | b'f') => "a JSON boolean",
            Some(b'n') => "null",
            _ => "a JSON number",
        };
        Err(Invalid::BodyKind { given, action })
    }

    /// A property; one that this library cannot represent, such as 1e400, counts as null.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        let (_, raw) = self.0.iter().find(|(other, _)| other == name)?;
        Some(read(raw))
    }

    /// Sets a property; a new one stands last.
    pub(crate) fn set(&mut self, name: &str, value: &Value) {
        let raw = RawValue::from_string(value.to_string()).expect("a Value is JSON");
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, place)) => *place = raw,
            None => self.0.push((name.into(), raw)),
        }
    }

    /// Applies the rules of an operation; what they bring into Graph's spelling is set.
    pub(crate) fn apply(&mut self, rules: Rules) -> Result<(), Invalid> {
        let read = |(name, raw): &(String, Box<RawValue>)| (name.clone(), read(raw));
        let given: Map<String, Value> = self.0.iter().map(read).collect();
        let mut checked = given.clone();
        rules(&mut checked)?;
        for (name, value) in &checked {
            if given.get(name) != Some(value) {
                self.set(name, value);
            }
        }
        Ok(())
    }

    /// How long its texts are, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.iter().map(|(name, raw)| name.len() + raw.get().len()).sum()
    }

    /// The text that is sent.
    pub(crate) fn to_json(&self) -> String {
        let property = |(name, raw): &(String, Box<RawValue>)| {
            format!("{}:{}", Value::from(name.as_str()), raw.get())
        };
        format!("{{{}}}", self.0.iter().map(property).collect::<Vec<_>>().join(","))
    }
}

fn read(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = Body;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
                let mut body = Body::default();
                let mut places = HashMap::new();
                while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
                    // Of a name given twice the last counts, as with every reader; what was checked is what is sent.
                    match places.get(&name) {
                        Some(&place) => body.0[place] = (name, raw),
                        None => {
                            places.insert(name.clone(), body.0.len());
                            body.0.push((name, raw));
                        }
                    }
                }
                Ok(body)
            }
        }

        from.deserialize_map(Properties)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    fn rules() -> Rules {
        match Operation::SetPresence.row().body {
            crate::operation::Body::Required { rules, .. } => rules,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_no_rule_touches_goes_out_byte_for_byte_in_its_order() {
        let given = r#"{"z": [1e400,  12345678901234567890123, -0.10, 1E5], "availability": "busy", "activity": "InACall", "": {"\u00fc": null}}"#;
        let mut body = Body::parse(given, "x").unwrap();
        body.apply(rules()).unwrap();
        assert_eq!(
            body.to_json(),
            r#"{"z":[1e400,  12345678901234567890123, -0.10, 1E5],"availability":"Busy","activity":"InACall","":{"\u00fc": null}}"#
        );
    }

    #[test]
    fn of_a_name_given_twice_the_last_is_checked_and_sent() {
        let given = r#"{"availability":"Busy","activity":"Away","availability":"Away"}"#;
        let mut body = Body::parse(given, "x").unwrap();
        body.apply(rules()).unwrap();
        assert_eq!(body.to_json(), r#"{"availability":"Away","activity":"Away"}"#);
    }

    #[test]
    fn a_property_that_is_set_takes_its_place_or_the_last_one() {
        let mut body = Body::parse(r#"{"a": 1, "b": 2}"#, "x").unwrap();
        body.set("a", &"x".into());
        body.set("c", &Value::Null);
        assert_eq!(body.to_json(), r#"{"a":"x","b":2,"c":null}"#);
    }
}
