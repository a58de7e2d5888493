//! Who may use the control API: a program on this machine, or with `--allow-remote` anyone. A web page in a browser on
//! this machine may not, although it reaches loopback: it could steer the emulator and read the tokens it received.

use std::net::IpAddr;

use crate::http::{GraphError, Request};

/// Browsers send `Origin` with every request of a page that changes something. To read an answer, a page needs the
/// emulator's origin, which it gets by pointing a name of its own to loopback: then `Host` has that name.
pub(super) fn check(request: &Request, allow_remote: bool) -> Result<(), GraphError> {
    if let Some(origin) = request.header("origin") {
        let message = format!("The control API is not for web pages, and {origin} is one.");
        return Err(GraphError::forbidden(message));
    }
    match request.header("host") {
        Some(host) if !allow_remote && !is_loopback(host) => {
            let message = format!(
                "{host} is not a name of this machine; use localhost or 127.0.0.1, or start the emulator with --allow-remote."
            );
            Err(GraphError::forbidden(message))
        }
        _ => Ok(()),
    }
}

/// `host` may have a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address: Result<IpAddr, _> = name.trim_matches(['[', ']']).parse();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_that_nobody_can_point_elsewhere_are_loopback() {
        for host in
            ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.9.9.9", "[::1]", "[::1]:80"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "contoso.com",
            "localhost.contoso.com:80",
            "10.0.0.1",
            "[::2]:80",
            "127.0.0.1.nip.io",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
