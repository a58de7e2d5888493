//! Durations as OData writes them: days, hours, minutes and seconds of ISO 8601, nothing else.
//! <https://docs.oasis-open.org/odata/odata-csdl-json/v4.01/odata-csdl-json-v4.01.html#sec_Duration>

use std::fmt;
use std::ops::RangeInclusive;

const SECOND: u64 = 1;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The longest text that is parsed, in bytes: twice what the longest length of 64 bits needs.
pub(crate) const LONGEST_TEXT: usize = 64;

/// The shortest and the longest expirationDuration of setPresence.
/// <https://learn.microsoft.com/graph/api/presence-setpresence#request-body>
const SESSION: RangeInclusive<Length> = Length::whole(5 * MINUTE)..=Length::whole(4 * HOUR);

/// A length of time. Displays in the form that Graph documents: `PT1H30M`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, PartialOrd)]
pub(crate) struct Length {
    pub(crate) seconds: u64,
    /// The fraction of a second.
    pub(crate) nanos: u32,
}

/// Why a text is not a duration that Graph reads. [`InvalidDuration`](super::invalid_duration::InvalidDuration) has the
/// message for each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    TooMuchText,
    Syntax,
    /// Finer than a nanosecond. Truncating it would change the length.
    Fraction,
    Negative,
    Calendar,
    TooLong,
    Nothing,
    OutsideSession,
}

/// The lengths that an action accepts as its expirationDuration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Range {
    /// What setPresence accepts: 5 minutes to 4 hours.
    Session,
    /// Any length but zero, where Graph documents no range.
    Any,
}

impl Range {
    /// Parses a duration, and refuses one that the action does not accept.
    pub(crate) fn parse(self, text: &str) -> Result<Length, Fault> {
        Length::parse(text).and_then(|length| match self {
            Self::Session if !SESSION.contains(&length) => Err(Fault::OutsideSession),
            Self::Any if length == Length::default() => Err(Fault::Nothing),
            _ => Ok(length),
        })
    }

    /// Says what to write instead: the length that was meant, or the nearest one that the action accepts.
    pub(crate) fn advise(self, f: &mut fmt::Formatter<'_>, meant: Length) -> fmt::Result {
        if self.parse(&meant.to_string()).is_ok() {
            return write!(f, "Write {meant}.");
        }
        let nearest = if meant > *SESSION.end() { SESSION.end() } else { SESSION.start() };
        match self {
            Self::Session => {
                write!(f, "Use {nearest} and renew, or leave it out for Graph's 5 minutes.")
            }
            Self::Any => f.write_str("Write PT5M or more, or leave it out."),
        }
    }
}

impl Length {
    const fn whole(seconds: u64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// Parses a duration. The case of its letters does not matter.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        if text.len() > LONGEST_TEXT {
            return Err(Fault::TooMuchText);
        }
        match text.strip_prefix('-') {
            Some(positive) => Self::parse_positive(positive).and(Err(Fault::Negative)),
            None => Self::parse_positive(text),
        }
    }

    fn parse_positive(text: &str) -> Result<Self, Fault> {
        let upper = text.to_ascii_uppercase();
        let designators = upper.strip_prefix('P').ok_or(Fault::Syntax)?;
        let (date, time) = match designators.split_once('T') {
            Some((_, "")) => return Err(Fault::Syntax),
            Some((date, time)) => (date, time),
            None => (designators, ""),
        };
        if date.is_empty() && time.is_empty() {
            return Err(Fault::Syntax);
        }
        let days = sum(date, &[('Y', None), ('M', None), ('W', None), ('D', Some(DAY))])?;
        let (time, nanos) = split_fraction(time)?;
        let rest = sum(&time, &[('H', Some(HOUR)), ('M', Some(MINUTE)), ('S', Some(SECOND))])?;
        Ok(Self { seconds: days.checked_add(rest).ok_or(Fault::TooLong)?, nanos })
    }
}

/// Splits `1H2.5S` into `1H2S` and the fraction in nanoseconds. Only seconds, the last unit, may have a fraction.
fn split_fraction(time: &str) -> Result<(String, u32), Fault> {
    let Some((whole, tail)) = time.split_once('.') else {
        return Ok((time.into(), 0));
    };
    let digits = tail.strip_suffix('S').ok_or(Fault::Syntax)?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(digits) {
        return Err(Fault::Syntax);
    }
    if digits.len() > 9 && digits[9..].bytes().any(|digit| digit != b'0') {
        return Err(Fault::Fraction);
    }
    let nanos = format!("{digits:0<9.9}").parse().map_err(|_| Fault::Syntax)?;
    Ok((format!("{whole}S"), nanos))
}

/// Adds up `12H30M`. Each unit appears at most once, in the given order. A unit without a length is a calendar unit,
/// such as a month.
fn sum(text: &str, units: &[(char, Option<u64>)]) -> Result<u64, Fault> {
    let mut total: u64 = 0;
    let mut units = units.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or(Fault::Syntax)?;
        let (number, tail) = rest.split_at(end);
        let unit = tail.chars().next().filter(|_| !number.is_empty()).ok_or(Fault::Syntax)?;
        let (_, length) = units.find(|(name, _)| *name == unit).ok_or(Fault::Syntax)?;
        let count: u64 = number.parse().map_err(|_| Fault::TooLong)?;
        total = length
            .ok_or(Fault::Calendar)?
            .checked_mul(count)
            .and_then(|part| total.checked_add(part))
            .ok_or(Fault::TooLong)?;
        rest = &tail[unit.len_utf8()..];
    }
    Ok(total)
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.seconds / DAY, self.seconds % DAY);
        f.write_str("P")?;
        if days != 0 {
            write!(f, "{days}D")?;
        }
        if rest == 0 && self.nanos == 0 && days != 0 {
            return Ok(());
        }
        f.write_str("T")?;
        for (amount, unit) in [(rest / HOUR, "H"), (rest % HOUR / MINUTE, "M")] {
            if amount != 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        let seconds = rest % MINUTE;
        if self.nanos != 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, "{seconds}.{}S", fraction.trim_end_matches('0'))
        } else if seconds != 0 || rest == 0 {
            write!(f, "{seconds}S")
        } else {
            Ok(())
        }
    }
}

