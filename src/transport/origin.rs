//! The origin of the base URL: scheme, host and port. The token is not sent anywhere else.

use std::fmt;

use url::{Host, Url};

use super::TransportFailure;

/// The longest URL that is sent, in bytes, because the `http` crate stores the length in 16 bits. Servers accept less.
const LONGEST_URL: usize = 65_534;

/// The longest base URL: a host has at most 253 characters.
const LONGEST_BASE_URL: usize = 1024;

/// An origin that a token may be sent to: https, or http on loopback if the caller allows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Origin {
    url: Url,
    is_loopback: bool,
}

impl Origin {
    pub(crate) fn new(base_url: &str, allow_loopback_http: bool) -> Result<Self, TransportFailure> {
        let refuse = |reason| TransportFailure::BaseUrl { given: base_url.into(), reason };
        if base_url.len() > LONGEST_BASE_URL {
            return Err(refuse("is too long. Write https://host"));
        }
        let url = Url::parse(base_url).map_err(|_| refuse("is not a URL. Write https://host"))?;
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(refuse("has no host. Write https://host")),
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback && allow_loopback_http => {}
            "http" if is_loopback => {
                return Err(refuse("is plain http. Allow loopback http to use it"));
            }
            _ => return Err(refuse("would show the token on the wire. Use https")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            // Do not show what was given, since it may contain a password.
            let given =
                format!("{}://…@{}", url.scheme(), url.host_str().unwrap_or_default()).into();
            let reason = "has a user name. Credentials do not belong in a base URL";
            return Err(TransportFailure::BaseUrl { given, reason });
        }
        if url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
            return Err(refuse("has a path or a query. Give scheme, host and port only"));
        }
        Ok(Self { url, is_loopback })
    }

    /// The origin of an endpoint on this machine or its own network: plain http on loopback, or on a link-local address.
    pub(crate) fn of_machine(url: &Url) -> Option<Self> {
        let is_loopback = match url.host()? {
            Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let is_link_local = matches!(url.host()?, Host::Ipv4(address) if address.is_link_local());
        let is_plain =
            url.scheme() == "http" && url.username().is_empty() && url.password().is_none();
        let url = Url::parse(&url.origin().ascii_serialization()).ok()?;
        (is_plain && (is_loopback || is_link_local)).then_some(Self { url, is_loopback })
    }

    /// Adds a path and query that this crate has built. The length is checked before parsing, and again after encoding.
    pub(crate) fn join(&self, path_and_query: &str) -> Result<Url, TransportFailure> {
        let too_long = |length| TransportFailure::UrlTooLong { length, limit: LONGEST_URL };
        check_length(self.as_str().len() + path_and_query.len(), too_long)?;
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        // Setting the path of a parsed URL cannot change its host, and avoids parsing it again.
        let mut url = self.url.clone();
        url.set_path(path);
        url.set_query(query);
        check_length(url.as_str().len(), too_long)?;
        Ok(url)
    }

    /// Accepts a URL from the service, such as a nextLink, only if it has this origin.
    pub(crate) fn admit(&self, url: &str) -> Result<Url, TransportFailure> {
        let too_long = |length| TransportFailure::LinkTooLong { length, limit: LONGEST_URL };
        check_length(url.len(), too_long)?;
        let elsewhere = || TransportFailure::Origin { given: url.into(), origin: self.to_string() };
        let parsed = Url::parse(url).map_err(|_| elsewhere())?;
        let has_credentials = !parsed.username().is_empty() || parsed.password().is_some();
        if !self.is_of(&parsed) || has_credentials {
            return Err(elsewhere());
        }
        check_length(parsed.as_str().len(), too_long)?;
        Ok(parsed)
    }

    /// Whether a URL has this origin. It compares what `Url::origin` compares, without allocating.
    fn is_of(&self, url: &Url) -> bool {
        url.scheme() == self.url.scheme()
            && url.host() == self.url.host()
            && url.port_or_known_default() == self.url.port_or_known_default()
    }

    fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

/// Refuses a URL that cannot be sent.
fn check_length(
    length: usize,
    too_long: impl FnOnce(usize) -> TransportFailure,
) -> Result<(), TransportFailure> {
    if length > LONGEST_URL { Err(too_long(length)) } else { Ok(()) }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_accepted_and_http_only_on_loopback_on_request() {
        for (url, allow, accepted) in [
            ("https://graph.microsoft.com", false, true),
            ("https://graph.microsoft.com/", false, true),
            ("https://127.0.0.1:8443", false, true),
            ("http://127.0.0.1:8080", true, true),
            ("http://127.0.0.1:8080", false, false),
            ("http://[::1]:8080", true, true),
            ("http://localhost:8080", true, true),
            ("http://localhost.evil.example", true, false),
            ("http://graph.microsoft.com", true, false),
            ("http://127.0.0.1.evil.example", true, false),
            ("https://user@graph.microsoft.com", false, false),
            ("https://graph.microsoft.com/v1.0", false, false),
            ("https://graph.microsoft.com?x", false, false),
            ("https://xn--bcher-kva.example", false, true),
            ("https://bücher.example", false, false),
            ("ftp://127.0.0.1", true, false),
            ("graph.microsoft.com", false, false),
            ("", false, false),
        ] {
            assert_eq!(Origin::new(url, allow).is_ok(), accepted, "{url}");
        }
    }

    #[test]
    fn a_password_in_a_base_url_is_not_shown() {
        let text =
            Origin::new("https://me:hush@graph.microsoft.com", false).unwrap_err().to_string();
        assert!(
            text.starts_with("Base URL \"https://…@graph.microsoft.com\" has a user name"),
            "{text}"
        );
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for (url, is_loopback) in [
            ("https://graph.microsoft.com", false),
            ("https://192.0.2.1", false),
            ("https://127.0.0.1:8443", true),
            ("https://[::1]", true),
            ("https://localhost", true),
        ] {
            assert_eq!(Origin::new(url, false).unwrap().is_loopback(), is_loopback, "{url}");
        }
    }

    #[test]
    fn only_loopback_and_link_local_endpoints_are_of_this_machine() {
        for (url, is_near) in [
            ("http://127.0.0.1:41741/msi/token", true),
            ("http://localhost:40342/metadata/identity/oauth2/token", true),
            ("http://169.254.169.254/metadata", true),
            ("http://169.255.169.254/metadata", false),
            ("http://10.0.0.1/msi/token", false),
            ("http://localhost.evil.example/msi", false),
            ("http://user:pw@localhost/msi", false),
            ("https://127.0.0.1/msi", false),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!(Origin::of_machine(&parsed).is_some(), is_near, "{url}");
        }
    }

    #[test]
    fn a_link_to_another_origin_is_refused() {
        let origin = Origin::new("https://graph.microsoft.com", false).unwrap();
        for (url, admitted) in [
            ("https://graph.microsoft.com/v1.0/communications/presences?$skiptoken=x", true),
            ("https://graph.microsoft.com:443/x", true),
            ("https://graph.microsoft.com:444/x", false),
            ("http://graph.microsoft.com/x", false),
            ("https://graph.microsoft.com.evil.example/x", false),
            ("https://graph.microsoft.com@evil.example/x", false),
            ("https://me@graph.microsoft.com/x", false),
            ("https://:password@graph.microsoft.com/x", false),
            ("/v1.0/x", false),
        ] {
            assert_eq!(origin.admit(url).is_ok(), admitted, "{url}");
        }
    }

    #[test]
    fn no_path_changes_the_origin() {
        let origin = Origin::new("https://graph.microsoft.com", false).unwrap();
        for (path, url) in [
            ("/v1.0/me?$select=id", "/v1.0/me?$select=id"),
            ("/v1.0/users/a%2Fb/presence", "/v1.0/users/a%2Fb/presence"),
            ("//evil.example/x", "//evil.example/x"),
            ("@evil.example", "/@evil.example"),
            (":444/x", "/:444/x"),
            ("https://evil.example/", "/https://evil.example/"),
            ("/a#b?c#d", "/a%23b?c%23d"),
        ] {
            let joined = origin.join(path).unwrap();
            assert_eq!(joined.as_str(), format!("{origin}{url}"));
            assert_eq!(joined.host_str(), Some("graph.microsoft.com"));
        }
    }

    #[test]
    fn the_longest_url_is_accepted_and_one_byte_more_is_refused() {
        let origin = Origin::new("https://graph.microsoft.com", false).unwrap();
        let path = |length: usize| format!("/{}", "a".repeat(length - 1));
        let longest = LONGEST_URL - origin.to_string().len();
        assert!(origin.join(&path(longest)).is_ok());
        let length = LONGEST_URL + 1;
        assert_eq!(
            origin.join(&path(longest + 1)),
            Err(TransportFailure::UrlTooLong { length, limit: LONGEST_URL })
        );
        // Each byte of an encoded character takes three bytes.
        let link = format!("{origin}/{}", "ü".repeat(20_000));
        assert!(matches!(
            origin.admit(&link),
            Err(TransportFailure::LinkTooLong { length: 120_028.., .. })
        ));
    }

    #[test]
    fn a_base_url_that_is_too_long_is_refused_without_parsing() {
        let url = format!("https://{}", "a".repeat(70_000));
        assert!(Origin::new(&url, false).unwrap_err().to_string().contains("is too long"));
    }
}
