//! Why a request is refused before a byte is sent: one variant per rule, all texts in one place.

use std::fmt;

use super::duration::{self, Fault};
use super::ids;
use super::pairs::Pairs;
use crate::text::Short;

/// A value that Graph would refuse, or that would change where the request goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Invalid {
    Pair { availability: Box<str>, activity: Box<str>, pairs: &'static Pairs },
    Duration { given: Box<str>, fault: Fault },
    SessionIdMissing { action: &'static str },
    SessionIdEmpty,
    Id { given: Box<str>, fault: &'static str },
    BodySyntax { line: usize, column: usize },
    BodyKind { given: &'static str, action: &'static str },
    BodyMissing { action: &'static str, properties: &'static str },
    BodyNotTaken { action: &'static str },
    Missing { property: &'static str, action: &'static str, way_out: String },
    Kind { property: &'static str, given: &'static str, wanted: &'static str },
    Value { property: &'static str, given: Box<str>, way_out: &'static str },
    Header { name: Box<str>, fault: &'static str },
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
            Self::Duration { given, fault } => duration_text(f, given, *fault),
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
            Self::Query { name, fault } => write!(f, "query option \"{}\" {fault}", Short(name)),
        }
    }
}

fn duration_text(f: &mut fmt::Formatter<'_>, given: &str, fault: Fault) -> fmt::Result {
    let shown = Short(given);
    match fault {
        Fault::Syntax => {
            write!(f, "expirationDuration \"{shown}\" is not an ISO 8601 duration; ")?;
            match duration::guess(given) {
                Some(meant) => write!(f, "write {meant}"),
                None if !given.is_empty() && given.bytes().all(|b| b.is_ascii_digit()) => {
                    write!(f, "it has no unit: write PT{shown}M for minutes")
                }
                None => f.write_str("write PT1H for an hour, PT30M for 30 minutes"),
            }
        }
        Fault::Negative => write!(
            f,
            "expirationDuration {shown} is negative; write {}",
            Short(given.trim_start_matches('-'))
        ),
        Fault::Calendar => write!(
            f,
            "expirationDuration {shown} counts years, months or weeks, which Graph does not read; \
             use days, hours, minutes and seconds"
        ),
        Fault::TooLong => write!(
            f,
            "expirationDuration {shown} is longer than any clock runs; write one of hours or days"
        ),
        Fault::Nothing => {
            write!(
                f,
                "expirationDuration {shown} is no time at all; write PT5M or more, or leave it out"
            )
        }
        Fault::OutsideSession => write!(
            f,
            "expirationDuration {shown} is outside PT5M to PT4H; use {} and renew, or leave it out \
             for Graph's 5 minutes",
            match duration::Length::parse(given) {
                Ok(length) if length > *duration::SESSION.end() => duration::SESSION.end(),
                _ => duration::SESSION.start(),
            }
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::duration::Length;

    fn refused(given: &str) -> String {
        let fault = Length::parse_session(given).unwrap_err();
        Invalid::Duration { given: given.into(), fault }.to_string()
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
        ];
        for (given, text) in table {
            assert_eq!(refused(given), text);
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
