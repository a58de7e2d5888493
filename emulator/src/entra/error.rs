//! Entra's errors. <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
//! One constructor per refusal, so that each text stands in one place.

use jiff::Timestamp;
use serde_json::json;

use crate::directory::{Application, Tenant};
use crate::http::Answer;

/// An error of Entra. `error` is OAuth's error code, `code` the number after AADSTS, and `suberror` tells the client
/// how to recover.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct EntraError {
    status: u16,
    error: &'static str,
    code: u32,
    text: String,
    suberror: Option<&'static str>,
    /// The claims to request when the user signs in again.
    claims: Option<String>,
}

/// The ids by which Microsoft support finds an error in the service's logs.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    pub(super) trace_id: String,
    pub(super) correlation_id: String,
    pub(super) now: Timestamp,
}

impl Trace {
    fn timestamp(&self) -> String {
        self.now.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
    }
}

impl EntraError {
    fn new(status: u16, error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self { status, error, code, text: text.into(), suberror: None, claims: None }
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
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
        );
        Self::invalid_request(90_002, text)
    }

    pub(super) fn unknown_instance() -> Self {
        Self::new(400, "invalid_instance", 50_049, "Unknown or invalid instance.")
    }

    pub(super) fn unknown_application(id: &str, tenant: &Tenant) -> Self {
        let text = format!(
            "Application with identifier '{id}' was not found in the directory '{}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
            tenant.display_name
        );
        Self::new(400, "unauthorized_client", 700_016, text)
    }

    pub(super) fn disabled_application(app: &Application) -> Self {
        let text = format!("Application '{}'({}) is disabled.", app.id, app.display_name);
        Self::new(400, "unauthorized_client", 7_000_112, text)
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

    pub(super) fn expired_secret(app: &str) -> Self {
        let text = format!(
            "The provided client secret keys for app '{app}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."
        );
        Self::invalid_client(7_000_222, text)
    }

    pub(super) fn assertion_type() -> Self {
        let text = "The 'client_assertion_type' must be 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.";
        Self::invalid_request(50_027, text)
    }

    pub(super) fn malformed_assertion() -> Self {
        Self::invalid_request(50_027, "JWT token is invalid or malformed.")
    }

    pub(super) fn no_keys() -> Self {
        Self::invalid_client(700_026, "Client application has no configured keys.")
    }

    /// `thumbprint` is in hexadecimal digits.
    pub(super) fn unregistered_key(thumbprint: &str, app: &str) -> Self {
        let text = "The certificate with identifier used to sign the client assertion is not registered on application.";
        Self::assertion_key(text, "The key was not found.", thumbprint, app)
    }

    pub(super) fn assertion_signature(thumbprint: &str, app: &str) -> Self {
        let reason = "Key was found, but use of the key to verify the signature failed.";
        Self::assertion_key(
            "Client assertion contains an invalid signature.",
            reason,
            thumbprint,
            app,
        )
    }

    fn assertion_key(text: &str, reason: &str, thumbprint: &str, app: &str) -> Self {
        let text = format!(
            "{text} [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{app}'.]"
        );
        Self::invalid_client(700_027, text)
    }

    pub(super) fn assertion_audience(audience: &str) -> Self {
        let text =
            format!("Client assertion audience claim '{audience}' does not match Realm issuer.");
        Self::invalid_client(700_023, text)
    }

    /// Both times are in seconds since 1970.
    pub(super) fn assertion_lifetime(now: f64, end: f64) -> Self {
        let shown = |seconds: f64| {
            Timestamp::from_second(seconds as i64).unwrap_or(Timestamp::MAX).to_string()
        };
        let text = format!(
            "Client assertion is not within its valid time range. Current time: {}, expiry time of assertion {}.",
            shown(now),
            shown(end)
        );
        Self::invalid_client(700_024, text)
    }

    pub(super) fn assertion_subject() -> Self {
        let text = "Client assertion application identifier doesn't match 'client_id' parameter.";
        Self::invalid_client(700_021, text)
    }

    pub(super) fn federated_issuer(issuer: &str) -> Self {
        let text = format!(
            "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
        );
        Self::invalid_client(700_211, text)
    }

    pub(super) fn federated_audience(audience: &str) -> Self {
        let text = format!(
            "No matching federated identity record found for presented assertion audience '{audience}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
        );
        Self::invalid_client(700_212, text)
    }

    pub(super) fn federated_subject(subject: &str) -> Self {
        let text = format!(
            "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
        );
        Self::invalid_client(700_213, text)
    }

    pub(super) fn default_scope(scope: &str) -> Self {
        let text = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new(400, "invalid_scope", 1_002_012, text)
    }

    pub(super) fn mixed_default_scope(scope: &str) -> Self {
        let text = format!(
            "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid. .default scope can't be combined with resource-specific scopes."
        );
        Self::new(400, "invalid_scope", 70_011, text)
    }

    pub(super) fn claims() -> Self {
        Self::invalid_request(90_023, "The parameter 'claims' is not a JSON object.")
    }

    pub(super) fn no_consent(app: &Application) -> Self {
        let text = format!(
            "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send an interactive authorization request for this user and resource.",
            app.id, app.display_name
        );
        Self { suberror: Some("consent_required"), ..Self::invalid_grant(65_001, text) }
    }

    pub(super) fn needs_admin_consent() -> Self {
        Self::new(400, "access_denied", 90_094, "The grant requires admin permission.")
    }

    pub(super) fn declined_consent() -> Self {
        let text = "User declined to consent to access the app.";
        Self { suberror: Some("cancel"), ..Self::new(400, "access_denied", 65_004, text) }
    }

    pub(super) fn response_mode(mode: &str) -> Self {
        let text = format!(
            "The provided value '{mode}' for the parameter 'response_mode' is not supported."
        );
        Self::invalid_request(70_007, text)
    }

    pub(super) fn prompt(prompt: &str) -> Self {
        let text =
            format!("The provided value '{prompt}' for the parameter 'prompt' is not valid.");
        Self::invalid_request(90_023, text)
    }

    pub(super) fn silent_sign_in() -> Self {
        let text = "Session information is not sufficient for single-sign-on.";
        Self::new(400, "login_required", 50_058, text)
    }

    pub(super) fn malformed_grant() -> Self {
        Self::invalid_grant(9_002_313, "Invalid request. Request is malformed or invalid.")
    }

    pub(super) fn expired_code() -> Self {
        let text =
            "The provided authorization code or refresh token has expired due to inactivity.";
        Self::invalid_grant(70_008, text)
    }

    pub(super) fn inactive_refresh_token() -> Self {
        let text = "The refresh token has expired due to inactivity: it was not used for 90 days.";
        Self::invalid_grant(700_082, text)
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

    pub(super) fn challenge_method(method: &str) -> Self {
        let text = format!(
            "The provided value '{method}' for the parameter 'code_challenge_method' is not valid. Expected value is 'plain' or 'S256'."
        );
        Self::invalid_request(90_023, text)
    }

    pub(super) fn challenge_size() -> Self {
        let text = "The size of the code_challenge must be at least 43 and at most 128 characters.";
        Self::invalid_request(501_491, text)
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
        Self { suberror: Some("bad_token"), ..Self::invalid_grant(50_173, text) }
    }

    pub(super) fn interaction_required(claims: String) -> Self {
        let text = "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.";
        Self {
            suberror: Some("basic_action"),
            claims: Some(claims),
            ..Self::new(400, "interaction_required", 50_076, text)
        }
    }

    pub(super) fn authorization_pending() -> Self {
        let text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
        Self::new(400, "authorization_pending", 70_016, text)
    }

    /// RFC 8628, 3.5: wait five seconds longer between polls.
    pub(super) fn slow_down() -> Self {
        let text = "OAuth 2.0 device flow error. Polling is too frequent. Slow down.";
        Self::new(400, "slow_down", 70_016, text)
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

    /// The parameters that report the error in a redirect.
    pub(super) fn parameters(&self, trace: &Trace) -> Vec<(&'static str, String)> {
        let mut parameters = vec![
            ("error", self.error.to_owned()),
            ("error_description", self.description(trace)),
            ("error_uri", self.uri()),
        ];
        parameters.extend(self.suberror.map(|word| ("error_subcode", word.to_owned())));
        parameters
    }

    /// `AADSTS50011: The redirect URI … Trace ID: …`
    pub(super) fn description(&self, trace: &Trace) -> String {
        let Trace { trace_id, correlation_id, .. } = trace;
        format!(
            "AADSTS{}: {} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {}",
            self.code,
            self.text,
            trace.timestamp()
        )
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    fn uri(&self) -> String {
        format!("https://login.microsoftonline.com/error?code={}", self.code)
    }

    pub(super) fn into_answer(self, trace: &Trace) -> Answer {
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(trace),
            "error_codes": [self.code],
            "timestamp": trace.timestamp(),
            "trace_id": trace.trace_id,
            "correlation_id": trace.correlation_id,
            "error_uri": self.uri(),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = suberror.into();
        }
        if let Some(claims) = self.claims {
            body["claims"] = claims.into();
        }
        Answer::json(self.status, &body)
    }
}
