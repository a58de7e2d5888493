//! The paths of the endpoints.

use crate::http::decode;

/// The endpoint that a path names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Endpoint {
    Token,
    DeviceCode,
    Authorize,
    AdminConsent,
    Configuration,
    Keys,
    Instance,
    Machine,
    AppService,
    Arc,
    Actions,
}

impl Endpoint {
    /// The endpoint, and the tenant in the path, empty if the endpoint has none. A path may end with a slash.
    pub(super) fn of(path: &str) -> Option<(Self, String)> {
        let path = path.trim_end_matches('/');
        let segments: Vec<String> = path.split('/').skip(1).map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (endpoint, tenant) = match *segments.as_slice() {
            [tenant, "oauth2", "v2.0", "token"] => (Self::Token, tenant),
            [tenant, "oauth2", "v2.0", "devicecode"] => (Self::DeviceCode, tenant),
            [tenant, "oauth2", "v2.0", "authorize"] => (Self::Authorize, tenant),
            [tenant, "adminconsent"] | [tenant, "v2.0", "adminconsent"] => {
                (Self::AdminConsent, tenant)
            }
            [tenant, "v2.0", ".well-known", "openid-configuration"] => {
                (Self::Configuration, tenant)
            }
            [tenant, "discovery", "v2.0", "keys"] => (Self::Keys, tenant),
            ["common", "discovery", "instance"] => (Self::Instance, ""),
            ["metadata", "identity", "oauth2", "token"] => (Self::Machine, ""),
            ["msi", "token"] => (Self::AppService, ""),
            ["arc", "metadata", "identity", "oauth2", "token"] => (Self::Arc, ""),
            ["actions", "idtoken"] => (Self::Actions, ""),
            _ => return None,
        };
        Some((endpoint, tenant.to_owned()))
    }
}
