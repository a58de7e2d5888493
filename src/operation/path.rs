//! Where a request goes: API version, target, action, query. Nothing a caller gives can change the path.
//! <https://learn.microsoft.com/graph/use-the-api>

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::table::{On, Row};
use crate::presence::{Invalid, ids};

/// Which of Graph's two versions answers. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[repr(i32)]
pub enum ApiVersion {
    /// `/v1.0`, the supported one.
    #[default]
    V1_0 = 0,
    /// `/beta`, which Microsoft does not support in production.
    Beta = 1,
}

/// Whose presence an operation is about. Operations on the whole collection take [`Target::Me`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Target {
    /// `/me/presence`: the user of a delegated token.
    #[default]
    Me,
    /// `/users/{id}/presence`: an object id or a user principal name.
    User(String),
    /// `/communications/presences/{id}`: an object id.
    Communications(String),
}

impl Target {
    /// A user by object id or user principal name.
    pub fn user(id: impl Into<String>) -> Self {
        Self::User(id.into())
    }

    /// The user for texts.
    pub(crate) fn subject(&self) -> &str {
        match self {
            Self::Me => "the signed-in user",
            Self::User(id) | Self::Communications(id) => id,
        }
    }
}

/// RFC 3986's unreserved characters stay; the rest, `@` included, is encoded as Microsoft's SDKs do.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// In a query also what OData writes plainly: `$filter=id in ('a','b')`.
const QUERY: &AsciiSet = &SEGMENT
    .remove(b'$')
    .remove(b',')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// Path and query below the origin.
pub(crate) fn path_and_query(
    row: &Row,
    version: ApiVersion,
    target: &Target,
    query: &[(String, String)],
) -> Result<String, Invalid> {
    let version = match version {
        ApiVersion::V1_0 => "/v1.0",
        ApiVersion::Beta => "/beta",
    };
    let mut path = match (row.on, target) {
        (On::Communications(rest), _) => format!("{version}/communications{rest}"),
        (On::Presence(action), Target::Me) => format!("{version}/me/presence{action}"),
        (On::Presence(action), Target::User(id)) => {
            format!("{version}/users/{}/presence{action}", segment(id)?)
        }
        (On::Presence(action), Target::Communications(id)) => {
            format!("{version}/communications/presences/{}{action}", segment(id)?)
        }
    };
    for (index, (name, value)) in query.iter().enumerate() {
        check_query(name)?;
        path.push(if index == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push('=');
        path.extend(utf8_percent_encode(value, QUERY));
    }
    Ok(path)
}

fn segment(id: &str) -> Result<String, Invalid> {
    ids::check(id)?;
    Ok(utf8_percent_encode(id, SEGMENT).to_string())
}

/// The name of a query option: OData's `$select`, or a service's own.
pub(crate) fn check_query(name: &str) -> Result<(), Invalid> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '-' | '_' | '.');
    if !name.is_empty() && name.chars().all(is_name) {
        return Ok(());
    }
    let fault = "is not a name; use letters, digits and one of $ - _ . as in $select";
    Err(Invalid::Query { name: name.into(), fault })
}

/// The most headers of the caller's own. Parsers on the way give up at a hundred, with ours.
const MOST_HEADERS: usize = 64;
/// The longest name of a header, in bytes.
const LONGEST_NAME: usize = 256;
/// All names and values of a request together, in bytes. Servers take 16 to 64 KiB, the token included.
const LONGEST_HEADERS: usize = 32 * 1024;

/// The caller's own headers. What decides where the request goes and as whom is not theirs to set.
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
        "has a name of more than 256 characters; use a shorter one"
    } else if name.is_empty() || !name.chars().all(is_token) {
        "is not a header's name; use letters, digits and hyphens"
    } else if name.eq_ignore_ascii_case("authorization") {
        "is set from the credential; give an access token instead"
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
    use crate::operation::Operation;

    fn path(operation: Operation, version: ApiVersion, target: Target) -> String {
        path_and_query(operation.row(), version, &target, &[]).unwrap()
    }

    #[test]
    fn the_three_spellings_of_a_presence_and_both_versions() {
        use ApiVersion::{Beta, V1_0};
        let (set, get) = (Operation::SetPresence, Operation::GetPresence);
        let table = [
            (path(set, V1_0, Target::Me), "/v1.0/me/presence/setPresence"),
            (path(set, Beta, Target::user("a@b.c")), "/beta/users/a%40b.c/presence/setPresence"),
            (
                path(set, V1_0, Target::Communications("a".into())),
                "/v1.0/communications/presences/a/setPresence",
            ),
            (path(get, V1_0, Target::user("ü#+%20")), "/v1.0/users/%C3%BC%23%2B%2520/presence"),
            (path(Operation::CreatePresence, V1_0, Target::Me), "/v1.0/communications/presences"),
            (
                path(Operation::CountPresences, Beta, Target::Me),
                "/beta/communications/presences/$count",
            ),
        ];
        for (built, wanted) in table {
            assert_eq!(built, wanted);
        }
    }

    #[test]
    fn a_query_value_cannot_become_another_option() {
        let query =
            [("$filter".into(), "id in ('a','b')".into()), ("x".into(), "1&$top=5#".into())];
        let row = Operation::ListPresences.row();
        let built = path_and_query(row, ApiVersion::V1_0, &Target::Me, &query).unwrap();
        let wanted = "?$filter=id%20in%20('a','b')&x=1%26$top%3D5%23";
        assert_eq!(built.strip_prefix("/v1.0/communications/presences"), Some(wanted));
    }

    #[test]
    fn a_header_that_decides_where_or_as_whom_is_refused() {
        for (name, value, fault) in [
            ("", "x", "is not a header's name"),
            ("a b", "x", "is not a header's name"),
            ("Authorization", "x", "is set from the credential"),
            ("HOST", "x", "belongs to the connection"),
            ("X-Note", "a\r\nHost: b", "has a value with a line break"),
            ("X-Note", "ü", "another character that HTTP cannot carry"),
        ] {
            assert!(check_header(name, value).unwrap_err().to_string().contains(fault), "{name}");
        }
        let long = "a".repeat(257);
        let text = check_header(&long, "x").unwrap_err().to_string();
        assert!(
            text.ends_with("has a name of more than 256 characters; use a shorter one"),
            "{text}"
        );
        assert_eq!(check_header("ConsistencyLevel", "eventual"), Ok(()));
        assert_eq!(check_header("User-Agent", "mine/1"), Ok(()));
    }

    #[test]
    fn more_headers_than_a_server_takes_are_refused() {
        let headers = |count, length| vec![("X".to_string(), "a".repeat(length)); count];
        assert_eq!(check_headers(&headers(64, 500)), Ok(()));
        for (headers, text) in [
            (headers(25_000, 0), "the request has 25000 headers; give at most 64"),
            (headers(1, 32_768), "the headers have 32769 bytes; give at most 32768 in all"),
        ] {
            assert_eq!(check_headers(&headers).unwrap_err().to_string(), text);
        }
    }
}
