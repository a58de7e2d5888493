//! The tenant and the applications that exist from the start, with the ids from Microsoft's documentation.

/// The id of the default application, from Microsoft's examples. Tokens are for this application unless a test chooses
/// another.
pub const APP_ID: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

/// The id of the managed identity that the emulated machine has at the start.
pub const MANAGED_IDENTITY_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

/// The id of Microsoft Graph PowerShell, whose public client is used where a script names none. Microsoft's page of first-party
/// applications calls it Microsoft Graph Command Line Tools.
/// <https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in>
pub(super) const POWERSHELL_ID: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/// The secret of the default application at the token endpoint. It is public and works only here.
pub const CLIENT_SECRET: &str = "emulator-client-secret";

/// The id of the default tenant. Tokens are for this tenant unless a test chooses another.
pub const TENANT_ID: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";

/// The domain of the user principal names that the emulator makes up.
pub(crate) const DOMAIN: &str = "contoso.example";
