//! A body as its writer gave it: what no rule touches goes out byte for byte, in its order.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Invalid;
use crate::json::{Json, push_string};

/// The longest body that is sent, in bytes: the ids of a million users and room to spare.
const LONGEST: usize = 64 * 1024 * 1024;

/// A JSON object whose properties are read only where a rule asks for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(Vec<(String, Box<RawValue>)>);

impl Body {
    /// Reads JSON text; what is JSON and no object is a refusal of its own.
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

    /// One of this library's own bodies, of any length.
    pub(crate) fn of(body: &impl Serialize) -> Self {
        let json = serde_json::to_string(body).expect("our bodies are plain data");
        serde_json::from_str(&json).expect("our bodies are objects")
    }

    /// Refuses a body that is too long to be sent.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        check_length(self.size())
    }

    /// How long its texts are, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.iter().map(|(name, raw)| name.len() + raw.get().len()).sum()
    }

    /// A property as it stands in the body.
    pub(crate) fn property(&self, name: &str) -> Option<Json<'_>> {
        let (_, raw) = self.0.iter().find(|(other, _)| other == name)?;
        Some(Json::from(&**raw))
    }

    /// The names of the properties, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A property in memory; one that cannot be represented there, such as 1e400, counts as null.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        self.property(name).map(|json| json.value().unwrap_or_default())
    }

    /// Sets a property; a new one stands last.
    pub(crate) fn set(&mut self, name: &str, value: &Value) {
        let raw = RawValue::from_string(value.to_string()).expect("a Value is JSON");
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, place)) => *place = raw,
            None => self.0.push((name.into(), raw)),
        }
    }

    /// The same body without any other property.
    pub(crate) fn only(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other == name);
        self
    }

    /// The text that is sent.
    pub(crate) fn to_json(&self) -> String {
        self.write(None)
    }

    /// The same text with one property set to a string; a new one stands last.
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

/// Where a body has a name already.
#[derive(Default)]
struct Places(HashMap<String, usize>);

impl Places {
    /// A name is compared with the few of an ordinary body, and hashed where someone has sent thousands.
    fn of(&mut self, name: &str, properties: &[(String, Box<RawValue>)]) -> Option<usize> {
        const FEW: usize = 16;
        if properties.len() < FEW {
            return properties.iter().position(|(other, _)| other == name);
        }
        for (place, (other, _)) in properties.iter().enumerate().skip(self.0.len()) {
            self.0.insert(other.clone(), place);
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
                let mut places = Places::default();
                while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
                    // Of a name given twice the last counts, as with every reader; what was checked is what is sent.
                    match places.of(&name, &body.0) {
                        Some(place) => body.0[place] = (name, raw),
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
    /// What an operation's rules make of a body, or what they say against it.
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
        match Operation::SetPresence.row().body {
            crate::operation::row::BodyRule::Required { rules, .. } => rules(body).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_no_rule_touches_goes_out_byte_for_byte_in_its_order() {
        let given = r#"{"z": [1e400,  12345678901234567890123, -0.10, 1E5], "availability": "busy", "activity": "InACall", "": {"\u00fc": null}}"#;
        let mut body = Body::parse(given).unwrap();
        check(&mut body);
        assert_eq!(
            body.to_json(),
            r#"{"z":[1e400,  12345678901234567890123, -0.10, 1E5],"availability":"Busy","activity":"InACall","":{"\u00fc": null}}"#
        );
    }

    #[test]
    fn of_a_name_given_twice_the_last_is_checked_and_sent() {
        let given = r#"{"availability":"Busy","activity":"Away","availability":"Away"}"#;
        let mut body = Body::parse(given).unwrap();
        check(&mut body);
        assert_eq!(body.to_json(), r#"{"availability":"Away","activity":"Away"}"#);
    }

    #[test]
    fn of_many_names_each_has_the_place_of_its_first_and_the_value_of_its_last() {
        for count in [1_u32, 15, 16, 17, 40] {
            let named = |offset: u32| (0..count).map(move |n| format!(r#""n{n}":{}"#, n + offset));
            let given = named(0).chain(named(100)).collect::<Vec<_>>().join(",");
            let expected = named(100).collect::<Vec<_>>().join(",");
            let body = Body::parse(&format!("{{{given}}}")).unwrap();
            assert_eq!(body.to_json(), format!("{{{expected}}}"), "{count}");
        }
    }

    #[test]
    fn a_property_that_is_set_takes_its_place_or_the_last_one() {
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
    fn an_object_that_looks_like_serde_jsons_own_is_what_it_is() {
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
    fn a_body_longer_than_any_real_one_is_refused_unread() {
        let long = "[".repeat(LONGEST + 1);
        let text = Body::parse(&long).unwrap_err().to_string();
        assert_eq!(
            text,
            "The body has 67108865 bytes, and at most 67108864 are sent. Send less at a time."
        );
        let raw = RawValue::from_string(format!("\"{}\"", "x".repeat(LONGEST))).unwrap();
        assert!(Body(vec![("a".into(), raw)]).check().is_err());
    }
}
