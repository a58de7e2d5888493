//! Text from outside within a message: truncated, and with control characters escaped.

use std::fmt;

/// A value that was given, to be shown in quotation marks: at most 40 characters.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

/// What a server, a callback or the system said: at most 120 characters. Its full stop is removed, because the sentence
/// around it has one.
pub(crate) struct Truncated<'a>(pub(crate) &'a str);

/// The same with at most 400 characters, for texts that people look up or that end with advice: an error of the sign-in
/// service, or the reason a host's callback gives.
pub(crate) struct Long<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        truncate(f, self.0, 40)
    }
}

impl fmt::Display for Truncated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        truncate(f, self.0.trim().trim_end_matches('.'), 120)
    }
}

impl fmt::Display for Long<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        truncate(f, self.0.trim().trim_end_matches('.'), 400)
    }
}

/// Writes a text that takes at most `most` columns. An escaped character takes several.
fn truncate(f: &mut fmt::Formatter<'_>, text: &str, most: usize) -> fmt::Result {
    let mut left = most;
    for c in text.chars() {
        let width = if is_hidden(c) { c.escape_default().len() } else { 1 };
        if width > left {
            return write!(f, "… ({} characters)", text.chars().count());
        }
        left -= width;
        if is_hidden(c) { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
    }
    Ok(())
}

/// A control character, one that turns the direction of the text around it, or one that is not seen, such as a byte order
/// mark or a zero-width space.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_truncated() {
        assert_eq!(
            Quoted(&"a".repeat(50)).to_string(),
            format!("{}… (50 characters)", "a".repeat(40))
        );
        assert_eq!(
            Quoted(&"\0".repeat(50)).to_string(),
            format!("{}… (50 characters)", "\\u{0}".repeat(8))
        );
        assert_eq!(Truncated("Slow down. ").to_string(), "Slow down");
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(Truncated("\u{1b}[31m\0\r\n-").to_string(), "\\u{1b}[31m\\u{0}\\r\\n-");
        assert_eq!(Truncated("\u{202e}a\u{2069}").to_string(), "\\u{202e}a\\u{2069}");
        assert_eq!(Truncated("\u{feff}a\u{200b}").to_string(), "\\u{feff}a\\u{200b}");
    }
}
