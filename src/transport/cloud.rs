//! Microsoft's clouds by name. <https://learn.microsoft.com/graph/deployments>

use std::fmt;

use crate::error::Cause;
use crate::quoted::Quoted;
use crate::status::Status;

/// A Microsoft cloud whose Graph has presence.
/// ```
/// use mgpresence::{Cloud, Status};
///
/// assert_eq!(Cloud::named("usgov")?.base_url(), "https://graph.microsoft.us");
/// assert_eq!(Cloud::named("China").unwrap_err().status(), Status::Cloud); // has no presence
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cloud {
    /// The worldwide service, GCC included: `https://graph.microsoft.com`.
    #[default]
    Global,
    /// US Government L4, GCC High: `https://graph.microsoft.us`.
    UsGov,
    /// US Government L5, DoD: `https://dod-graph.microsoft.us`.
    UsGovDod,
    /// France: `https://graph.svc.sovcloud.fr`.
    Bleu,
}

/// The names that `Connect-MgGraph -Environment` accepts.
const CLOUDS: [(&str, Cloud, &str); 4] = [
    ("Global", Cloud::Global, "https://graph.microsoft.com"),
    ("USGov", Cloud::UsGov, "https://graph.microsoft.us"),
    ("USGovDoD", Cloud::UsGovDod, "https://dod-graph.microsoft.us"),
    ("BleuCloud", Cloud::Bleu, "https://graph.svc.sovcloud.fr"),
];

/// Clouds whose metadata does not contain presence.
const WITHOUT_PRESENCE: [(&str, &str); 3] =
    [("China", "China"), ("DelosCloud", "DelosCloud"), ("Delos", "DelosCloud")];

impl Cloud {
    /// The cloud with a name, ignoring case: `Global`, `USGov`, `USGovDoD` or `BleuCloud`.
    ///
    /// # Errors
    /// [`Status::Cloud`](crate::Status::Cloud) for an unknown name, and for China and Delos, which do not have
    /// presence.
    pub fn named(name: &str) -> Result<Self, crate::Error> {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        if let Some((_, name)) = WITHOUT_PRESENCE.iter().find(|(other, _)| same(other)) {
            return Err(CloudFailure::WithoutPresence { name }.into());
        }
        let found = CLOUDS.iter().find(|(other, ..)| same(other));
        found.map(|row| row.1).ok_or_else(|| CloudFailure::Unknown { given: name.into() }.into())
    }

    /// The name that [`Cloud::named`] accepts.
    pub fn name(self) -> &'static str {
        CLOUDS[self as usize].0
    }

    /// The base URL of the cloud's Graph.
    pub fn base_url(self) -> &'static str {
        CLOUDS[self as usize].2
    }
}

impl Cloud {
    /// The origin at which people and applications of the cloud sign in.
    /// <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
    pub(crate) fn login_host(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGov | Self::UsGovDod => "https://login.microsoftonline.us",
            Self::Bleu => "https://login.sovcloud-identity.fr",
        }
    }

    /// The cloud whose Graph has a base URL.
    pub(crate) fn at(base_url: &str) -> Option<Self> {
        CLOUDS.iter().find(|row| row.2 == base_url).map(|row| row.1)
    }
}

/// Why a name is not accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
enum CloudFailure {
    Unknown { given: Box<str> },
    WithoutPresence { name: &'static str },
}

impl Cause for CloudFailure {
    fn status(&self) -> Status {
        Status::Cloud
    }
}

impl fmt::Display for CloudFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { given } => write!(
                f,
                "Cloud \"{}\" is unknown. Use Global, USGov, USGovDoD or BleuCloud, or leave it out and give a base URL.",
                Quoted(given)
            ),
            Self::WithoutPresence { name } => write!(
                f,
                "Cloud {name} has no presence: Microsoft Graph offers none of its operations there."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_found_by_name_in_any_case() {
        for (name, cloud, _) in CLOUDS {
            assert_eq!(Cloud::named(&name.to_lowercase()).unwrap(), cloud);
            assert_eq!(cloud.name(), name);
        }
    }

    #[test]
    fn a_cloud_without_presence_is_refused_with_the_reason() {
        for (name, shown) in WITHOUT_PRESENCE {
            let error = Cloud::named(name).unwrap_err();
            assert_eq!(error.status(), Status::Cloud);
            assert!(error.to_string().starts_with(&format!("Cloud {shown} has no presence")));
        }
        let unknown = Cloud::named("Germany").unwrap_err().to_string();
        assert_eq!(
            unknown,
            "Cloud \"Germany\" is unknown. Use Global, USGov, USGovDoD or BleuCloud, or leave it out and give a base URL."
        );
    }
}
