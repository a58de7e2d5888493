//! What the browser brings back.

use url::Url;
use zeroize::Zeroizing;

use crate::token::Secret;

/// A request to the loopback port.
#[derive(Debug)]
pub(super) enum Redirect {
    Code(Secret),
    /// OAuth's word and Entra's description, without secrets.
    Refused {
        error: String,
        description: String,
    },
    /// Not the redirect: an icon that a browser asks for, or a request from another program.
    Other,
}

/// Reads the first line of a request. A request without this sign-in's state comes from elsewhere.
pub(super) fn read(request: &str, state: &str) -> Redirect {
    let line = request.lines().next().unwrap_or_default();
    let path = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next());
    let url = path
        .filter(|path| path.starts_with('/'))
        .and_then(|path| Url::parse(&format!("http://localhost{path}")).ok());
    let Some(url) = url else { return Redirect::Other };
    let parameter = |name: &str| {
        let found = url.query_pairs().find(|(known, _)| known == name);
        found.map(|(_, value)| Zeroizing::new(value.into_owned()))
    };
    if parameter("state").is_none_or(|given| *given != state) {
        return Redirect::Other;
    }
    match (parameter("code"), parameter("error")) {
        (Some(code), None) if !code.is_empty() => Redirect::Code(Secret::new(&code)),
        (_, Some(error)) => Redirect::Refused {
            error: error.to_string(),
            description: parameter("error_description")
                .map(|it| it.to_string())
                .unwrap_or_default(),
        },
        _ => Redirect::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(request: &str) -> String {
        match read(request, "the-state") {
            Redirect::Code(code) => format!("code {}", code.as_str()),
            Redirect::Refused { error, description } => format!("{error}: {description}"),
            Redirect::Other => "other".into(),
        }
    }

    #[test]
    fn only_a_request_with_the_state_is_the_redirect() {
        for (request, expected) in [
            ("GET /?code=a%2Fb&state=the-state HTTP/1.1\r\n", "code a/b"),
            ("GET /?state=the-state&code=x&session_state=1 HTTP/1.1\r\nHost: x", "code x"),
            (
                "GET /?error=access_denied&error_description=AADSTS65004%3A+no&state=the-state HTTP/1.1",
                "access_denied: AADSTS65004: no",
            ),
            ("GET /?code=x&state=another HTTP/1.1", "other"),
            ("GET /?code=x HTTP/1.1", "other"),
            ("GET /?code=&state=the-state HTTP/1.1", "other"),
            ("GET /?state=the-state HTTP/1.1", "other"),
            ("GET /favicon.ico HTTP/1.1", "other"),
            ("POST /?code=x&state=the-state HTTP/1.1", "other"),
            ("GET http://evil.example/?code=x&state=the-state HTTP/1.1", "other"),
            ("", "other"),
        ] {
            assert_eq!(told(request), expected, "{request}");
        }
    }
}
