//! A secret text: wiped when dropped, never shown.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::escaped;

/// A secret, such as a client secret, a password or a refresh token. Clones share the one place in memory.
#[derive(Clone)]
pub(crate) struct Secret(Arc<Held>);

struct Held {
    text: Zeroizing<Box<str>>,
    /// No text with fewer bytes says it: an escaped character takes more than one, but a backslash may be taken for an
    /// escape.
    shortest_echo: usize,
}

impl Secret {
    pub(crate) fn new(text: &str) -> Self {
        let shortest_echo = text.bytes().filter(|byte| *byte != b'\\').count();
        Self(Arc::new(Held { text: Zeroizing::new(text.into()), shortest_echo }))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Whether a text is long enough to say the secret.
    pub(super) fn fits_in(&self, length: usize) -> bool {
        length >= self.0.shortest_echo
    }

    /// A text in which `blot` stands for the secret if it occurs there, plainly or escaped. A secret that is shorter than
    /// any real one is left alone, since it would replace words that mean something else.
    pub(crate) fn redact(&self, text: String, blot: &str) -> String {
        const SHORTEST: usize = 12;
        if self.as_str().len() < SHORTEST || !self.fits_in(text.len()) {
            return text;
        }
        let text = if self.is_in(&text) { text.replace(self.as_str(), blot) } else { text };
        let has_escapes = ['\\', '%', '&'].iter().any(|sign| text.contains(*sign))
            || self.as_str().contains(' ') && text.contains('+');
        if has_escapes { self.redact_escaped(&text, blot) } else { text }
    }

    /// Whether a text says the secret plainly. Its beginning is looked for first: the standard library has vector
    /// instructions for up to 32 bytes, and every answer is searched.
    fn is_in(&self, text: &str) -> bool {
        let secret = self.as_str();
        text.contains(&secret[..secret.floor_char_boundary(32)]) && text.contains(secret)
    }

    fn redact_escaped(&self, text: &str, blot: &str) -> String {
        let first = self.as_str().bytes().find(|byte| *byte != b'\\');
        let may_begin = |byte: &u8| Some(*byte) == first || matches!(byte, b'\\' | b'%' | b'&');
        let mut shown = String::with_capacity(text.len());
        let (mut copied, mut from) = (0, 0);
        while let Some(skipped) = text.as_bytes()[from..].iter().position(may_begin) {
            let begin = from + skipped;
            from = begin + 1;
            if let Some(length) = escaped::length_of(self.as_str(), &text.as_bytes()[begin..]) {
                shown.push_str(&text[copied..begin]);
                shown.push_str(blot);
                (copied, from) = (begin + length, begin + length);
            }
        }
        shown.push_str(&text[copied..]);
        shown
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new("q8~not for you_");
        assert_eq!(format!("{secret:?}"), "[secret]");
        let text = secret.redact("client_secret=q8~not%20for%20you_&x".into(), "[secret]");
        assert_eq!(text, "client_secret=[secret]&x");
    }

    #[test]
    fn a_secret_is_found_however_a_page_or_a_form_writes_its_signs() {
        let secret = Secret::new("q8~ <for&me> \"yes\"_'");
        for said in [
            "q8~ &lt;for&amp;me&gt; &quot;yes&quot;_&apos;",
            "q8~ &#60;for&#38;me&#62; &#34;yes&#34;_&#39;",
            "q8~+%3Cfor%26me%3E+%22yes%22_%27",
            "q8~+<for&me>+\"yes\"_'",
            "q8~ <for&me> \"yes\"_'",
        ] {
            assert_eq!(secret.redact(format!("a+b {said}&c"), "[secret]"), "a+b [secret]&c");
        }
    }

    #[test]
    fn a_text_full_of_backslashes_is_searched_in_linear_time() {
        let secret = Secret::new("q8~not for you_");
        let text = "\\".repeat(2_000_000) + "q8~not for you_";
        let began = std::time::Instant::now();
        assert!(secret.redact(text, "[secret]").ends_with("\\[secret]"));
        // Quadratic work takes many minutes even with optimization.
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
