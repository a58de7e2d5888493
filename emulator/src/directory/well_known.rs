//! The tenant and the applications that exist from the start, by the ids that Microsoft's pages print.

/// The default application, which tokens name unless a test chooses another; the one in Microsoft's examples.
pub const APP_ID: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

/// The managed identity that the emulated machine has at the start.
pub const MANAGED_IDENTITY_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

/// The secret of the default application at the token endpoint. It is public and works only here.
pub const CLIENT_SECRET: &str = "emulator-client-secret";

/// The tenant that tokens name unless a test chooses another.
pub const TENANT_ID: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";

/// The domain of every user principal name that the emulator makes up.
pub(crate) const DOMAIN: &str = "contoso.example";
