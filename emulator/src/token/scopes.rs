//! The scopes that a client requests.
//! <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>

const GRAPH: &str = "https://graph.microsoft.com";

/// Scopes of OpenID Connect, which do not belong to a resource.
const OPEN_ID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scopes of a delegated request: one resource, and the short names of its permissions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Scopes {
    pub(crate) resource: String,
    pub(crate) permissions: Vec<String>,
    /// The scopes for the answer, in the form in which they were requested.
    granted: Vec<String>,
    pub(crate) is_offline: bool,
    pub(crate) is_open_id: bool,
    pub(crate) is_profile: bool,
    pub(crate) is_email: bool,
}

/// The reasons why scopes are rejected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ScopeError {
    /// No scope was given.
    Empty,
    /// `<resource>/.default` is combined with other scopes of a resource.
    MixedDefault,
    /// The application lacks consent for one of the scopes.
    NoConsent,
}

impl Scopes {
    /// Parses the scopes. Short names belong to Graph; `<resource>/.default` means all consented permissions. Without a
    /// scope of a resource, the token is for Graph and only identifies the user. `consented` is `None` if everything
    /// has consent.
    pub(crate) fn parse(text: &str, consented: Option<&[String]>) -> Result<Self, ScopeError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let has = |word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        let is_of_resource = |word: &&&str| !OPEN_ID.iter().any(|id| id.eq_ignore_ascii_case(word));
        let of_resource: Vec<&str> = words.iter().filter(is_of_resource).copied().collect();
        match of_resource.as_slice() {
            [] if words.is_empty() => return Err(ScopeError::Empty),
            [_, _, ..] if of_resource.iter().any(|word| is_default(word)) => {
                return Err(ScopeError::MixedDefault);
            }
            _ => {}
        }
        let resource = of_resource.first().map_or(GRAPH, |word| split(word).0);
        let (mut permissions, mut granted) = (Vec::new(), Vec::new());
        for word in &of_resource {
            let permitted = permitted(split(word).1, consented)?;
            if is_default(word) {
                granted.extend(permitted.iter().map(|name| format!("{resource}/{name}")));
            }
            permissions.extend(permitted);
            granted.push((*word).to_owned());
        }
        let is_open_id = has("openid");
        // A sign-in to Graph grants all three, even if the client requested only one.
        if is_open_id && resource == GRAPH {
            let names = ["openid", "profile", "email"].map(str::to_owned);
            permissions.extend(names.clone());
            granted.splice(..0, names);
        }
        Ok(Self {
            resource: resource.into(),
            permissions,
            granted,
            is_offline: has("offline_access"),
            is_open_id,
            is_profile: has("profile"),
            is_email: has("email"),
        })
    }

    /// The scopes as the response to a token request lists them.
    pub(crate) fn text(&self) -> String {
        self.granted.join(" ")
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

fn is_default(scope: &str) -> bool {
    split(scope).1 == ".default"
}

/// The resource and the short name of a scope.
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
        assert_eq!((&long.resource, &long.permissions), (&short.resource, &short.permissions));
        assert!(long.is_offline && !long.is_open_id);
    }

    #[test]
    fn the_answer_lists_scopes_as_they_were_asked_for() {
        for (asked, listed) in [
            ("Presence.Read", "Presence.Read"),
            (
                "https://graph.microsoft.com/Presence.Read",
                "https://graph.microsoft.com/Presence.Read",
            ),
            ("openid profile offline_access Presence.Read", "openid profile email Presence.Read"),
            ("openid profile offline_access", "openid profile email"),
            (
                "https://graph.microsoft.com/.default offline_access",
                "https://graph.microsoft.com/Presence.ReadWrite https://graph.microsoft.com/Presence.Read.All https://graph.microsoft.com/.default",
            ),
            ("openid api://other/Read", "api://other/Read"),
        ] {
            assert_eq!(Scopes::parse(asked, None).unwrap().text(), listed, "{asked}");
        }
    }

    #[test]
    fn what_was_not_consented_to_is_not_granted() {
        let consented = ["Presence.Read".to_owned()];
        let parse = |text| Scopes::parse(text, Some(&consented));
        assert_eq!(parse("Presence.ReadWrite"), Err(ScopeError::NoConsent));
        let all = parse("https://graph.microsoft.com/.default").unwrap();
        assert_eq!(all.permissions, ["Presence.Read"]);
    }

    #[test]
    fn scopes_that_make_no_sense_are_refused() {
        for (text, expected) in [
            ("", ScopeError::Empty),
            ("https://graph.microsoft.com/.default User.Read", ScopeError::MixedDefault),
        ] {
            assert_eq!(Scopes::parse(text, None), Err(expected), "{text}");
        }
    }
}
