//! The ways in which a browser returns parameters to the application.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::EntraError;
use super::form::Form;
use crate::http::Answer;

type Parameter = (&'static str, String);

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum ResponseMode {
    #[default]
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub(super) fn of(form: &Form) -> Result<Self, EntraError> {
        match form.get("response_mode") {
            None | Some("query") => Ok(Self::Query),
            Some("fragment") => Ok(Self::Fragment),
            Some("form_post") => Ok(Self::FormPost),
            Some(other) => Err(EntraError::response_mode(other)),
        }
    }

    /// Sends the browser to `uri` by a redirect, or by a page with a form that submits itself.
    pub(super) fn send_back(self, uri: &str, parameters: &[Parameter]) -> Answer {
        let mark = match self {
            Self::FormPost => {
                return Answer::text(200, "text/html; charset=utf-8", form(uri, parameters));
            }
            Self::Fragment => '#',
            Self::Query if uri.contains('?') => '&',
            Self::Query => '?',
        };
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value)));
        let pairs = pairs.collect::<Vec<_>>().join("&");
        Answer::empty(302).with("location", format!("{uri}{mark}{pairs}"))
    }
}

/// The page with the form. A script submits the form; without scripts, the user does.
fn form(uri: &str, parameters: &[Parameter]) -> String {
    let inputs = parameters.iter().map(|(name, value)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
    });
    format!(
        "<!doctype html><title>Working...</title><form method=\"POST\" name=\"hiddenform\" action=\"{}\">{}<noscript><button>Continue</button></noscript></form><script>document.forms[0].submit();</script>",
        escape(uri),
        inputs.collect::<String>()
    )
}

/// Escapes text for an HTML page or attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::ResponseMode;

    #[test]
    fn parameters_travel_in_the_query_the_fragment_or_a_form() {
        let parameters = [("code", "a&b".to_owned()), ("state", "\"<".to_owned())];
        let location = |mode: ResponseMode, uri| {
            let answer = mode.send_back(uri, &parameters);
            answer.headers.into_iter().find(|(name, _)| name == "location").unwrap().1
        };
        let pairs = "code=a%26b&state=%22%3C";
        for (mode, uri, expected) in [
            (ResponseMode::Query, "https://app.example/", format!("https://app.example/?{pairs}")),
            (
                ResponseMode::Query,
                "https://app.example/?a=b",
                format!("https://app.example/?a=b&{pairs}"),
            ),
            (
                ResponseMode::Fragment,
                "https://app.example/",
                format!("https://app.example/#{pairs}"),
            ),
        ] {
            assert_eq!(location(mode, uri), expected);
        }
        let page = ResponseMode::FormPost.send_back("https://app.example/?a=b&c", &parameters);
        let page = String::from_utf8(page.body).unwrap();
        for part in [
            "action=\"https://app.example/?a=b&amp;c\"",
            "name=\"code\" value=\"a&amp;b\"",
            "name=\"state\" value=\"&quot;&lt;\"",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }
}
