//! App registrations: their credentials, and the permissions that were consented to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::public_key::PublicKey;

/// One registration. In JSON, its keys are in PEM.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Registration")]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) display_name: String,
    /// The tenant that the application is registered in; `None` for all tenants.
    pub(crate) tenant: Option<String>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) keys: Vec<PublicKey>,
    pub(crate) federated: Vec<Federated>,
    pub(crate) redirect_uris: Vec<String>,
    /// Application permissions.
    pub(crate) roles: Vec<String>,
    /// Delegated permissions with consent; `None` if everything that is asked for has consent.
    pub(crate) scopes: Option<Vec<String>>,
    /// Whether the application may sign users in without a credential.
    pub(crate) is_public: bool,
    pub(crate) is_managed_identity: bool,
    pub(crate) is_disabled: bool,
    /// Whether an administrator has yet to consent to its permissions. A visit to /adminconsent gives the consent for
    /// one tenant.
    pub(crate) needs_admin_consent: bool,
}

/// A password of an application, as Graph's passwordCredential has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "GivenSecret")]
pub(crate) struct Secret {
    pub(crate) text: String,
    pub(crate) end: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum GivenSecret {
    Text(String),
    #[serde(rename_all = "camelCase")]
    Ending {
        secret_text: String,
        end_date_time: Option<Timestamp>,
    },
}

impl From<GivenSecret> for Secret {
    fn from(given: GivenSecret) -> Self {
        match given {
            GivenSecret::Text(text) => Self { text, end: None },
            GivenSecret::Ending { secret_text, end_date_time } => {
                Self { text: secret_text, end: end_date_time }
            }
        }
    }
}

/// An external identity whose assertions authenticate this application.
#[derive(Clone, Debug)]
pub(crate) struct Federated {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
    /// `None` if the emulator itself signs for the issuer.
    pub(crate) key: Option<PublicKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Registration {
    app_id: String,
    display_name: Option<String>,
    tenant_id: Option<String>,
    #[serde(default)]
    secrets: Vec<Secret>,
    #[serde(default)]
    certificates: Vec<String>,
    #[serde(default)]
    federated_credentials: Vec<FederatedRegistration>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    roles: Option<Vec<String>>,
    scopes: Option<Vec<String>>,
    #[serde(default)]
    is_public: bool,
    #[serde(default)]
    is_managed_identity: bool,
    #[serde(default)]
    is_disabled: bool,
    #[serde(default)]
    needs_admin_consent: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FederatedRegistration {
    issuer: String,
    subject: String,
    #[serde(default = "exchange_audience")]
    audience: String,
    public_key: Option<PublicKey>,
}

/// The audience that Microsoft recommends for every issuer.
fn exchange_audience() -> String {
    "api://AzureADTokenExchange".into()
}

impl TryFrom<Registration> for Application {
    type Error = String;

    fn try_from(given: Registration) -> Result<Self, String> {
        if given.app_id.is_empty() {
            return Err("appId is empty; give the client id of the application".into());
        }
        let keys = given
            .certificates
            .iter()
            .map(|pem| PublicKey::from_pem(pem))
            .collect::<Result<_, _>>()?;
        let federated = given.federated_credentials.into_iter().map(|given| Federated {
            issuer: given.issuer,
            subject: given.subject,
            audience: given.audience,
            key: given.public_key,
        });
        Ok(Self {
            federated: federated.collect(),
            id: given.app_id.to_lowercase(),
            display_name: given.display_name.unwrap_or(given.app_id),
            tenant: given.tenant_id.map(|tenant| tenant.to_lowercase()),
            secrets: given.secrets,
            keys,
            redirect_uris: given.redirect_uris,
            roles: given.roles.unwrap_or_else(write_all),
            scopes: given.scopes,
            is_public: given.is_public,
            is_managed_identity: given.is_managed_identity,
            is_disabled: given.is_disabled,
            needs_admin_consent: given.needs_admin_consent,
        })
    }
}

fn write_all() -> Vec<String> {
    vec!["Presence.ReadWrite.All".into()]
}

/// All registrations, by application id and tenant. The tenant `None` stands for every tenant that has no registration
/// of the application itself.
#[derive(Clone, Debug)]
pub(crate) struct Applications {
    known: BTreeMap<Key, Application>,
    /// The consents of administrators: application id and tenant.
    consents: BTreeSet<(String, String)>,
}

type Key = (String, Option<String>);

impl Default for Applications {
    /// The application of Microsoft's examples, and a managed identity.
    fn default() -> Self {
        let blank = |id: &str| Application {
            id: id.into(),
            display_name: "MgPresence".into(),
            tenant: None,
            secrets: Vec::new(),
            keys: Vec::new(),
            federated: Vec::new(),
            redirect_uris: Vec::new(),
            roles: write_all(),
            scopes: None,
            is_public: false,
            is_managed_identity: false,
            is_disabled: false,
            needs_admin_consent: false,
        };
        let main = Application {
            secrets: vec![Secret { text: super::CLIENT_SECRET.into(), end: None }],
            is_public: true,
            ..blank(super::APP_ID)
        };
        let powershell = Application {
            display_name: "Microsoft Graph Command Line Tools".into(),
            roles: Vec::new(),
            is_public: true,
            ..blank(super::well_known::POWERSHELL_ID)
        };
        let identity =
            Application { is_managed_identity: true, ..blank(super::MANAGED_IDENTITY_ID) };
        [main, powershell, identity].into_iter().collect()
    }
}

impl FromIterator<Application> for Applications {
    fn from_iter<I: IntoIterator<Item = Application>>(applications: I) -> Self {
        let known = applications.into_iter().map(|application| (application.key(), application));
        Self { known: known.collect(), consents: BTreeSet::new() }
    }
}

impl Application {
    fn key(&self) -> Key {
        (self.id.clone(), self.tenant.clone())
    }
}

impl Applications {
    /// Adds a registration, or replaces the one with the same id and tenant, whose consents end.
    pub(crate) fn add(&mut self, application: Application) {
        self.consents.retain(|(id, tenant)| {
            *id != application.id || application.tenant.as_ref().is_some_and(|own| own != tenant)
        });
        self.known.insert(application.key(), application);
    }

    /// Removes the registrations with that id from all tenants. Returns false if none exists.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.known.len();
        self.known.retain(|(known, _), _| !known.eq_ignore_ascii_case(id));
        self.consents.retain(|(known, _)| !known.eq_ignore_ascii_case(id));
        self.known.len() < before
    }

    /// Adds this key to the credentials of the default application.
    pub(crate) fn trust(&mut self, key: PublicKey) {
        let main = (super::APP_ID.into(), None);
        self.known.entry(main).and_modify(|application| application.keys.push(key));
    }

    /// The registration that applies in that tenant.
    pub(crate) fn find(&self, id: &str, tenant: &str) -> Option<Application> {
        let (id, tenant) = (id.to_lowercase(), tenant.to_lowercase());
        let own = self.known.get(&(id.clone(), Some(tenant.clone())));
        let mut found = own.or_else(|| self.known.get(&(id.clone(), None)))?.clone();
        found.needs_admin_consent &= !self.consents.contains(&(id, tenant));
        Some(found)
    }

    /// Records an administrator's consent in that tenant.
    pub(crate) fn consent(&mut self, application: &Application, tenant: &str) {
        self.consents.insert((application.id.clone(), tenant.to_lowercase()));
    }

    pub(crate) fn managed_identities(&self) -> impl Iterator<Item = &Application> {
        self.known.values().filter(|application| application.is_managed_identity)
    }

    /// All registrations as JSON, without secrets.
    pub(crate) fn to_json(&self) -> Value {
        let applications = self.known.values().map(|application| {
            json!({
                "appId": application.id,
                "displayName": application.display_name,
                "tenantId": application.tenant,
                "secrets": application.secrets.len(),
                "certificates": application.keys.len(),
                "federatedCredentials": application.federated.len(),
                "redirectUris": application.redirect_uris,
                "roles": application.roles,
                "scopes": application.scopes,
                "isPublic": application.is_public,
                "isManagedIdentity": application.is_managed_identity,
                "isDisabled": application.is_disabled,
                "needsAdminConsent": application.needs_admin_consent,
            })
        });
        applications.collect()
    }
}
