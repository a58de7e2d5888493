//! Entra's errors. <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
//! One constructor per refusal, so that each text stands in one place.

use jiff::Timestamp;
use serde_json::json;

use crate::http::Answer;

/// `error`: OAuth's word; `code`: the number behind AADSTS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct EntraError {
    status: u16,
    error: &'static str,
    code: u32,
    text: String,
}

impl EntraError {
    fn new(status: u16, error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self { status, error, code, text: text.into() }
    }

    fn invalid_request(code: u32, text: impl Into<String>) -> Self {
        Self::new(400, "invalid_request", code, text)
    }

    fn invalid_grant(code: u32, text: impl Into<String>) -> Self {
        Self::new(400, "invalid_grant", code, text)
    }

    fn invalid_client(code: u32, text: impl Into<String>) -> Self {
        Self::new(401, "invalid_client", code, text)
    }

    pub(super) fn missing_parameter(name: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{name}'.");
        Self::invalid_request(900_144, text)
    }

    pub(super) fn wrong_method() -> Self {
        let text = "The endpoint only accepts POST requests. Received a GET request.";
        Self::invalid_request(900_561, text)
    }

    pub(super) fn unsupported_grant(grant: &str) -> Self {
        let text = format!("The app requested an unsupported grant type '{grant}'.");
        Self::new(400, "unsupported_grant_type", 70_003, text)
    }

    pub(super) fn unknown_tenant(tenant: &str) -> Self {
        let text = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
        );
        Self::invalid_request(90_002, text)
    }

    pub(super) fn unknown_application(id: &str) -> Self {
        let text =
            format!("Application with identifier '{id}' was not found in the directory 'Contoso'.");
        Self::new(400, "unauthorized_client", 700_016, text)
    }

    pub(super) fn no_credential_for_client_credentials() -> Self {
        let text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
        Self::invalid_client(7_000_216, text)
    }

    pub(super) fn no_credential() -> Self {
        let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        Self::invalid_client(7_000_218, text)
    }

    pub(super) fn wrong_secret(app: &str) -> Self {
        let text = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{app}'."
        );
        Self::invalid_client(7_000_215, text)
    }

    pub(super) fn assertion_type() -> Self {
        let text = "The 'client_assertion_type' must be 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.";
        Self::invalid_request(50_027, text)
    }

    pub(super) fn malformed_assertion() -> Self {
        Self::invalid_request(50_027, "JWT token is invalid or malformed.")
    }

    pub(super) fn assertion_signature() -> Self {
        let text = "Client assertion contains an invalid signature: the key was not found or it did not sign the assertion.";
        Self::invalid_client(700_027, text)
    }

    pub(super) fn assertion_audience(audience: &str) -> Self {
        let text =
            format!("Client assertion audience claim '{audience}' does not match Realm issuer.");
        Self::invalid_client(700_023, text)
    }

    pub(super) fn assertion_lifetime() -> Self {
        Self::invalid_client(700_024, "Client assertion is not within its valid time range.")
    }

    pub(super) fn assertion_subject() -> Self {
        let text = "Client assertion application identifier doesn't match 'client_id' parameter.";
        Self::invalid_client(700_021, text)
    }

    pub(super) fn federated_issuer(issuer: &str) -> Self {
        let text = format!(
            "No matching federated identity record found for presented assertion issuer '{issuer}'."
        );
        Self::invalid_client(700_211, text)
    }

    pub(super) fn federated_audience(audience: &str) -> Self {
        let text = format!(
            "No matching federated identity record found for presented assertion audience '{audience}'."
        );
        Self::invalid_client(700_212, text)
    }

    pub(super) fn federated_subject(subject: &str) -> Self {
        let text = format!(
            "No matching federated identity record found for presented assertion subject '{subject}'."
        );
        Self::invalid_client(700_213, text)
    }

    pub(super) fn default_scope(scope: &str) -> Self {
        let text = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new(400, "invalid_scope", 1_002_012, text)
    }

    pub(super) fn no_scope() -> Self {
        let text = "The provided value for the input parameter 'scope' is not valid: no scope of a resource is in it.";
        Self::new(400, "invalid_scope", 70_011, text)
    }

    pub(super) fn no_consent(app: &str) -> Self {
        let text = format!(
            "The user or administrator has not consented to use the application with ID '{app}'."
        );
        Self::invalid_grant(65_001, text)
    }

    pub(super) fn malformed_grant() -> Self {
        Self::invalid_grant(9_002_313, "Invalid request. Request is malformed or invalid.")
    }

    pub(super) fn expired_code() -> Self {
        let text =
            "The provided authorization code or refresh token has expired due to inactivity.";
        Self::invalid_grant(70_008, text)
    }

    pub(super) fn redeemed_code() -> Self {
        let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.";
        Self::invalid_grant(54_005, text)
    }

    pub(super) fn other_application() -> Self {
        let text = "Provided Authorization Code is intended to use against other tenant or application, thus rejected.";
        Self::invalid_grant(700_005, text)
    }

    pub(super) fn redirect_mismatch() -> Self {
        let text = "The reply address does not match the reply address provided when requesting Authorization code.";
        Self::new(400, "invalid_client", 500_112, text)
    }

    pub(super) fn verifier_size() -> Self {
        let text = "The size of the Code_Verifier must be at least 43 and at most 128 characters.";
        Self::invalid_grant(501_491, text)
    }

    pub(super) fn verifier_mismatch() -> Self {
        let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        Self::invalid_grant(501_481, text)
    }

    pub(super) fn revoked() -> Self {
        let text =
            "The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        Self::invalid_grant(50_173, text)
    }

    pub(super) fn authorization_pending() -> Self {
        let text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
        Self::new(400, "authorization_pending", 70_016, text)
    }

    pub(super) fn authorization_declined() -> Self {
        Self::new(400, "authorization_declined", 70_017, "The user declined the sign-in.")
    }

    pub(super) fn device_code_expired() -> Self {
        Self::new(
            400,
            "expired_token",
            70_020,
            "The provided value for the input parameter 'device_code' has expired.",
        )
    }

    pub(super) fn unknown_device_code() -> Self {
        let text = "The provided value for the input parameter 'device_code' is not valid.";
        Self::new(400, "bad_verification_code", 70_000, text)
    }

    pub(super) fn unregistered_redirect(uri: &str, app: &str) -> Self {
        let text = format!(
            "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application '{app}'."
        );
        Self::invalid_request(50_011, text)
    }

    pub(super) fn response_type() -> Self {
        let text = "The provided value for the input parameter 'response_type' is not allowed for this client. Expected value is 'code'.";
        Self::new(400, "unsupported_response_type", 700_054, text)
    }

    pub(super) fn unknown_user(name: &str) -> Self {
        let text = format!("The user account {name} does not exist in the Contoso directory.");
        Self::invalid_grant(50_034, text)
    }

    /// OAuth's word for it, as a redirect carries it.
    pub(super) fn word(&self) -> &'static str {
        self.error
    }

    /// `AADSTS50011: The redirect URI …`
    pub(super) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.code, self.text)
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn into_answer(
        self,
        now: Timestamp,
        trace_id: &str,
        correlation_id: &str,
    ) -> Answer {
        let timestamp = now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let description = self.description();
        Answer::json(
            self.status,
            &json!({
                "error": self.error,
                "error_description": format!("{description} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}"),
                "error_codes": [self.code],
                "timestamp": timestamp,
                "trace_id": trace_id,
                "correlation_id": correlation_id,
                "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
            }),
        )
    }
}
