//! The advice for errors of Microsoft Entra, by their code.
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

use crate::status::Status;

/// The status and the advice for one error code.
#[derive(Debug)]
pub(super) struct Row {
    code: &'static str,
    pub(super) status: Status,
    pub(super) advice: &'static str,
}

/// The row for an AADSTS code, or else for the OAuth error.
pub(super) fn of(code: &str, error: &str) -> Option<&'static Row> {
    let find = |wanted: &str| ROWS.iter().find(|row| row.code == wanted);
    find(code).or_else(|| find(error))
}

const fn row(code: &'static str, status: Status, advice: &'static str) -> Row {
    Row { code, status, advice }
}

const NO_CONSENT: &str =
    "The application does not have consent for the permissions that it requests.";
const SIGN_IN_AGAIN: &str = "The earlier sign-in has ended. Sign in again.";
const PERSON: &str = "The organization requires multifactor authentication or another proof. Sign in with a browser or a device code.";
const FEDERATED: &str = "Add a federated credential to the application with the issuer, subject and audience of the assertion.";

const ROWS: &[Row] = &[
    row(
        "AADSTS7000215",
        Status::SignIn,
        "Give the value of the secret, not its id; the value is shown only when the secret is created.",
    ),
    row(
        "AADSTS7000222",
        Status::SignIn,
        "The secret has expired. Create a new one for the application.",
    ),
    row("AADSTS7000216", Status::SignIn, "Give a client secret, a certificate or an assertion."),
    row(
        "AADSTS7000218",
        Status::SignIn,
        "Allow public client flows for the application, or sign in with a secret or a certificate.",
    ),
    row(
        "AADSTS700027",
        Status::SignIn,
        "Check that the certificate is the one registered with the application, and that it has not expired.",
    ),
    row(
        "AADSTS700026",
        Status::SignIn,
        "The application has no certificate. Upload one to its registration, add a federated credential, or sign in \
         with a client secret.",
    ),
    row(
        "AADSTS7000112",
        Status::SignIn,
        "The application is disabled. Ask an administrator to enable it.",
    ),
    row(
        "AADSTS700024",
        Status::SignIn,
        "The assertion has expired or is not valid yet. Check this machine's clock, or get a new assertion.",
    ),
    row(
        "AADSTS700023",
        Status::SignIn,
        "Check `authority` and `tenant_id`: the assertion was made for others.",
    ),
    row("AADSTS700211", Status::SignIn, FEDERATED),
    row("AADSTS700212", Status::SignIn, FEDERATED),
    row("AADSTS700213", Status::SignIn, FEDERATED),
    row("AADSTS70021", Status::SignIn, FEDERATED),
    row("AADSTS90002", Status::SignIn, "Check `tenant_id`, and the cloud that the tenant is in."),
    row("AADSTS900023", Status::SignIn, "Check `tenant_id`: give a GUID or a verified domain."),
    row(
        "AADSTS700016",
        Status::SignIn,
        "Check `client_id`, and that the application exists in this tenant.",
    ),
    row("AADSTS700038", Status::SignIn, "Check `client_id`: it is not the id of an application."),
    row(
        "AADSTS7000229",
        Status::Consent,
        "The application has no service principal in this tenant.",
    ),
    row("AADSTS65001", Status::Consent, NO_CONSENT),
    row("AADSTS65004", Status::Consent, "The person declined to consent."),
    row("AADSTS90094", Status::Consent, NO_CONSENT),
    row("AADSTS90095", Status::Consent, NO_CONSENT),
    row("AADSTS90008", Status::Consent, NO_CONSENT),
    row(
        "AADSTS650057",
        Status::Consent,
        "Add the permission of Microsoft Graph to the registration of the application, then grant it.",
    ),
    row("AADSTS50076", Status::Interaction, PERSON),
    row("AADSTS50079", Status::Interaction, PERSON),
    row("AADSTS50158", Status::Interaction, PERSON),
    row("interaction_required", Status::Interaction, PERSON),
    row("AADSTS50005", Status::SignIn, "A Conditional Access policy does not allow this platform."),
    row("AADSTS53000", Status::SignIn, "A Conditional Access policy asks for a compliant device."),
    row(
        "AADSTS53003",
        Status::SignIn,
        "A Conditional Access policy blocks this sign-in. Ask an administrator which one.",
    ),
    row("AADSTS50173", Status::Interaction, SIGN_IN_AGAIN),
    row("AADSTS70008", Status::Interaction, SIGN_IN_AGAIN),
    row("AADSTS700082", Status::Interaction, SIGN_IN_AGAIN),
    row("AADSTS700084", Status::Interaction, SIGN_IN_AGAIN),
    row(
        "AADSTS50011",
        Status::SignIn,
        "Register http://localhost as a redirect URI of the platform \"Mobile and desktop applications\".",
    ),
    row("AADSTS50034", Status::SignIn, "Check the user, and that they belong to this tenant."),
    row("AADSTS50020", Status::SignIn, "The account belongs to another tenant. Check `tenant_id`."),
    row(
        "AADSTS50059",
        Status::SignIn,
        "Give `tenant_id`: an application cannot sign in to any tenant.",
    ),
    row("AADSTS1002012", Status::SignIn, "Leave scopes out, or give one that ends with /.default."),
    row("AADSTS70011", Status::SignIn, "Check scopes: name permissions of Microsoft Graph."),
    row("authorization_declined", Status::SignIn, "The person declined to sign in."),
    row("access_denied", Status::SignIn, "The person declined to sign in, or to consent."),
    row("expired_token", Status::Timeout, "The code was not used in time. Start again."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_one_row_of_sentences() {
        for (at, row) in ROWS.iter().enumerate() {
            assert!(row.advice.ends_with('.'), "{}", row.code);
            assert!(ROWS[..at].iter().all(|other| other.code != row.code), "{}", row.code);
        }
    }
}
