//! Why an expirationDuration is refused, and what to write instead.

use std::fmt;

use super::duration::{self, Fault, Length, Range};
use crate::quoted::Quoted;

/// A duration that an action does not accept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct InvalidDuration {
    given: Box<str>,
    fault: Fault,
    range: Range,
}

impl InvalidDuration {
    pub(crate) fn new(given: &str, fault: Fault, range: Range) -> Self {
        Self { given: given.into(), fault, range }
    }
}

impl fmt::Display for InvalidDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, fault, range } = self;
        let shown = Quoted(given);
        match fault {
            Fault::TooMuchText => write!(
                f,
                "expirationDuration \"{shown}\" is too long. Write at most {} characters, such as PT1H.",
                duration::LONGEST_TEXT
            ),
            Fault::Syntax => {
                write!(f, "expirationDuration \"{shown}\" is not an ISO 8601 duration. ")?;
                match duration::guess(given) {
                    Some(meant) => range.advise(f, meant),
                    None => f.write_str(&with_unit(given, *range)),
                }
            }
            Fault::Fraction => write!(
                f,
                "expirationDuration {shown} has a fraction finer than a nanosecond. Write at most nine digits \
                 after the point."
            ),
            Fault::Negative => {
                write!(f, "expirationDuration {shown} is negative. ")?;
                let positive = Length::parse(given.trim_start_matches('-'));
                range.advise(f, positive.unwrap_or_default())
            }
            Fault::Calendar => write!(
                f,
                "expirationDuration {shown} counts years, months or weeks, which Graph does not read. Use days, \
                 hours, minutes and seconds."
            ),
            Fault::TooLong => write!(
                f,
                "expirationDuration {shown} is too long to be represented. Use hours or days."
            ),
            Fault::Nothing | Fault::OutsideSession => {
                let rule = match fault {
                    Fault::Nothing => "zero",
                    _ => "outside PT5M to PT4H",
                };
                write!(f, "expirationDuration {shown} is {rule}. ")?;
                range.advise(f, Length::parse(given).unwrap_or_default())
            }
        }
    }
}

/// What to write for a number without a unit: the number with each unit that the action accepts. For anything else,
/// what a duration looks like.
fn with_unit(given: &str, range: Range) -> String {
    let write = |(unit, name)| {
        let duration = format!("PT{given}{unit}");
        range.parse(&duration).is_ok().then(|| format!("{duration} for {name}"))
    };
    let ways: Vec<_> = [("M", "minutes"), ("S", "seconds")].into_iter().filter_map(write).collect();
    match ways.is_empty() {
        true => "Write PT1H for an hour, PT30M for 30 minutes.".into(),
        false => format!("It has no unit: write {}.", ways.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(given: &str, range: Range) -> Option<String> {
        let fault = range.parse(given).err()?;
        Some(InvalidDuration::new(given, fault, range).to_string())
    }

    #[test]
    fn a_refused_duration_names_the_value_the_rule_and_the_advice() {
        let table = [
            ("1h", "expirationDuration \"1h\" is not an ISO 8601 duration. Write PT1H."),
            ("90 min", "expirationDuration \"90 min\" is not an ISO 8601 duration. Write PT1H30M."),
            (
                "01:00:00",
                "expirationDuration \"01:00:00\" is not an ISO 8601 duration. Write PT1H.",
            ),
            (
                "60",
                "expirationDuration \"60\" is not an ISO 8601 duration. It has no unit: write PT60M for minutes.",
            ),
            (
                "banana",
                "expirationDuration \"banana\" is not an ISO 8601 duration. Write PT1H for an hour, PT30M for \
                 30 minutes.",
            ),
            (
                "PT4M",
                "expirationDuration PT4M is outside PT5M to PT4H. Use PT5M and renew, or leave it out for \
                 Graph's 5 minutes.",
            ),
            (
                "PT10H",
                "expirationDuration PT10H is outside PT5M to PT4H. Use PT4H and renew, or leave it out for \
                 Graph's 5 minutes.",
            ),
            (
                "P1Y",
                "expirationDuration P1Y counts years, months or weeks, which Graph does not read. Use days, \
                 hours, minutes and seconds.",
            ),
            ("-PT5M", "expirationDuration -PT5M is negative. Write PT5M."),
            (
                "-PT5H",
                "expirationDuration -PT5H is negative. Use PT4H and renew, or leave it out for Graph's 5 minutes.",
            ),
            (
                "5h",
                "expirationDuration \"5h\" is not an ISO 8601 duration. Use PT4H and renew, or leave it out for \
                 Graph's 5 minutes.",
            ),
            (
                "3600",
                "expirationDuration \"3600\" is not an ISO 8601 duration. It has no unit: write PT3600S for \
                 seconds.",
            ),
            (
                "1e400",
                "expirationDuration \"1e400\" is not an ISO 8601 duration. Write PT1H for an hour, PT30M for 30 \
                 minutes.",
            ),
            (
                "PT4H0.0000000001S",
                "expirationDuration PT4H0.0000000001S has a fraction finer than a nanosecond. Write at most \
                 nine digits after the point.",
            ),
        ];
        for (given, text) in table {
            assert_eq!(refused(given, Range::Session).as_deref(), Some(text));
        }
        assert_eq!(
            refused("90", Range::Any).unwrap(),
            "expirationDuration \"90\" is not an ISO 8601 duration. It has no unit: write PT90M for minutes or \
             PT90S for seconds."
        );
        assert_eq!(
            refused("PT0S", Range::Any).unwrap(),
            "expirationDuration PT0S is zero. Write PT5M or more, or leave it out."
        );
    }

    #[test]
    fn twelve_thousand_dashes_are_refused_in_a_short_sentence() {
        let text = refused(&"-".repeat(12_000), Range::Session).unwrap();
        assert!(
            text.ends_with("\" is too long. Write at most 64 characters, such as PT1H."),
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
            let words: Vec<_> = text.split([' ', '.', ',']).collect();
            for pair in words.windows(2).filter(|pair| ["write", "Write", "Use", "or"].contains(&pair[0])) {
                if pair[1].starts_with('P') {
                    prop_assert!(range.parse(pair[1]).is_ok(), "{}", text);
                }
            }
        }
    }
}
