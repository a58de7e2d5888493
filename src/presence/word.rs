//! A set of words that Graph may extend. Known words are variants; any other word is kept unchanged.

/// Defines an enum of Graph's words. Reading one ignores case and never fails.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[expect(missing_docs, reason = "the words are Graph's own")]
        #[non_exhaustive]
        pub enum $name {
            $($word,)+
            Other(Box<str>),
        }

        impl $name {
            /// The word as Graph writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => stringify!($word),)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case(stringify!($word)) {
                    return Self::$word;
                })+
                Self::Other(word.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<'de, str>::deserialize(from)?;
                Ok(Self::from(word.as_ref()))
            }
        }
    };
}

pub(crate) use words;
