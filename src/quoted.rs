//! Text of others within our sentences: truncated and made printable.

use std::fmt;

/// A value as it was given, to be shown in quotation marks.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

/// What another party says: a server, a callback, the system. Its full stop is removed, since ours follows.
pub(crate) struct Truncated<'a>(pub(crate) &'a str);

/// The same where people look the text up, such as an error of the sign-in service.
pub(crate) struct Long<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        cut(f, self.0, 40)
    }
}

impl fmt::Display for Truncated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        cut(f, self.0.trim().trim_end_matches('.'), 120)
    }
}

impl fmt::Display for Long<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        cut(f, self.0.trim().trim_end_matches('.'), 400)
    }
}

/// Of a text no more than would fill `most` places: an escaped character takes several.
fn cut(f: &mut fmt::Formatter<'_>, text: &str, most: usize) -> fmt::Result {
    let mut left = most;
    for c in text.chars() {
        let width = if c.is_control() { c.escape_default().len() } else { 1 };
        if width > left {
            return write!(f, "… ({} characters)", text.chars().count());
        }
        left -= width;
        if c.is_control() { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_drown_the_sentence_is_cut() {
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
    fn control_characters_do_not_reach_a_terminal() {
        assert_eq!(Truncated("\u{1b}[31m\0\r\n-").to_string(), "\\u{1b}[31m\\u{0}\\r\\n-");
    }
}
