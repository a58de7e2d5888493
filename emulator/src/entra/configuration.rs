//! The metadata that clients read before a sign-in: the endpoints, the keys, and whether this host is an Entra host.
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>

use serde_json::json;

use super::error::EntraError;
use super::form::Form;
use super::tenant::{authority, is_any, known_tenant};
use crate::http::{Answer, Request};
use crate::state::State;

/// GET /{tenant}/v2.0/.well-known/openid-configuration. If the path stands for any tenant, the issuer is a template.
pub(super) fn configuration(
    state: &State,
    request: &Request,
    tenant: &str,
) -> Result<Answer, EntraError> {
    let known = known_tenant(state, tenant)?;
    let (name, issuer) = match is_any(tenant) {
        true => (tenant.to_lowercase(), "{tenantid}"),
        false => (known.id.clone(), known.id.as_str()),
    };
    let issuer = format!("{}/v2.0", authority(state, request, issuer));
    let authority = authority(state, request, &name);
    Ok(Answer::json(
        200,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{authority}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{authority}/oauth2/v2.0/token"),
            "device_authorization_endpoint": format!("{authority}/oauth2/v2.0/devicecode"),
            "jwks_uri": format!("{authority}/discovery/v2.0/keys"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "oid", "preferred_username", "tid", "ver", "email"],
            "request_uri_parameter_supported": false,
            "cloud_instance_name": host(&authority),
            "msgraph_host": host(&authority),
        }),
    ))
}

/// GET /{tenant}/discovery/v2.0/keys.
pub(super) fn keys(state: &State, tenant: &str) -> Result<Answer, EntraError> {
    known_tenant(state, tenant)?;
    Ok(Answer::json(200, &state.key.key_set()))
}

/// GET /common/discovery/instance. The emulator knows only the host that the client used. Clients omit the port,
/// because Entra uses the default one.
pub(super) fn instance(state: &State, request: &Request) -> Result<Answer, EntraError> {
    let form = Form::of_query(request);
    let asked = form.required("authorization_endpoint")?;
    let own = state.origin(request);
    if name(asked) != name(&own) {
        return Err(EntraError::unknown_instance());
    }
    let tenant = asked.split('/').nth(3).unwrap_or("common");
    let host = host(&own);
    Ok(Answer::json(
        200,
        &json!({
            "tenant_discovery_endpoint": format!("{own}/{tenant}/v2.0/.well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }),
    ))
}

fn host(url: &str) -> &str {
    url.split("://").nth(1).unwrap_or(url).split('/').next().unwrap_or_default()
}

/// The host without its port.
fn name(url: &str) -> &str {
    let host = host(url);
    let is_port = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
    host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_host_is_compared_without_its_port() {
        for (url, expected) in [
            ("https://localhost:8400/a:1", "localhost"),
            ("https://localhost", "localhost"),
            ("https://[::1]:443/", "[::1]"),
            ("https://[::1]/", "[::1]"),
        ] {
            assert_eq!(name(url), expected, "{url}");
        }
    }
}
