//! JSON from outside, read leniently: a value is parsed only when it is asked for, and without recursion. A number that
//! is too large, half a surrogate pair or a thousand brackets in one property do not affect the others.
//!
//! `serde_json::Value` would fail as a whole for each of these. It also treats an object that begins with the private
//! key of `RawValue` as the JSON within that property, so that the value that is checked would differ from the one that
//! is sent.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

/// A value, as its JSON text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<'a>(&'a str);

/// The properties of an object, in order.
#[derive(Debug, Default)]
pub(crate) struct Object<'a>(Vec<(Text, &'a RawValue)>);

impl<'a> Json<'a> {
    /// Checks that a text is JSON. A byte order mark is skipped.
    pub(crate) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        let text = text.trim_start_matches('\u{feff}');
        serde_json::from_str::<&RawValue>(text).map(Self::from)
    }

    /// The JSON text of the value, unchanged.
    pub(crate) fn raw(self) -> &'a str {
        self.0
    }

    /// The type of the value, for messages.
    pub(crate) fn kind(self) -> &'static str {
        match self.0.as_bytes().first() {
            Some(b'{') => "a JSON object",
            Some(b'[') => "a JSON array",
            Some(b'"') => "a JSON string",
            Some(b't' | b'f') => "a JSON boolean",
            Some(b'n') => "null",
            _ => "a JSON number",
        }
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == "null"
    }

    pub(crate) fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    pub(crate) fn is_string(self) -> bool {
        self.0.starts_with('"')
    }

    pub(crate) fn is_number(self) -> bool {
        self.0.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        self.0.parse().ok()
    }

    /// An integer from 0 to `u64::MAX`.
    pub(crate) fn whole(self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// Any number. One that is too large becomes infinite.
    pub(crate) fn float(self) -> Option<f64> {
        self.is_number().then(|| self.0.parse().ok()).flatten()
    }

    /// A string. Half a surrogate pair is replaced by U+FFFD.
    pub(crate) fn text(self) -> Option<String> {
        let plain = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if !plain.contains('\\') {
            return Some(plain.into());
        }
        serde_json::from_str::<Text>(self.0).ok().map(|text| text.0)
    }

    pub(crate) fn items(self) -> Option<Vec<Self>> {
        let items: Vec<&RawValue> = serde_json::from_str(self.0).ok()?;
        Some(items.into_iter().map(Self::from).collect())
    }

    /// As [`each_item`]. Returns whether the value is an array.
    pub(crate) fn each(self, mut visit: impl FnMut(Self)) -> bool {
        let mut json = serde_json::Deserializer::from_str(self.0);
        each_item(&mut json, |item: &RawValue| visit(item.into())).is_ok()
    }

    pub(crate) fn object(self) -> Option<Object<'a>> {
        serde_json::from_str(self.0).ok()
    }

    /// The value as a `Value`; `None` if it contains something that a `Value` cannot represent, such as 1e400.
    pub(crate) fn value(self) -> Option<Value> {
        serde_json::from_str::<Plain>(self.0).ok().map(|plain| plain.0)
    }
}

impl<'a> From<&'a RawValue> for Json<'a> {
    fn from(raw: &'a RawValue) -> Self {
        Self(raw.get())
    }
}

impl<'a> Object<'a> {
    /// The property with a name. If the name occurs twice, the last one wins, as in every common parser.
    pub(crate) fn get(&self, name: &str) -> Option<Json<'a>> {
        self.0.iter().rev().find(|(other, _)| other.0 == name).map(|(_, raw)| Json::from(*raw))
    }

    /// The text of a property; `None` if it is not a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(Json::text)
    }

    /// A property that is an object; `None` if it is not one.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        self.get(name).and_then(Json::object)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.0.as_str())
    }
}

/// Visits the items of a JSON array, without a list of them.
pub(crate) fn each_item<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
    visit: impl FnMut(T),
) -> Result<(), D::Error> {
    struct Each<T, F>(F, PhantomData<fn() -> T>);

    impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Each<T, F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON array")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
            while let Some(item) = items.next_element()? {
                (self.0)(item);
            }
            Ok(())
        }
    }

    from.deserialize_seq(Each(visit, PhantomData))
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                Ok(Object(properties))
            }
        }

        from.deserialize_map(Properties)
    }
}

