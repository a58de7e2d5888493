//! The mapping from method and path to operation. As in OData, short and `microsoft.graph.`-qualified names are
//! equivalent. Segments are compared without regard to letter case.

use crate::http::{GraphError, decode};

/// The two versions of the API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Version {
    V1,
    Beta,
}

impl Version {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// The user whose presence a path names, percent-decoded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Target {
    /// `/me/presence`
    Me,
    /// `/users/{id}/presence`
    User(String),
    /// `/communications/presences/{id}`
    Presence(String),
}

/// An operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Operation {
    Batch,
    ClearAutomaticLocation,
    ClearLocation,
    ClearPresence,
    ClearUserPreferredPresence,
    CountPresences,
    CreatePresence,
    DeletePresence,
    GetPresence,
    GetPresencesByUserId,
    ListPresences,
    SetAutomaticLocation,
    SetManualLocation,
    SetPresence,
    SetStatusMessage,
    SetUserPreferredPresence,
    UpdatePresence,
}

/// The actions bound to a presence. All use POST.
const ACTIONS: [(&str, Operation); 9] = [
    ("setPresence", Operation::SetPresence),
    ("clearPresence", Operation::ClearPresence),
    ("setUserPreferredPresence", Operation::SetUserPreferredPresence),
    ("clearUserPreferredPresence", Operation::ClearUserPreferredPresence),
    ("setStatusMessage", Operation::SetStatusMessage),
    ("setManualLocation", Operation::SetManualLocation),
    ("setAutomaticLocation", Operation::SetAutomaticLocation),
    ("clearLocation", Operation::ClearLocation),
    ("clearAutomaticLocation", Operation::ClearAutomaticLocation),
];

/// A parsed request line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Route {
    pub(crate) version: Version,
    pub(crate) operation: Operation,
    pub(crate) target: Option<Target>,
}

impl Route {
    /// The user whose presence a path names. Later segments are ignored.
    pub(crate) fn target_of(path: &str) -> Option<Target> {
        let segments: Vec<String> = path.split('/').skip(2).map(decode).collect();
        split_target(&segments).ok()?.0
    }

    /// Parses a method and a path; 400 for an unknown path, 405 for a method that the path does not support.
    pub(crate) fn of(method: &str, path: &str) -> Result<Self, GraphError> {
        let mut segments: Vec<String> =
            path.strip_prefix('/').unwrap_or(path).split('/').map(decode).collect();
        let version = match segments.remove(0) {
            version if version.eq_ignore_ascii_case("v1.0") => Version::V1,
            version if version.eq_ignore_ascii_case("beta") => Version::Beta,
            other => return Err(GraphError::bad_request(format!("Invalid version: {other}."))),
        };
        let (target, rest) = split_target(&segments)?;
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let allowed = match (&target, rest.as_slice()) {
            (Some(_), []) => vec![
                ("GET", Operation::GetPresence),
                ("PATCH", Operation::UpdatePresence),
                ("DELETE", Operation::DeletePresence),
            ],
            (Some(_), [name]) => vec![("POST", action(name)?)],
            (None, [name]) if is(name, "$batch") => vec![("POST", Operation::Batch)],
            (None, [first, name])
                if is(first, "communications") && is(unqualified(name), "getPresencesByUserId") =>
            {
                vec![("POST", Operation::GetPresencesByUserId)]
            }
            (None, [first, name]) if is(first, "communications") && is(name, "presences") => {
                vec![("GET", Operation::ListPresences), ("POST", Operation::CreatePresence)]
            }
            (None, [first, name, count])
                if is(first, "communications") && is(name, "presences") && is(count, "$count") =>
            {
                vec![("GET", Operation::CountPresences)]
            }
            (_, rest) => return Err(unknown_segment(rest.last().unwrap_or(&""))),
        };
        let operation = allowed
            .into_iter()
            .find(|(allowed, _)| *allowed == method)
            .map(|(_, operation)| operation);
        Ok(Self {
            version,
            operation: operation.ok_or_else(GraphError::method_not_allowed)?,
            target,
        })
    }
}

