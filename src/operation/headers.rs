//! The caller's own headers: which may be sent, and how many.

use super::Invalid;

/// The most headers that a caller may add. Common HTTP parsers, the one of this library included, stop at 100.
const MOST_HEADERS: usize = 64;
/// The longest name of a header, in bytes.
const LONGEST_NAME: usize = 256;
/// The length of all names and values of a request, in bytes. Servers accept 16 to 64 KiB, including the token.
const LONGEST_HEADERS: usize = 32 * 1024;

/// Refuses headers that would decide where the request goes or on whose behalf, and headers that HTTP cannot carry.
pub(crate) fn check_headers(headers: &[(String, String)]) -> Result<(), Invalid> {
    if headers.len() > MOST_HEADERS {
        return Err(Invalid::TooManyHeaders { count: headers.len(), limit: MOST_HEADERS });
    }
    let length = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if length > LONGEST_HEADERS {
        return Err(Invalid::HeadersTooLong { length, limit: LONGEST_HEADERS });
    }
    headers.iter().try_for_each(|(name, value)| check_header(name, value))
}

fn check_header(name: &str, value: &str) -> Result<(), Invalid> {
    const OURS: [&str; 12] = [
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let fault = if name.len() > LONGEST_NAME {
        "has a name of more than 256 characters. Use a shorter one"
    } else if name.is_empty() || !name.chars().all(is_token) {
        "is not the name of a header. Use letters, digits and hyphens"
    } else if name.eq_ignore_ascii_case("authorization") {
        "is set from the credential. Give an access token instead"
    } else if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
        "belongs to the connection and cannot be set"
    } else if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t') {
        "has a value with a line break or another character that HTTP cannot carry"
    } else {
        return Ok(());
    };
    Err(Invalid::Header { name: name.into(), fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forbidden_header_is_refused_with_its_reason() {
        for (name, value, fault) in [
            ("", "x", "is not the name of a header"),
            ("a b", "x", "is not the name of a header"),
            ("Authorization", "x", "is set from the credential"),
            ("HOST", "x", "belongs to the connection"),
            ("X-Note", "a\r\nHost: b", "has a value with a line break"),
            ("X-Note", "ü", "another character that HTTP cannot carry"),
        ] {
            assert!(check_header(name, value).unwrap_err().to_string().contains(fault), "{name}");
        }
        assert_eq!(check_header(&"a".repeat(256), "x"), Ok(()));
        let long = "a".repeat(257);
        let text = check_header(&long, "x").unwrap_err().to_string();
        assert!(
            text.ends_with("has a name of more than 256 characters. Use a shorter one."),
            "{text}"
        );
        assert_eq!(check_header("ConsistencyLevel", "eventual"), Ok(()));
        assert_eq!(check_header("User-Agent", "mine/1"), Ok(()));
    }

    #[test]
    fn too_many_or_too_long_headers_are_refused() {
        let headers = |count, length| vec![("X".to_string(), "a".repeat(length)); count];
        assert_eq!(check_headers(&headers(64, 500)), Ok(()));
        for (headers, text) in [
            (headers(25_000, 0), "The request has 25000 headers. Give at most 64."),
            (headers(1, 32_768), "The headers have 32769 bytes. Give at most 32768 in all."),
        ] {
            assert_eq!(check_headers(&headers).unwrap_err().to_string(), text);
        }
    }
}
