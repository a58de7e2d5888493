//! Finds a text again where its characters are escaped: as JSON, URLs and HTML write them, once or several times.

/// How many bytes of `text` say `wanted`, if it begins with that.
pub(super) fn length_of(wanted: &str, text: &[u8]) -> Option<usize> {
    let mut rest = text;
    // A backslash of its own cannot be told from one that escapes, and no token has any.
    for byte in wanted.bytes().filter(|byte| *byte != b'\\') {
        let (said, after) = first(rest)?;
        // A form writes a blank as +.
        if said != byte && (said, byte) != (b'+', b' ') {
            return None;
        }
        rest = after;
    }
    Some(text.len() - rest.len()).filter(|length| *length != 0)
}

/// The first character, if it is ASCII, and what follows it.
fn first(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [b'\\', ..] => json(text),
        [b'%', rest @ ..] => url(rest).or(Some((b'%', rest))),
        [b'&', rest @ ..] => html(rest).or(Some((b'&', rest))),
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

/// The most backslashes before a character: escaped six times. A longer run is looked at again from each backslash, so
/// the time grows with the text alone.
const MOST_BACKSLASHES: usize = 63;

/// `\u002B` or `\/`; each time that it was escaped again doubles its backslashes.
fn json(text: &[u8]) -> Option<(u8, &[u8])> {
    let escapes = text.iter().take(MOST_BACKSLASHES + 1).take_while(|byte| **byte == b'\\').count();
    if escapes > MOST_BACKSLASHES {
        return None;
    }
    match &text[escapes..] {
        [b'u', rest @ ..] => number(rest.get(..4)?, 16).zip(rest.get(4..)),
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

/// `%2B`; each time that it was escaped again puts a 25 between.
fn url(mut rest: &[u8]) -> Option<(u8, &[u8])> {
    while let Some(inner) = rest
        .strip_prefix(b"25")
        .filter(|inner| inner.len() >= 2 && inner[..2].iter().all(u8::is_ascii_hexdigit))
    {
        rest = inner;
    }
    number(rest.get(..2)?, 16).zip(rest.get(2..))
}

/// `&#43;`, `&#x2B;` or `&amp;`
fn html(rest: &[u8]) -> Option<(u8, &[u8])> {
    const NAMES: [(&str, u8); 5] =
        [("amp;", b'&'), ("lt;", b'<'), ("gt;", b'>'), ("quot;", b'"'), ("apos;", b'\'')];
    let Some(rest) = rest.strip_prefix(b"#") else {
        let named = |(name, sign): &(&str, u8)| Some((*sign, rest.strip_prefix(name.as_bytes())?));
        return NAMES.iter().find_map(named);
    };
    let (digits, radix) = match rest {
        [b'x' | b'X', digits @ ..] => (digits, 16),
        digits => (digits, 10),
    };
    let end = digits.iter().take(8).position(|byte| *byte == b';')?;
    number(&digits[..end], radix).zip(digits.get(end + 1..))
}

fn number(digits: &[u8], radix: u32) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.contains('+'))?;
    u8::from_str_radix(digits, radix).ok()
}
