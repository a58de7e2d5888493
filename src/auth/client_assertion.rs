//! A client assertion: an application signs in as itself with a token of another service that vouches for it.

use super::form::Form;
use crate::token::Secret;

/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential>
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A form that an assertion proves.
pub(super) fn with_assertion(form: Form, assertion: &Secret) -> Form {
    form.with("client_assertion_type", ASSERTION_TYPE).with_secret("client_assertion", assertion)
}
