//! The form for a token endpoint, in memory that is wiped.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::token::Secret;

/// The characters that a form does not encode.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The initial capacity, in bytes: longer than most forms, since growing would leave copies of secrets in memory.
const ROOM: usize = 16 * 1024;

/// Names and values as `application/x-www-form-urlencoded`, and which of the values are secrets.
pub(super) struct Form {
    text: Zeroizing<String>,
    secrets: Vec<Secret>,
}

impl Form {
    pub(super) fn new(grant_type: &str) -> Self {
        let text = Zeroizing::new(String::with_capacity(ROOM));
        Self { text, secrets: Vec::new() }.with("grant_type", grant_type)
    }

    /// A form that does not ask for a token.
    pub(super) fn without_grant() -> Self {
        Self { text: Zeroizing::new(String::with_capacity(ROOM)), secrets: Vec::new() }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(name);
        self.text.push('=');
        self.text.extend(utf8_percent_encode(value, PLAIN));
        self
    }

    pub(super) fn with_secret(mut self, name: &str, value: &Secret) -> Self {
        self.secrets.push(value.clone());
        self.with(name, value.as_str())
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Redacts the form's secrets in a text from the service.
    pub(super) fn redact(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| secret.redact(text, "[secret]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_and_secrets_are_found_again() {
        let form = Form::new("client_credentials")
            .with("scope", "a b&c")
            .with_secret("client_secret", &Secret::new("q8~+/=% ünlikely"));
        assert_eq!(
            form.text(),
            "grant_type=client_credentials&scope=a%20b%26c&client_secret=q8~%2B%2F%3D%25%20%C3%BCnlikely"
        );
        assert_eq!(form.redact("no q8~+/=% ünlikely here".into()), "no [secret] here");
    }
}
