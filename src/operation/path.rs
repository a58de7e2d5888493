//! The path and query of a request: API version, target, action, options. No value that a caller gives can change the
//! path.
//! <https://learn.microsoft.com/graph/use-the-api>

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Invalid;
use super::row::{On, Row};
use super::target::{ApiVersion, Target};
use crate::presence::id;

/// In a path segment everything except RFC 3986's unreserved characters is encoded, including `@`, as in Microsoft's
/// SDKs.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// In a query the characters of OData are not encoded either: `$filter=id in ('a','b')`.
const QUERY: &AsciiSet = &SEGMENT
    .remove(b'$')
    .remove(b',')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// The longest path with its query, in bytes. A URL of 65,534 bytes can be sent, with a base URL of up to 1,024.
const LONGEST_PATH: usize = 64_000;

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
    check_length(&path)?;
    Ok(path)
}

/// Refuses a path that is too long to be sent. On the wire a quotation mark is `%27`.
fn check_length(path: &str) -> Result<(), Invalid> {
    let length = path.len() + 2 * path.matches('\'').count();
    match length > LONGEST_PATH {
        true => Err(Invalid::PathTooLong { length, limit: LONGEST_PATH }),
        false => Ok(()),
    }
}

fn segment(id: &str) -> Result<String, Invalid> {
    id::check(id)?;
    Ok(utf8_percent_encode(id, SEGMENT).to_string())
}

/// Refuses a name that cannot be a query option, such as `$select`.
pub(crate) fn check_query(name: &str) -> Result<(), Invalid> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '-' | '_' | '.');
    if !name.is_empty() && name.chars().all(is_name) {
        return Ok(());
    }
    let fault = "is not a name. Use letters, digits and the characters $ - _ . as in $select";
    Err(Invalid::Query { name: name.into(), fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    fn path(operation: Operation, version: ApiVersion, target: Target) -> String {
        path_and_query(operation.row(), version, &target, &[]).unwrap()
    }

    #[test]
    fn a_path_has_the_version_the_target_and_the_action() {
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
    fn a_path_has_a_longest_length_on_the_wire() {
        let length_of = |value: String| {
            let query = [("x".into(), value)];
            let row = Operation::ListPresences.row();
            path_and_query(row, ApiVersion::V1_0, &Target::Me, &query).map(|path| path.len())
        };
        let longest = LONGEST_PATH - "/v1.0/communications/presences?x=".len();
        assert_eq!(length_of("a".repeat(longest)), Ok(LONGEST_PATH));
        for value in ["a".repeat(longest + 1), "'".repeat(longest / 3 + 1)] {
            let error = length_of(value).unwrap_err();
            assert!(
                matches!(error, Invalid::PathTooLong { length: 64_001..=64_003, .. }),
                "{error}"
            );
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
}