/// Splits the segments that name a user's presence off the front of the path.
fn split_target(segments: &[String]) -> Result<(Option<Target>, &[String]), GraphError> {
    match segments {
        [first, presence, rest @ ..] if is(first, "me") && is(presence, "presence") => {
            Ok((Some(Target::Me), rest))
        }
        [first, id, presence, rest @ ..] if is(first, "users") && is(presence, "presence") => {
            Ok((Some(Target::User(some_id(id)?)), rest))
        }
        [first, presences, id, rest @ ..]
            if is(first, "communications") && is(presences, "presences") && !is(id, "$count") =>
        {
            Ok((Some(Target::Presence(some_id(id)?)), rest))
        }
        _ => Ok((None, segments)),
    }
}

fn some_id(id: &str) -> Result<String, GraphError> {
    if id.is_empty() { Err(unknown_segment("")) } else { Ok(id.into()) }
}

fn action(name: &str) -> Result<Operation, GraphError> {
    let known = ACTIONS.iter().find(|(known, _)| is(unqualified(name), known));
    known.map(|(_, operation)| *operation).ok_or_else(|| unknown_segment(name))
}

fn unqualified(name: &str) -> &str {
    const NAMESPACE: &str = "microsoft.graph.";
    match name.get(..NAMESPACE.len()) {
        Some(start) if is(start, NAMESPACE) => &name[NAMESPACE.len()..],
        _ => name,
    }
}

fn is(segment: &str, name: &str) -> bool {
    segment.eq_ignore_ascii_case(name)
}

fn unknown_segment(name: &str) -> GraphError {
    GraphError::bad_request(format!("Resource not found for the segment '{name}'."))
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, Operation, Route, Target};

    #[test]
    fn every_action_has_both_spellings_on_every_binding_in_both_versions() {
        for version in ["v1.0", "beta"] {
            for (binding, target) in [
                ("me/presence", Target::Me),
                (
                    "users/adele%40contoso.example/presence",
                    Target::User("adele@contoso.example".into()),
                ),
                ("communications/presences/a%2Fb", Target::Presence("a/b".into())),
            ] {
                for (name, operation) in ACTIONS {
                    for spelling in [name.to_owned(), format!("microsoft.graph.{name}")] {
                        let path = format!("/{version}/{binding}/{spelling}");
                        let route = Route::of("POST", &path).unwrap();
                        assert_eq!(
                            (route.operation, route.target.unwrap()),
                            (operation, target.clone()),
                            "{path}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_method_picks_the_operation_or_is_refused() {
        for (method, path, expected) in [
            ("GET", "/v1.0/me/presence", Ok(Operation::GetPresence)),
            ("PATCH", "/v1.0/users/a/presence", Ok(Operation::UpdatePresence)),
            ("DELETE", "/v1.0/communications/presences/a", Ok(Operation::DeletePresence)),
            ("GET", "/v1.0/communications/presences", Ok(Operation::ListPresences)),
            ("POST", "/v1.0/communications/presences", Ok(Operation::CreatePresence)),
            ("GET", "/v1.0/communications/presences/$count", Ok(Operation::CountPresences)),
            (
                "POST",
                "/beta/communications/microsoft.graph.getPresencesByUserId",
                Ok(Operation::GetPresencesByUserId),
            ),
            ("POST", "/v1.0/$batch", Ok(Operation::Batch)),
            ("PUT", "/v1.0/me/presence", Err(405)),
            ("GET", "/v1.0/me/presence/setPresence", Err(405)),
            ("DELETE", "/v1.0/communications/presences", Err(405)),
            ("GET", "/v2.0/me/presence", Err(400)),
            ("GET", "/", Err(400)),
            ("GET", "", Err(400)),
            ("GET", "/v1.0/me", Err(400)),
            ("POST", "/v1.0/me/presence/setNothing", Err(400)),
            ("POST", "/v1.0/users/../presence/../setPresence", Err(400)),
            ("GET", "/v1.0/users//presence", Err(400)),
        ] {
            let result =
                Route::of(method, path).map(|route| route.operation).map_err(|error| error.status);
            assert_eq!(result, expected, "{method} {path}");
        }
    }
}
