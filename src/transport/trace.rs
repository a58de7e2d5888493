//! What was sent (`>`) and received (`<`), and what happened between (`*`), as a text for people. It never contains the
//! token or another secret header.

use std::borrow::Cow;
use std::fmt::{Arguments, Write};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::Message;
use super::http::HttpResponse;
use crate::secret_headers;

/// The trace of all attempts of one call; empty unless it is on. Responses must be redacted before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    text: String,
    is_on: bool,
}

impl Trace {
    pub(crate) fn new(is_on: bool) -> Self {
        Self { text: String::new(), is_on }
    }

    pub(crate) fn sent(&mut self, message: &Message) {
        let Message { method, url, headers, body } = message;
        self.block('>', format_args!("{method} {url}"), headers, body.as_deref());
    }

    pub(crate) fn received(&mut self, response: &HttpResponse) {
        let HttpResponse { http_status, headers, body } = response;
        self.block('<', format_args!("{http_status}"), headers, Some(body));
    }

    pub(crate) fn note(&mut self, what: &dyn std::fmt::Display) {
        if self.is_on {
            let _ = writeln!(self.text, "* {what}");
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn block(&mut self, mark: char, first: Arguments<'_>, headers: &HeaderMap, body: Option<&str>) {
        if !self.is_on {
            return;
        }
        let text = &mut self.text;
        let _ = writeln!(text, "{mark} {first}");
        for (name, value) in headers {
            let _ = writeln!(text, "{mark} {name}: {}", shown(name, value));
        }
        for line in body.unwrap_or_default().lines() {
            let _ = writeln!(text, "{mark} {line}");
        }
    }
}

fn shown<'a>(name: &HeaderName, value: &'a HeaderValue) -> Cow<'a, str> {
    if value.is_sensitive() {
        return "Bearer [token]".into();
    }
    match String::from_utf8_lossy(value.as_bytes()) {
        Cow::Borrowed(text) => secret_headers::shown(name.as_str(), text).into(),
        Cow::Owned(text) => secret_headers::shown(name.as_str(), &text).to_string().into(),
    }
}
