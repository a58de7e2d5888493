//! The proxy for an https origin: the caller's own, or else that of the environment or the system.

use std::error::Error as StdError;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Proxy;
use reqwest::header::HeaderValue;
use url::Url;

use super::{HttpOptions, Origin, TransportFailure};

const FORM: &str = "is not the URL of an HTTP proxy. Write http://host:port or http://user:password@host:port, with @ as \
                    %40 and / as %2F in the password";

/// The caller's own proxy.
pub(super) fn given(url: &str) -> Result<Proxy, TransportFailure> {
    let fail = || TransportFailure::Option { name: "proxy_url", reason: FORM.into() };
    // reqwest silently connects without a proxy if it cannot parse the URL.
    read(url).ok_or_else(fail)?;
    let has_scheme = Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    has_scheme.then(|| Proxy::all(url).ok()).flatten().ok_or_else(fail)
}

/// The environment variables that name a proxy, or where it does not apply.
pub(crate) const VARIABLES: [&str; 7] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

/// Whether a system has settings for proxies beside the environment variables.
const HAS_SETTINGS: bool = cfg!(any(windows, target_vendor = "apple"));

/// What environment variables say about the proxy for an https origin.
#[derive(Debug, Eq, PartialEq)]
enum Said {
    /// They name none, so it is up to the system.
    Nothing,
    /// The origin is exempt, or this is CGI.
    Direct,
    Url(String),
}

/// Reads the variables of a process, or those that the caller gives instead. A value that is not a valid URL is refused, since
/// reqwest would silently connect without a proxy.
fn said(origin: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Said, TransportFailure> {
    let first = |names: [&'static str; 2]| {
        let set = names.into_iter().find_map(|name| Some((name, variable(name)?)));
        set.filter(|(_, value)| !value.is_empty())
    };
    let https = first(["HTTPS_PROXY", "https_proxy"]);
    let Some((name, value)) = https.or_else(|| first(["ALL_PROXY", "all_proxy"])) else {
        return Ok(Said::Nothing);
    };
    // Under CGI, a client could set HTTP_PROXY with a header, so reqwest ignores these variables.
    if variable("REQUEST_METHOD").is_some() {
        return Ok(Said::Direct);
    }
    let exempt = first(["NO_PROXY", "no_proxy"]).map(|(_, hosts)| hosts).unwrap_or_default();
    let any = Matcher::builder().all("http://localhost").no(exempt).build();
    if intercepted(&any, origin).is_none() {
        return Ok(Said::Direct);
    }
    let url = if value.contains("://") { value.clone() } else { format!("http://{value}") };
    match read(value.trim_end_matches('/')).and(given(&url).ok()) {
        Some(_) => Ok(Said::Url(url)),
        None => Err(TransportFailure::Environment { name, reason: FORM }),
    }
}

/// The `proxy_url` that variables stand for, which may be given in place of those of the process; `None` for the system's
/// settings.
pub(crate) fn named_by(
    origin: &Origin,
    given: impl Fn(&str) -> Option<String>,
    process: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, TransportFailure> {
    if goes_direct(origin) {
        return Ok(None);
    }
    let origin = origin.to_string();
    Ok(match said(&origin, given)? {
        Said::Url(url) => Some(url),
        Said::Direct => Some(String::new()),
        // reqwest would read the variables of the process before the system's settings.
        Said::Nothing => match said(&origin, process) {
            Ok(Said::Nothing) if HAS_SETTINGS => None,
            _ => Some(String::new()),
        },
    })
}

/// The proxy that requests use, without user and password.
pub(super) fn on_the_way(options: &HttpOptions) -> Option<String> {
    way(options.proxy_url.as_deref(), &options.origin, Matcher::from_system)
}

/// Whether requests to an origin bypass the system's proxy: it would see the token in plain http, and it cannot reach this
/// machine's loopback.
pub(super) fn goes_direct(origin: &Origin) -> bool {
    !origin.is_https() || origin.is_loopback()
}

/// `system` reads the proxies of the environment and the system.
fn way(own: Option<&str>, origin: &Origin, system: impl FnOnce() -> Matcher) -> Option<String> {
    match own {
        Some(url) => read(url),
        None if goes_direct(origin) => None,
        None => intercepted(&system(), &origin.to_string()),
    }
}

/// The fault of a proxy and the advice, if a failure is about a proxy.
pub(super) fn explain<'a>(
    mut causes: impl Iterator<Item = &'a (dyn StdError + 'static)>,
) -> Option<(Fault, &'static str)> {
    let said = causes
        .find_map(|cause| cause.to_string().strip_prefix("tunnel error: ").map(str::to_owned))?;
    Some(match said.as_str() {
        "failed to create underlying connection" => {
            (Fault::Unreachable, "Check the proxy that the client, HTTPS_PROXY or the system names")
        }
        "proxy authorization required" => (
            Fault::Says("wants a user and a password"),
            "Write them into its URL: http://user:password@host:port",
        ),
        _ => (
            Fault::Says("made no connection"),
            "Check that it lets connections to the base URL through",
        ),
    })
}

/// What a proxy did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// The proxy cannot be reached, for the reason in the causes.
    Unreachable,
    Says(&'static str),
}

