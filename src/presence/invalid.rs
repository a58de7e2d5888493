//! Why a request is refused before a byte is sent: one variant per rule, all texts in one place.

use std::fmt;

use super::duration::{self, Fault, Length, Range};
use super::ids;
use super::pairs::Pairs;
use crate::body;
use crate::text::Short;

/// A value that Graph would refuse, or that would change where the request goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Invalid {
    Pair { availability: Box<str>, activity: Box<str>, pairs: &'static Pairs },
    Duration { given: Box<str>, fault: Fault, range: Range },
    SessionIdMissing { action: &'static str },
    SessionIdEmpty,
    Id { given: Box<str>, fault: &'static str },
    BodyTooLong { length: usize },
    BodySyntax { line: usize, column: usize },
    BodyKind { given: &'static str, action: &'static str },
    BodyMissing { action: &'static str, properties: &'static str },
    BodyNotTaken { action: &'static str },
    Missing { property: &'static str, action: &'static str, way_out: String },
    Kind { property: &'static str, given: &'static str, wanted: &'static str },
    Value { property: &'static str, given: Box<str>, way_out: &'static str },
    Header { name: Box<str>, fault: &'static str },
    TooManyHeaders { count: usize, limit: usize },
    HeadersTooLong { length: usize, limit: usize },
    Query { name: Box<str>, fault: &'static str },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pair { availability, activity, pairs } => {
                let (availability, activity) = (Short(availability), Short(activity));
                let action = pairs.action;
                write!(f, "{availability}/{activity} is not a pair that {action} accepts; ")?;
                pairs.advise(f, availability.0, activity.0)
            }
            Self::Duration { given, fault, range } => duration_text(f, given, *fault, *range),
            Self::SessionIdMissing { action } => write!(
                f,
                "{action} needs a sessionId and the token names no application; give the \
                 application's client id as sessionId"
            ),
            Self::SessionIdEmpty => {
                f.write_str("sessionId is empty; give the application's client id, or leave it out")
            }
            Self::Id { given, fault } => write!(
                f,
                "user id \"{}\" {fault}; use an object id or a user principal name, at most {} bytes",
                Short(given),
                ids::LONGEST
            ),
            Self::BodyTooLong { length } => {
                write!(f, "the body has {length} bytes; at most {} are sent", body::LONGEST)
            }
            Self::BodySyntax { line, column } => {
                write!(
                    f,
                    "the body is not JSON at line {line}, column {column}; give a JSON object"
                )
            }
            Self::BodyKind { given, action } => {
                write!(f, "the body is {given}; {action} takes a JSON object")
            }
            Self::BodyMissing { action, properties } => {
                write!(f, "{action} needs a body with {properties}")
            }
            Self::BodyNotTaken { action } => {
                write!(f, "{action} takes no body; leave it out")
            }
            Self::Missing { property, action, way_out } => {
                write!(f, "{action} needs {property}; {way_out}")
            }
            Self::Kind { property, given, wanted } => {
                write!(f, "{property} is {given}; it takes {wanted}")
            }
            Self::Value { property, given, way_out } => {
                write!(
                    f,
                    "{property} \"{}\" is not a value that Graph takes; {way_out}",
                    Short(given)
                )
            }
            Self::Header { name, fault } => write!(f, "header \"{}\" {fault}", Short(name)),
            Self::TooManyHeaders { count, limit } => {
                write!(f, "the request has {count} headers; give at most {limit}")
            }
            Self::HeadersTooLong { length, limit } => {
                write!(f, "the headers have {length} bytes; give at most {limit} in all")
            }
            Self::Query { name, fault } => write!(f, "query option \"{}\" {fault}", Short(name)),
        }
    }
}

fn duration_text(
    f: &mut fmt::Formatter<'_>,
    given: &str,
    fault: Fault,
    range: Range,
) -> fmt::Result {
    let shown = Short(given);
    match fault {
        Fault::TooMuchText => write!(
            f,
            "expirationDuration \"{shown}\" is too long; write at most {} characters, such as PT1H",
            duration::LONGEST_TEXT
        ),
        Fault::Syntax => {
            write!(f, "expirationDuration \"{shown}\" is not an ISO 8601 duration; ")?;
            match duration::guess(given) {
                Some(meant) => range.advise(f, meant),
                None => f.write_str(&with_unit(given, range)),
            }
        }
        Fault::Fraction => write!(
            f,
            "expirationDuration {shown} has a fraction finer than a nanosecond; write at most nine \
             digits after the point"
        ),
        Fault::Negative => {
            write!(f, "expirationDuration {shown} is negative; ")?;
            let positive = Length::parse(given.trim_start_matches('-'));
            range.advise(f, positive.unwrap_or_default())
        }
        Fault::Calendar => write!(
            f,
            "expirationDuration {shown} counts years, months or weeks, which Graph does not read; \
             use days, hours, minutes and seconds"
        ),
        Fault::TooLong => write!(
            f,
            "expirationDuration {shown} is longer than any clock runs; write one of hours or days"
        ),
        Fault::Nothing | Fault::OutsideSession => {
            let rule = match fault {
                Fault::Nothing => "no time at all",
                _ => "outside PT5M to PT4H",
            };
            write!(f, "expirationDuration {shown} is {rule}; ")?;
            range.advise(f, Length::parse(given).unwrap_or_default())
        }
    }
}

/// What to write for a number without a unit, of the units with which the action takes it; else what a duration looks
/// like.
fn with_unit(given: &str, range: Range) -> String {
    let write = |(unit, name)| {
        let duration = format!("PT{given}{unit}");
        range.parse(&duration).is_ok().then(|| format!("{duration} for {name}"))
    };
    let ways: Vec<_> = [("M", "minutes"), ("S", "seconds")].into_iter().filter_map(write).collect();
    match ways.is_empty() {
        true => "write PT1H for an hour, PT30M for 30 minutes".into(),
        false => format!("it has no unit: write {}", ways.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(given: &str, range: Range) -> Option<String> {
        let fault = range.parse(given).err()?;
        Some(Invalid::Duration { given: given.into(), fault, range }.to_string())
    }

    #[test]
    fn a_refused_duration_names_the_value_the_rule_and_the_way_out() {
        let table = [
            ("1h", "expirationDuration \"1h\" is not an ISO 8601 duration; write PT1H"),
            ("90 min", "expirationDuration \"90 min\" is not an ISO 8601 duration; write PT1H30M"),
            ("01:00:00", "expirationDuration \"01:00:00\" is not an ISO 8601 duration; write PT1H"),
            (
                "60",
                "expirationDuration \"60\" is not an ISO 8601 duration; it has no unit: write \
                 PT60M for minutes",
            ),
            (
                "banana",
                "expirationDuration \"banana\" is not an ISO 8601 duration; write PT1H for an \
                 hour, PT30M for 30 minutes",
            ),
            (
                "PT4M",
                "expirationDuration PT4M is outside PT5M to PT4H; use PT5M and renew, or leave it \
                 out for Graph's 5 minutes",
            ),
            (
                "PT10H",
                "expirationDuration PT10H is outside PT5M to PT4H; use PT4H and renew, or leave \
                 it out for Graph's 5 minutes",
            ),
            (
                "P1Y",
                "expirationDuration P1Y counts years, months or weeks, which Graph does not read; \
                 use days, hours, minutes and seconds",
            ),
            ("-PT5M", "expirationDuration -PT5M is negative; write PT5M"),
            (
                "-PT5H",
                "expirationDuration -PT5H is negative; use PT4H and renew, or leave it out for \
                 Graph's 5 minutes",
            ),
            (
                "5h",
                "expirationDuration \"5h\" is not an ISO 8601 duration; use PT4H and renew, or leave \
                 it out for Graph's 5 minutes",
            ),
            (
                "3600",
                "expirationDuration \"3600\" is not an ISO 8601 duration; it has no unit: write \
                 PT3600S for seconds",
            ),
            (
                "1e400",
                "expirationDuration \"1e400\" is not an ISO 8601 duration; write PT1H for an hour, \
                 PT30M for 30 minutes",
            ),
            (
                "PT4H0.0000000001S",
                "expirationDuration PT4H0.0000000001S has a fraction finer than a nanosecond; write \
                 at most nine digits after the point",
            ),
        ];
        for (given, text) in table {
            assert_eq!(refused(given, Range::Session).as_deref(), Some(text));
        }
        assert_eq!(
            refused("90", Range::Any).unwrap(),
            "expirationDuration \"90\" is not an ISO 8601 duration; it has no unit: write PT90M for \
             minutes or PT90S for seconds"
        );
        assert_eq!(
            refused("PT0S", Range::Any).unwrap(),
            "expirationDuration PT0S is no time at all; write PT5M or more, or leave it out"
        );
    }

    #[test]
    fn twelve_thousand_dashes_are_refused_in_a_short_sentence() {
        let text = refused(&"-".repeat(12_000), Range::Session).unwrap();
        assert!(
            text.ends_with("\" is too long; write at most 64 characters, such as PT1H"),
            "{text}"
        );
        assert!(text.len() < 200, "{text}");
    }

    proptest! {
        #[test]
        fn what_a_refusal_says_to_write_is_accepted(
            given in "-?(PT?)?[0-9]{1,5}(:[0-9]{2}:[0-9]{2}| ?[hmsHMSDd]|min)?",
            range in prop_oneof![Just(Range::Session), Just(Range::Any)],
        ) {
            let text = refused(&given, range).unwrap_or_default();
            let words: Vec<_> = text.split([' ', ';', ',']).collect();
            for pair in words.windows(2).filter(|pair| ["write", "use", "or"].contains(&pair[0])) {
                if pair[1].starts_with('P') {
                    prop_assert!(range.parse(pair[1]).is_ok(), "{}", text);
                }
            }
        }
    }

    #[test]
    fn a_value_that_would_drown_the_sentence_is_cut() {
        let text =
            Invalid::Id { given: "a".repeat(65_536).into(), fault: "is too long" }.to_string();
        assert!(
            text.starts_with("user id \"aaaa")
                && text.contains("… (65536 characters)\" is too long")
        );
        assert!(text.len() < 200, "{text}");
    }

    #[test]
    fn control_characters_of_a_value_do_not_reach_the_sentence() {
        let text = Invalid::Header { name: "a\r\nb".into(), fault: "is no name" }.to_string();
        assert_eq!(text, "header \"a\\r\\nb\" is no name");
    }
}
