//! Which headers of a request or a response are secret, and so shown nowhere.

use std::fmt;

/// A header whose name contains one of these is secret: Proxy-Authorization, Set-Cookie, X-Api-Key. `make header` copies
/// them to C#.
const SECRETS: [&str; 11] = [
    "authorization",
    "x-auth",
    "cookie",
    "token",
    "secret",
    "pass",
    "credential",
    "signature",
    "assertion",
    "jwt",
    "key",
];

/// What a value with a secret begins with, whatever the name of its header. The last one is how a JWT begins.
const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "eyJ"];

/// The value of a header as it may be shown.
pub(crate) fn shown<'a>(name: &str, value: &'a str) -> &'a str {
    let name = name.to_ascii_lowercase();
    let is_challenge = name.ends_with("-authenticate");
    let is_secret = SECRETS.iter().any(|part| name.contains(part))
        || !is_challenge && SCHEMES.iter().any(|scheme| starts_with(value.trim_start(), scheme));
    if is_secret { "[redacted]" } else { value }
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Headers for `Debug` output.
pub(crate) struct Headers<'a>(pub(crate) &'a [(String, String)]);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.iter().map(|(name, value)| (name, shown(name, value))))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_by_its_name_or_by_its_scheme() {
        for (name, value, is_secret) in [
            ("Cookie", "a", true),
            ("X-Api-Key", "a", true),
            ("X-Own", " bearer a", true),
            ("X-Own", "Basic a", true),
            ("X-Own", "a", false),
            ("X-Own", "eyJhbGciOiJub25lIn0.e30.", true),
            ("WWW-Authenticate", "Bearer error=\"insufficient_claims\"", false),
        ] {
            assert_eq!(shown(name, value) == "[redacted]", is_secret, "{name}: {value}");
        }
    }
}
