//! A request as it is sent: method, URL, headers and body.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method as HttpMethod, Url};

use crate::operation::{Method, Request};
use crate::token::Token;

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) method: HttpMethod,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<String>,
}

impl Message {
    pub(crate) fn new(
        request: &Request,
        url: Url,
        client_request_id: &str,
        token: &Token,
        body: Option<String>,
    ) -> Self {
        let method = match request.operation.row().method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Patch => HttpMethod::PATCH,
            Method::Delete => HttpMethod::DELETE,
        };
        let headers = headers(&request.headers, client_request_id, token, body.is_some());
        Self { method, url, headers, body }
    }

    /// The request for a batch.
    pub(crate) fn batch(url: Url, client_request_id: &str, token: &Token, body: String) -> Self {
        let headers = headers(&[], client_request_id, token, true);
        Self { method: HttpMethod::POST, url, headers, body: Some(body) }
    }
}

/// The caller's headers, and this library's own for names that the caller did not set. The token is always the
/// library's.
fn headers(
    own: &[(String, String)],
    client_request_id: &str,
    token: &Token,
    has_body: bool,
) -> HeaderMap {
    // Room for the library's own headers and for those that the HTTP client adds.
    let mut headers = HeaderMap::with_capacity(own.len() + 8);
    let text = |text: &str| HeaderValue::from_str(text).expect("checked with the request");
    for (name, value) in own {
        headers.append(HeaderName::try_from(name).expect("checked with the request"), text(value));
    }
    headers.insert("client-request-id", text(client_request_id));
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    if has_body {
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    }
    headers.insert(AUTHORIZATION, token.header());
    headers
}

/// The caller's client-request-id if there is one, or else a new one.
pub(crate) fn client_request_id(request: &Request) -> String {
    let own =
        request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("client-request-id"));
    own.map_or_else(new_guid, |(_, id)| id.clone())
}

/// A random GUID of version 4, to correlate requests. It need not be unpredictable.
pub(crate) fn new_guid() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let mut guid = String::with_capacity(36);
    for digit in 0..32 {
        if matches!(digit, 8 | 12 | 16 | 20) {
            guid.push('-');
        }
        guid.push(char::from(b"0123456789abcdef"[(bits >> (124 - 4 * digit)) as usize & 0xf]));
    }
    guid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_has_its_version_and_variant() {
        for _ in 0..1000 {
            let guid = new_guid();
            assert_eq!((guid.len(), &guid[14..15]), (36, "4"), "{guid}");
            assert!("89ab".contains(&guid[19..20]), "{guid}");
        }
    }
}
