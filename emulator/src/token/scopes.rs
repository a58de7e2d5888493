//! Delegated permissions as a client asks for them.
//! <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>

const GRAPH: &str = "https://graph.microsoft.com";

/// Scopes that are about the sign-in and not about a resource.
const OPEN_ID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scopes of a delegated request: one resource, and its permissions by their short names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Scopes {
    pub(crate) resource: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) is_offline: bool,
    pub(crate) is_open_id: bool,
}

/// Why scopes are refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ScopeError {
    /// None of them belongs to a resource.
    NoResource,
    /// The application has no consent for one of them.
    NoConsent,
}

impl Scopes {
    /// Short names are Graph's; `<resource>/.default` means all that was consented to. `consented`: `None` for everything.
    pub(crate) fn parse(text: &str, consented: Option<&[String]>) -> Result<Self, ScopeError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let has = |word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        let is_of_resource = |word: &&&str| !OPEN_ID.iter().any(|id| id.eq_ignore_ascii_case(word));
        let of_resource: Vec<&str> = words.iter().filter(is_of_resource).copied().collect();
        let (resource, _) = split(of_resource.first().ok_or(ScopeError::NoResource)?);
        let mut permissions = Vec::new();
        for (_, name) in of_resource.iter().map(|word| split(word)) {
            permissions.extend(permitted(name, consented)?);
        }
        Ok(Self {
            resource: resource.into(),
            permissions,
            is_offline: has("offline_access"),
            is_open_id: has("openid"),
        })
    }

    /// As the answer to a token request lists them.
    pub(crate) fn text(&self) -> String {
        let names = self.permissions.iter().map(|name| format!("{}/{name}", self.resource));
        names.collect::<Vec<_>>().join(" ")
    }
}

fn permitted(name: &str, consented: Option<&[String]>) -> Result<Vec<String>, ScopeError> {
    match (name, consented) {
        (".default", Some(consented)) => Ok(consented.to_vec()),
        (".default", None) => Ok(vec!["Presence.ReadWrite".into(), "Presence.Read.All".into()]),
        (name, Some(consented))
            if !consented.iter().any(|known| known.eq_ignore_ascii_case(name)) =>
        {
            Err(ScopeError::NoConsent)
        }
        (name, _) => Ok(vec![name.to_owned()]),
    }
}

/// Resource and short name of a scope.
fn split(scope: &str) -> (&str, &str) {
    match scope.rsplit_once('/') {
        Some((resource, name)) => (resource, name),
        None => (GRAPH, scope),
    }
}

#[cfg(test)]
mod tests {
    use super::{ScopeError, Scopes};

    #[test]
    fn scopes_come_short_or_with_their_resource() {
        let long =
            Scopes::parse("https://graph.microsoft.com/Presence.ReadWrite offline_access", None)
                .unwrap();
        let short = Scopes::parse("offline_access Presence.ReadWrite", None).unwrap();
        assert_eq!(long, short);
        assert!(long.is_offline && !long.is_open_id);
        assert_eq!(Scopes::parse("openid offline_access", None), Err(ScopeError::NoResource));
    }

    #[test]
    fn what_was_not_consented_to_is_not_granted() {
        let consented = ["Presence.Read".to_owned()];
        let parse = |text| Scopes::parse(text, Some(&consented));
        assert_eq!(parse("Presence.ReadWrite"), Err(ScopeError::NoConsent));
        let all = parse("https://graph.microsoft.com/.default").unwrap();
        assert_eq!(all.permissions, ["Presence.Read"]);
    }
}
