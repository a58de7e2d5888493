//! A bearer token in memory: wiped when dropped, never shown.

use std::fmt;
use std::hash::{Hash, Hasher};

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::{Secret, TokenFailure};

/// What stands for a token.
const BLOT: &str = "[token]";

/// The longest token, in bytes: more than any server takes in a header.
const LONGEST: usize = 64 * 1024;

/// A token that can stand in a header. Clones share the places in memory.
#[derive(Clone)]
pub(crate) struct Token {
    text: Secret,
    header: HeaderValue,
}

impl Token {
    pub(crate) fn new(text: &str) -> Result<Self, TokenFailure> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenFailure::Empty);
        }
        if text.len() > LONGEST {
            return Err(TokenFailure::TooLong { length: text.len(), limit: LONGEST });
        }
        if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err(TokenFailure::NotSendable);
        }
        Ok(Self { text: Secret::new(text), header: bearer(text)? })
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The value of the Authorization header, marked so that no layer below writes it to a log.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// A text in which the token is replaced if it occurs there, plainly or escaped.
    pub(crate) fn redact(&self, text: String) -> String {
        self.text.redact(text, BLOT)
    }

    /// The value of a header, replaced as a whole if the token occurs there.
    pub(crate) fn redact_header(&self, value: &mut HeaderValue) {
        if !self.text.fits_in(value.len()) {
            return;
        }
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if self.redact(text.clone()) != text {
            *value = HeaderValue::from_static(BLOT);
        }
    }
}

/// The header's text is wiped as the token is, when the last message that carries it is gone.
fn bearer(token: &str) -> Result<HeaderValue, TokenFailure> {
    let text = Zeroizing::new(format!("Bearer {token}").into_bytes());
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(text));
    let mut value = value.map_err(|_| TokenFailure::NotSendable)?;
    value.set_sensitive(true);
    Ok(value)
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Token {}

impl Hash for Token {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
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
    use proptest::prelude::*;

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::new(" secret-secret ").unwrap();
        assert_eq!(format!("{token:?}"), "[token]");
        assert_eq!(token.redact("you sent secret-secret".into()), "you sent [token]");
    }

    #[test]
    fn the_authorization_header_is_shared_and_never_shown() {
        let token = Token::new("secret-secret").unwrap();
        let (first, second) = (token.header(), token.clone().header());
        assert_eq!(
            (first.as_bytes(), format!("{first:?}")),
            (&b"Bearer secret-secret"[..], "Sensitive".into())
        );
        assert!(std::ptr::eq(first.as_bytes(), second.as_bytes()));
    }

    #[test]
    fn a_header_that_echoes_the_token_is_replaced() {
        let token = Token::new("secret-secret").unwrap();
        for (echo, shown) in
            [("x secret%2Dsecret", "[token]"), ("x secret-secre", "x secret-secre"), ("", "")]
        {
            let mut value = HeaderValue::from_static(echo);
            token.redact_header(&mut value);
            assert_eq!(value, shown);
        }
    }

    #[test]
    fn an_escaped_token_is_blotted_out_too() {
        let token = Token::new("EwB4+A8l/6BAA==").unwrap();
        for echo in [
            "EwB4+A8l/6BAA==",
            r"EwB4\u002BA8l\/6BAA\u003d\u003D",
            r"\u0045wB4+A8l/6BAA==",
            r"EwB4\\u002BA8l\\\/6BAA==",
            "EwB4%2BA8l%2f6BAA%3D%3D",
            "EwB4%252BA8l/6BAA==",
            "EwB4&#43;A8l&#x2F;6BAA==",
        ] {
            assert_eq!(token.redact(format!("é{echo}\\é")), "é[token]\\é");
        }
        for text in [r"EwB4\u002", "100 % & more \\", "EwB4%2", "&#;&#43"] {
            assert_eq!(token.redact(text.into()), text);
        }
    }

    proptest! {
        #[test]
        fn however_each_character_is_escaped_the_token_is_blotted_out(
            text in "[A-Za-z0-9+/._~=-]{12,40}",
            ways in proptest::collection::vec(0..7usize, 40),
            before in "[ :\"é]{0,5}",
        ) {
            let escaped: String = text.chars().zip(ways).map(|(c, way)| {
                let code = u32::from(c);
                match way {
                    0 => format!("\\u{code:04x}"),
                    1 => format!("\\\\u{code:04X}"),
                    2 => format!("%{code:02X}"),
                    3 => format!("%25{code:02x}"),
                    4 => format!("&#{code};"),
                    5 => format!("&#x{code:X};"),
                    _ => c.to_string(),
                }
            }).collect();
            let shown = Token::new(&text).unwrap().redact(format!("{before}{escaped}!"));
            prop_assert_eq!(shown, format!("{}[token]!", before));
        }

        #[test]
        fn a_text_that_echoes_no_token_stays_as_it_is(text in r#"[\\%&#;ux0-9a-fé"]{0,60}"#) {
            prop_assert_eq!(Token::new("a-token-of-mine").unwrap().redact(text.clone()), text);
        }
    }

    #[test]
    fn a_token_that_no_server_takes_is_refused() {
        let text = Token::new(&"a".repeat(65_537)).unwrap_err().to_string();
        assert!(text.contains("has 65537 bytes") && text.contains("at most 65536"), "{text}");
    }

    #[test]
    fn what_a_header_cannot_carry_is_no_token() {
        for text in ["a b", "a\r\nb", "Bearer x", "tökén"] {
            assert_eq!(Token::new(text).unwrap_err(), TokenFailure::NotSendable, "{text}");
        }
        assert_eq!(Token::new(" \n").unwrap_err(), TokenFailure::Empty);
    }
}