/// What the author of `1h`, `90 min` or `01:00:00` probably meant.
pub(crate) fn guess(text: &str) -> Option<Length> {
    let text = text.trim().to_ascii_lowercase();
    let clock: Vec<&str> = text.split(':').collect();
    if let [hours, minutes, seconds] = clock[..] {
        return add(&[(hours, HOUR), (minutes, MINUTE), (seconds, SECOND)]);
    }
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let unit = match unit.trim() {
        "h" | "hr" | "hour" | "hours" => HOUR,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "d" | "day" | "days" => DAY,
        _ => return None,
    };
    add(&[(number, unit)])
}

fn add(parts: &[(&str, u64)]) -> Option<Length> {
    parts
        .iter()
        .try_fold(0u64, |sum, (number, unit)| {
            sum.checked_add(number.parse::<u64>().ok()?.checked_mul(*unit)?)
        })
        .map(Length::whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_duration_is_written_in_the_form_that_graph_documents() {
        let table = [
            ("PT1H", "PT1H"),
            ("PT60M", "PT1H"),
            ("PT3600S", "PT1H"),
            ("pt90m", "PT1H30M"),
            ("PT300.0S", "PT5M"),
            ("PT300.5S", "PT5M0.5S"),
            ("PT0.1234567890S", "PT0.123456789S"),
            ("P1D", "P1D"),
            ("PT24H", "P1D"),
            ("P1DT1S", "P1DT1S"),
            ("PT0S", "PT0S"),
        ];
        for (given, written) in table {
            assert_eq!(Length::parse(given).map(|length| length.to_string()), Ok(written.into()));
        }
    }

    #[test]
    fn each_invalid_duration_is_refused_with_its_reason() {
        let table = [
            ("", Fault::Syntax),
            ("1h", Fault::Syntax),
            ("60", Fault::Syntax),
            ("P", Fault::Syntax),
            ("PT", Fault::Syntax),
            ("P1DT", Fault::Syntax),
            ("PTH", Fault::Syntax),
            ("PT5", Fault::Syntax),
            ("PT1M1H", Fault::Syntax),
            ("PT1M1M", Fault::Syntax),
            ("P1H", Fault::Syntax),
            ("PT1.5H", Fault::Syntax),
            ("PT.S", Fault::Syntax),
            ("PT1.2.3S", Fault::Syntax),
            ("PT1.+5S", Fault::Syntax),
            ("PT٣M", Fault::Syntax),
            ("--PT5M", Fault::Syntax),
            ("-", Fault::Syntax),
            ("-PT5M", Fault::Negative),
            ("PT0.0000000001S", Fault::Fraction),
            ("P1Y", Fault::Calendar),
            ("P1M", Fault::Calendar),
            ("P2W", Fault::Calendar),
            ("PT99999999999999999999H", Fault::TooLong),
            ("PT18446744073709551615H", Fault::TooLong),
        ];
        for (given, fault) in table {
            assert_eq!(Length::parse(given), Err(fault), "{given}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_refused_without_parsing() {
        for part in ["-", "1", "P1D", "PT1H", "é"] {
            assert_eq!(Length::parse(&part.repeat(12_000)), Err(Fault::TooMuchText), "{part}");
        }
        let longest = Length { seconds: u64::MAX, nanos: 999_999_999 }.to_string();
        assert!(Length::parse(&longest).is_ok(), "{longest}");
    }

    #[test]
    fn informal_durations_are_guessed() {
        for (text, meant) in [
            ("90 min", Some("PT1H30M")),
            ("2 days", Some("P2D")),
            ("30s", Some("PT30S")),
            ("1 Hour", Some("PT1H")),
            ("01:30:00", Some("PT1H30M")),
            ("1 fortnight", None),
            ("90", None),
        ] {
            assert_eq!(guess(text).map(|length| length.to_string()).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn a_session_lasts_five_minutes_to_four_hours() {
        for (given, accepted) in
            [("PT4M59S", false), ("PT5M", true), ("PT4H", true), ("PT4H0.000000001S", false)]
        {
            assert_eq!(Range::Session.parse(given).is_ok(), accepted, "{given}");
        }
    }

    proptest! {
        #[test]
        fn every_length_round_trips(seconds in any::<u64>(), nanos in 0u32..1_000_000_000) {
            let length = Length { seconds, nanos };
            prop_assert_eq!(Length::parse(&length.to_string()), Ok(length));
        }

        #[test]
        fn jiff_parses_the_same_length(text in "-?P([0-9]{1,3}D)?(T([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,4}S)?)?") {
            let ours = Length::parse(&text).map(|length| length.seconds).ok();
            // jiff's durations have no days. Its spans do, so parse one and count a day as 24 hours.
            let theirs = text.parse::<jiff::Span>().ok().and_then(|span| {
                let days = jiff::SpanRelativeTo::days_are_24_hours();
                u64::try_from(span.to_duration(days).ok()?.as_secs()).ok()
            }).filter(|_| !text.starts_with('-'));
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn no_text_makes_parsing_or_guessing_panic(text in ".*") {
            let _ = (Length::parse(&text), guess(&text));
        }
    }
}
