//! A bearer token in memory: wiped when dropped, never shown.

use std::fmt;

use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::AuthFailure;

/// A token that can stand in a header.
#[derive(Clone)]
pub(crate) struct Token(Zeroizing<Box<str>>);

impl Token {
    pub(crate) fn new(text: &str) -> Result<Self, AuthFailure> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AuthFailure::Empty);
        }
        if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err(AuthFailure::NotSendable);
        }
        Ok(Self(Zeroizing::new(text.into())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the Authorization header; marked so that no layer below writes it to a log.
    pub(crate) fn header(&self) -> HeaderValue {
        let text = Zeroizing::new(format!("Bearer {}", &**self.0));
        let mut value = HeaderValue::from_str(&text).expect("checked when the token was made");
        value.set_sensitive(true);
        value
    }

    /// A text in which the token, should somebody have echoed it, is blotted out. A token shorter than any real one
    /// is left alone: it would blot out words that mean something else.
    pub(crate) fn redact(&self, text: String) -> String {
        const SHORTEST: usize = 12;
        let is_echoed = self.0.len() >= SHORTEST && text.contains(self.as_str());
        if is_echoed { text.replace(self.as_str(), "[token]") } else { text }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[token]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::new(" secret-secret ").unwrap();
        assert_eq!(format!("{token:?} {:?}", token.header()), "[token] Sensitive");
        assert_eq!(token.redact("you sent secret-secret".into()), "you sent [token]");
    }

    #[test]
    fn what_a_header_cannot_carry_is_no_token() {
        for text in ["a b", "a\r\nb", "Bearer x", "tökén"] {
            assert_eq!(Token::new(text).unwrap_err(), AuthFailure::NotSendable, "{text}");
        }
        assert_eq!(Token::new(" \n").unwrap_err(), AuthFailure::Empty);
    }
}