/// Appends a text to JSON, as a string.
pub(crate) fn push_string(json: &mut String, text: &str) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    match text.bytes().all(is_plain) {
        true => json.extend(["\"", text, "\""]),
        false => json.push_str(&Value::from(text).to_string()),
    }
}

/// A string. It is read as bytes, since it may contain half a surrogate pair.
#[derive(Debug)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }
        }

        from.deserialize_bytes(Bytes)
    }
}

/// A `Value` without a special meaning for any name. serde_json limits its depth.
struct Plain(Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Plain;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Plain, E> {
                Ok(Plain(Value::Null))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
                Ok(Plain(value.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
                Ok(Plain(number.into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
                Ok(Plain(number.into()))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Plain, E> {
                let number = Number::from_f64(number).ok_or(E::custom("no finite number"))?;
                Ok(Plain(number.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
                Ok(Plain(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Plain, A::Error> {
                let mut items = Vec::new();
                while let Some(Plain(item)) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Plain(items.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
                let mut properties = Map::new();
                while let Some((name, Plain(value))) = map.next_entry()? {
                    properties.insert(name, value);
                }
                Ok(Plain(properties.into()))
            }
        }

        from.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How serde_json marks its own raw values.
    const PRIVATE: &str = r#"{"$serde_json::private::RawValue": "{\"a\": 1}"}"#;

    fn object(text: &str) -> Object<'_> {
        Json::parse(text).unwrap().object().unwrap()
    }

    #[test]
    fn an_odd_value_does_not_affect_other_properties() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        for odd in ["1e400", r#""\ud800""#, &deep, PRIVATE] {
            let text = format!(r#"{{"before": "x", "odd": {odd}, "\udc00": 7, "after": true}}"#);
            let object = object(&text);
            assert_eq!(object.text("before").as_deref(), Some("x"));
            assert_eq!(object.get("after").and_then(Json::boolean), Some(true));
            assert_eq!(object.get("odd").map(Json::raw), Some(odd));
        }
    }

    #[test]
    fn every_kind_has_a_name() {
        let kinds = [
            ("{}", "a JSON object"),
            (" [1] ", "a JSON array"),
            ("\u{feff}\"x\"", "a JSON string"),
            ("true", "a JSON boolean"),
            ("null", "null"),
            ("-7e1", "a JSON number"),
        ];
        for (text, kind) in kinds {
            assert_eq!(Json::parse(text).unwrap().kind(), kind, "{text}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_a_whole_one_is_read() {
        let text = |json| Json::parse(json).unwrap().text().unwrap();
        assert!(text(r#""a\ud83d-""#).starts_with("a\u{fffd}"));
        assert_eq!(text(r#""\ud83d\ude00""#), "😀");
    }

    #[test]
    fn if_a_name_occurs_twice_the_last_one_wins() {
        let object = object(r#"{"a": 1, "a": 2}"#);
        assert_eq!(object.get("a").and_then(Json::whole), Some(2));
    }

    #[test]
    fn the_private_key_of_serde_json_is_a_name_like_any_other() {
        let object = object(PRIVATE);
        assert_eq!(object.names().collect::<Vec<_>>(), ["$serde_json::private::RawValue"]);
        let value = Json::parse(PRIVATE).unwrap().value().unwrap();
        assert_eq!(value["$serde_json::private::RawValue"], r#"{"a": 1}"#);
    }

    proptest! {
        #[test]
        fn a_value_is_read_as_serde_json_reads_it(text in r#"[\[\]{},:"\\a-f0-9.eEu+ -]{0,40}"#) {
            let theirs: Option<Value> = serde_json::from_str(&text).ok();
            let ours = Json::parse(&text).ok();
            prop_assert!(theirs.is_none() || ours.is_some());
            if let Some(theirs) = theirs {
                prop_assert_eq!(ours.unwrap().value(), Some(theirs));
            }
        }
    }
}
