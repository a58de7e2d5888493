//! The body of a request. Properties that no rule changes are sent byte for byte, in the order in which they were
//! given.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Invalid;
use crate::json::{Json, push_string};

/// The longest body that is sent, in bytes: more than the ids of a million users need.
const LONGEST: usize = 64 * 1024 * 1024;

/// A JSON object whose properties are parsed only when a rule asks for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(Vec<(String, Box<RawValue>)>);

impl Body {
    /// Parses JSON text. Text that is not JSON, and JSON that is not an object, are different errors.
    pub(crate) fn parse(json: &str) -> Result<Self, Invalid> {
        check_length(json.len())?;
        let syntax = |error: serde_json::Error| Invalid::BodySyntax {
            line: error.line(),
            column: error.column(),
        };
        if json.trim_ascii_start().starts_with('{') {
            return serde_json::from_str(json).map_err(syntax);
        }
        let other: &RawValue = serde_json::from_str(json).map_err(syntax)?;
        Err(Invalid::BodyKind { given: Json::from(other).kind() })
    }

    /// Serializes one of this library's own bodies, however long.
    pub(crate) fn of(body: &impl Serialize) -> Self {
        let json = serde_json::to_string(body).expect("our bodies are plain data");
        serde_json::from_str(&json).expect("our bodies are objects")
    }

    /// Refuses a body that is too long to be sent.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        check_length(self.size())
    }

    /// The length of all names and values, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.iter().map(|(name, raw)| name.len() + raw.get().len()).sum()
    }

    /// A property, as the JSON text that was given.
    pub(crate) fn property(&self, name: &str) -> Option<Json<'_>> {
        let (_, raw) = self.0.iter().find(|(other, _)| other == name)?;
        Some(Json::from(&**raw))
    }

    /// The names of the properties, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A property as a `Value`; null if a `Value` cannot represent it, such as 1e400.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        self.property(name).map(|json| json.value().unwrap_or_default())
    }

    /// Replaces a property, or appends a new one.
    pub(crate) fn set(&mut self, name: &str, value: &Value) {
        let raw = RawValue::from_string(value.to_string()).expect("a Value is JSON");
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, current)) => *current = raw,
            None => self.0.push((name.into(), raw)),
        }
    }

    /// The same body with one property only.
    pub(crate) fn only(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other == name);
        self
    }

    /// The JSON text that is sent.
    pub(crate) fn to_json(&self) -> String {
        self.write(None)
    }

    /// The JSON text with one property replaced by a string, or appended.
    pub(crate) fn to_json_with(&self, name: &str, value: &str) -> String {
        self.write(Some((name, value)))
    }

    fn write(&self, set: Option<(&str, &str)>) -> String {
        let added = set.filter(|(name, _)| !self.names().any(|other| other == *name));
        let mut json = String::with_capacity(self.size() + 8 * self.0.len() + 64);
        let mut before = '{';
        for (name, raw) in &self.0 {
            json.push(before);
            before = ',';
            push_string(&mut json, name);
            json.push(':');
            match set.filter(|(other, _)| other == name) {
                Some((_, value)) => push_string(&mut json, value),
                None => json.push_str(raw.get()),
            }
        }
        if let Some((name, value)) = added {
            json.push(before);
            push_string(&mut json, name);
            json.push(':');
            push_string(&mut json, value);
        }
        json.push_str(if self.0.is_empty() && added.is_none() { "{}" } else { "}" });
        json
    }
}

fn check_length(length: usize) -> Result<(), Invalid> {
    if length > LONGEST { Err(Invalid::BodyTooLong { length, limit: LONGEST }) } else { Ok(()) }
}

/// Finds the position of a property by name while a body is parsed.
#[derive(Default)]
struct Positions(HashMap<String, usize>);

impl Positions {
    /// An ordinary body has few properties, whose names are compared. With thousands of properties, names are hashed.
    fn of(&mut self, name: &str, properties: &[(String, Box<RawValue>)]) -> Option<usize> {
        const FEW: usize = 16;
        if properties.len() < FEW {
            return properties.iter().position(|(other, _)| other == name);
        }
        for (position, (other, _)) in properties.iter().enumerate().skip(self.0.len()) {
            self.0.insert(other.clone(), position);
        }
        self.0.get(name).copied()
    }
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
                let mut positions = Positions::default();
                while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
                    // If a name is given twice, the last value wins, as in every common parser. Only that one is
                    // checked and sent.
                    match positions.of(&name, &body.0) {
                        Some(position) => body.0[position] = (name, raw),
                        None => body.0.push((name, raw)),
                    }
                }
                Ok(body)
            }
        }

        from.deserialize_map(Properties)
    }
}

