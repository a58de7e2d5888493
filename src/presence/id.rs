//! The user id in a request path. Ids come from files and forms, so they must not be able to change the path.
//! <https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-userprincipalname>

use std::fmt;

use crate::quoted::{Quoted, is_hidden};

/// The longest id that is sent, in bytes; a user principal name has at most 113 characters.
const LONGEST: usize = 256;

/// An id that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct InvalidId {
    given: Box<str>,
    fault: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "User id \"{}\" {}. Use an object id or a user principal name of at most {LONGEST} bytes.",
            Quoted(&self.given),
            self.fault
        )
    }
}

/// Refuses an id that would change the path or that no user can have. `#` is allowed, since the principal names of
/// guests contain one.
pub(crate) fn check(id: &str) -> Result<(), InvalidId> {
    let fault = if id.is_empty() {
        "is empty"
    } else if id.len() > LONGEST {
        "is too long"
    } else if id.contains(['/', '\\', '?']) || id == "." || id == ".." {
        "would change the path"
    } else if id.contains(|c: char| is_hidden(c) || c.is_whitespace()) {
        "contains white space or an invisible character"
    } else {
        return Ok(());
    };
    Err(InvalidId { given: id.into(), fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_id_and_every_principal_name_pass() {
        for id in [
            "fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
            "AdeleV@contoso.example",
            "adele_fabrikam.com#EXT#@contoso.example",
            "o'neil+x@contoso.example",
            "müller@contoso.example",
            "100%@contoso.example",
        ] {
            assert_eq!(check(id), Ok(()), "{id}");
        }
    }

    #[test]
    fn the_longest_id_passes_and_one_byte_more_does_not() {
        assert_eq!(check(&"a".repeat(LONGEST)), Ok(()));
        assert!(check(&"a".repeat(LONGEST + 1)).is_err());
    }

    #[test]
    fn each_invalid_id_is_refused_with_its_reason() {
        let long = "a".repeat(64 * 1024);
        for (id, reason) in [
            ("", "is empty"),
            (".", "would change the path"),
            ("..", "would change the path"),
            ("../../x", "would change the path"),
            ("a/b?c#d", "would change the path"),
            ("a\\b", "would change the path"),
            ("adele ", "\"adele \" contains white space or an invisible character"),
            ("a\r\nHost: b", "contains white space or an invisible character"),
            ("\u{feff}adele", "\"\\u{feff}adele\" contains white space or an invisible character"),
            (long.as_str(), "is too long"),
        ] {
            assert!(check(id).unwrap_err().to_string().contains(reason), "{reason}");
        }
    }

    #[test]
    fn a_long_id_is_truncated_in_the_message() {
        let text = check(&"a".repeat(65_536)).unwrap_err().to_string();
        assert!(
            text.starts_with("User id \"aaaa")
                && text.contains("… (65536 characters)\" is too long")
        );
        assert!(text.len() < 200, "{text}");
    }
}