/// The scheme, host and port of a proxy as reqwest parses them; `None` if it cannot parse the URL, or if the scheme is
/// not HTTP.
fn read(url: &str) -> Option<String> {
    HeaderValue::from_str(url).ok().filter(|_| !is_ambiguous(url))?;
    intercepted(&Matcher::builder().all(url).build(), "https://graph.microsoft.com")
}

/// Whether it is unclear where the password in a URL ends: parsers differ, and the rest of it would be shown as the host.
fn is_ambiguous(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    authority.matches('@').count() > 1 || path.contains('@')
}

fn intercepted(matcher: &Matcher, origin: &str) -> Option<String> {
    let proxy = matcher.intercept(&origin.parse().ok()?)?.uri().clone();
    let scheme = proxy.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    let port = proxy.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", proxy.host()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| value.to_string())
        }
    }

    fn check(variables: &[(&str, &str)]) -> Result<(), String> {
        let said = said("https://graph.microsoft.com", of(variables));
        said.map(drop).map_err(|it| it.to_string())
    }

    #[test]
    fn the_callers_variables_stand_in_for_those_of_the_process() {
        let proxy = ("https_proxy", "http://me:hush@proxy:8080");
        const GRAPH: &str = "https://graph.microsoft.com";
        for (origin, given, process, expected) in [
            (GRAPH, vec![proxy], vec![], Some("http://me:hush@proxy:8080")),
            (GRAPH, vec![("ALL_PROXY", "proxy:8080")], vec![proxy], Some("http://proxy:8080")),
            (GRAPH, vec![proxy, ("NO_PROXY", "microsoft.com")], vec![], Some("")),
            (GRAPH, vec![proxy, ("REQUEST_METHOD", "GET")], vec![], Some("")),
            (GRAPH, vec![], vec![proxy], Some("")),
            (GRAPH, vec![], vec![], (!HAS_SETTINGS).then_some("")),
            ("http://127.0.0.1:8080", vec![proxy], vec![], None),
        ] {
            let named = named_by(&Origin::new(origin, true).unwrap(), of(&given), of(&process));
            assert_eq!(named.unwrap().as_deref(), expected, "{origin} {given:?} {process:?}");
        }
    }

    #[test]
    fn an_invalid_proxy_variable_is_refused_by_name() {
        for (name, value) in [
            ("HTTPS_PROXY", "not a url"),
            ("https_proxy", "http://"),
            ("ALL_PROXY", "socks5://127.0.0.1:1080"),
            ("HTTPS_PROXY", "http://me:hush@ho st:1"),
            ("HTTPS_PROXY", "http:/proxy:8080"),
            ("HTTPS_PROXY", "http://proxy:99999"),
            ("HTTPS_PROXY", "http://me:p@hush@proxy:1"),
            ("HTTPS_PROXY", "http://me:1/hush@proxy:1"),
        ] {
            let text = check(&[(name, value)]).unwrap_err();
            assert!(
                text.starts_with(&format!("The environment variable {name} is not the URL")),
                "{text}"
            );
            assert!(!text.contains("hush"), "{text}");
        }
    }

    #[test]
    fn a_proxy_variable_that_is_not_used_is_not_checked() {
        let garbage = ("HTTPS_PROXY", "not a url");
        for variables in [
            vec![],
            vec![("HTTPS_PROXY", "")],
            vec![("HTTPS_PROXY", "proxy.contoso.example:8080")],
            vec![("HTTPS_PROXY", "me:hush@proxy:8080/")],
            vec![("HTTPS_PROXY", "HTTP://proxy:8080"), ("ALL_PROXY", "not a url")],
            vec![garbage, ("NO_PROXY", "example.com, microsoft.com")],
            vec![garbage, ("REQUEST_METHOD", "GET")],
        ] {
            assert_eq!(check(&variables), Ok(()), "{variables:?}");
        }
    }

    #[test]
    fn the_callers_proxy_overrides_the_systems_and_loopback_has_none() {
        let system = || Matcher::builder().all("http://system:3128").build();
        for (own, origin, expected) in [
            (None, "https://graph.microsoft.com", Some("http://system:3128")),
            (Some("http://own:1"), "https://graph.microsoft.com", Some("http://own:1")),
            (Some(""), "https://graph.microsoft.com", None),
            (None, "https://127.0.0.1:8443", None),
            (None, "http://127.0.0.1:8080", None),
        ] {
            let origin = Origin::new(origin, true).unwrap();
            assert_eq!(way(own, &origin, system).as_deref(), expected, "{own:?} to {origin}");
        }
    }

    #[test]
    fn a_proxy_is_parsed_in_any_case_and_shown_without_its_password() {
        assert_eq!(read("HTTP://me:hush@Proxy:8080/x").as_deref(), Some("http://Proxy:8080"));
        assert!(given("HTTP://me:hush@proxy:8080").is_ok());
        for url in ["proxy:8080", "http://me:p@hush@proxy:1", "http://me:1#hush@proxy:1"] {
            assert!(given(url).is_err(), "{url}");
        }
        assert_eq!(read("http://me:p%40%2F@[::1]:8080").as_deref(), Some("http://[::1]:8080"));
    }
}