#[cfg(test)]
impl Body {
    /// The body after an operation's rules have been applied, or the message of the rule that refused it.
    pub(super) fn checked(
        body: &serde_json::Value,
        rules: impl FnOnce(&mut Self) -> Result<(), Invalid>,
    ) -> Result<serde_json::Value, String> {
        let mut body = Self::of(body);
        rules(&mut body).map_err(|invalid| invalid.to_string())?;
        Ok(serde_json::from_str(&body.to_json()).unwrap())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    fn check(body: &mut Body) {
        match Operation::SetUserPreferredPresence.row().body {
            crate::operation::row::BodyRule::Required { rules, .. } => rules(body).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn properties_that_no_rule_changes_are_sent_byte_for_byte_in_order() {
        let given = r#"{"z": [1e400,  12345678901234567890123, -0.10, 1E5], "availability": "busy", "activity": "Busy", "": {"\u00fc": null}}"#;
        let mut body = Body::parse(given).unwrap();
        check(&mut body);
        assert_eq!(
            body.to_json(),
            r#"{"z":[1e400,  12345678901234567890123, -0.10, 1E5],"availability":"Busy","activity":"Busy","":{"\u00fc": null}}"#
        );
    }

    #[test]
    fn if_a_name_is_given_twice_the_last_value_is_checked_and_sent() {
        let given = r#"{"availability":"Busy","activity":"Away","availability":"Away"}"#;
        let mut body = Body::parse(given).unwrap();
        check(&mut body);
        assert_eq!(body.to_json(), r#"{"availability":"Away","activity":"Away"}"#);
    }

    #[test]
    fn a_repeated_name_keeps_its_first_position_and_its_last_value() {
        for count in [1_u32, 15, 16, 17, 40] {
            let named = |offset: u32| (0..count).map(move |n| format!(r#""n{n}":{}"#, n + offset));
            let given = named(0).chain(named(100)).collect::<Vec<_>>().join(",");
            let expected = named(100).collect::<Vec<_>>().join(",");
            let body = Body::parse(&format!("{{{given}}}")).unwrap();
            assert_eq!(body.to_json(), format!("{{{expected}}}"), "{count}");
        }
    }

    #[test]
    fn a_property_is_replaced_in_place_and_a_new_one_is_appended() {
        let mut body = Body::parse(r#"{"a": 1, "b": 2}"#).unwrap();
        body.set("a", &"x".into());
        body.set("c", &Value::Null);
        assert_eq!(body.to_json(), r#"{"a":"x","b":2,"c":null}"#);
        assert_eq!(body.to_json_with("b", "y"), r#"{"a":"x","b":"y","c":null}"#);
        assert_eq!(body.to_json_with("d", "y"), r#"{"a":"x","b":2,"c":null,"d":"y"}"#);
        let empty = Body::default();
        assert_eq!(
            (empty.to_json(), empty.to_json_with("a", "")),
            ("{}".into(), r#"{"a":""}"#.into())
        );
    }

    #[test]
    fn the_private_key_of_serde_json_is_an_ordinary_property() {
        let given = r#"{"sessionId":{"$serde_json::private::RawValue":"\"a\""}}"#;
        let body = Body::parse(given).unwrap();
        assert_eq!(body.property("sessionId").unwrap().kind(), "a JSON object");
        assert!(body.get("sessionId").unwrap().is_object());
        assert_eq!(body.to_json(), given);
    }

    #[test]
    fn the_size_of_a_body_is_that_of_its_names_and_values() {
        assert_eq!(Body::parse(r#"{"": 1, "name": "value"}"#).unwrap().size(), 1 + 4 + 7);
    }

    #[test]
    fn a_body_that_is_too_long_is_refused_without_parsing() {
        let long = "[".repeat(LONGEST + 1);
        let text = Body::parse(&long).unwrap_err().to_string();
        assert_eq!(text, "The body has 67108865 bytes. Send at most 67108864 bytes at a time.");
        let raw = RawValue::from_string(format!("\"{}\"", "x".repeat(LONGEST))).unwrap();
        assert!(Body(vec![("a".into(), raw)]).check().is_err());
    }
}
