//! Durations in Graph's format: ISO 8601 with days, hours, minutes and seconds, without years, months or weeks.
//! Graph's OpenAPI description gives the pattern `^-?P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?)?$`.

use jiff::SignedDuration;

/// Parses a duration; `None` if it does not match the pattern or is too long to be represented.
/// The pattern allows `P`, `PT` and a minus sign, so the caller must check the value too.
pub(crate) fn parse(text: &str) -> Option<SignedDuration> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (days, time) = match rest.strip_prefix('P')?.split_once('T') {
        Some((days, time)) => (days, time),
        None => (&rest[1..], ""),
    };
    let (days, rest) = number_before(days, 'D')?;
    if !rest.is_empty() {
        return None;
    }
    let (hours, rest) = number_before(time, 'H')?;
    let (minutes, rest) = number_before(rest, 'M')?;
    let (seconds, nanos) = seconds(rest)?;

    let whole = days
        .checked_mul(24)?
        .checked_add(hours)?
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(60)?
        .checked_add(seconds)?;
    let length = SignedDuration::new(whole, nanos);
    Some(if negative { -length } else { length })
}

/// The number before `unit` and the text after it; 0 and the whole text if the unit is absent.
fn number_before(text: &str, unit: char) -> Option<(i64, &str)> {
    match text.split_once(unit) {
        Some((digits, rest)) => Some((whole(digits)?, rest)),
        None => Some((0, text)),
    }
}

fn seconds(text: &str) -> Option<(i64, i32)> {
    if text.is_empty() {
        return Some((0, 0));
    }
    let number = text.strip_suffix('S')?;
    let Some((digits, fraction)) = number.split_once('.') else { return Some((whole(number)?, 0)) };
    whole(fraction.get(..1)?)?;
    let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let is_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then_some((whole(digits)?, nanos.parse().ok()?))
}

/// Parses digits only; `str::parse` alone would also accept a sign.
fn whole(digits: &str) -> Option<i64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_documented_form_is_read() {
        for (text, seconds) in [
            ("PT5M", 300),
            ("PT1H", 3600),
            ("PT60M", 3600),
            ("PT3600S", 3600),
            ("P1D", 86_400),
            ("P1DT1H1M1S", 90_061),
            ("-PT1H", -3600),
            ("P", 0),
            ("PT", 0),
        ] {
            assert_eq!(parse(text).map(|length| length.as_secs()), Some(seconds), "{text}");
        }
        assert_eq!(parse("PT0.000006S").unwrap().as_nanos(), 6000);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "60",
            "1h",
            "banana",
            "P1Y",
            "P1W",
            "P1M",
            "PT1H30",
            "PT5M1H",
            "PT1.5H",
            "PT1.S",
            "PT.5S",
            "pt5m",
            "P1H",
            "PT+5M",
            "--PT5M",
            "PT99999999999999999999H",
            "01:00:00",
            "PT5M ",
            "P1D2D",
            "PTé",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
