//! App registrations: what a client may prove itself with, and what was consented to.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::public_key::PublicKey;

/// One registration. In JSON its keys come in PEM.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Registration")]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) secrets: Vec<String>,
    pub(crate) keys: Vec<PublicKey>,
    pub(crate) federated: Vec<Federated>,
    pub(crate) redirect_uris: Vec<String>,
    /// Application permissions.
    pub(crate) roles: Vec<String>,
    /// Delegated permissions with consent; `None`: whatever is asked for.
    pub(crate) scopes: Option<Vec<String>>,
    /// May sign users in without a credential.
    pub(crate) is_public: bool,
    pub(crate) is_managed_identity: bool,
}

/// An identity elsewhere whose assertions count as this application's.
#[derive(Clone, Debug)]
pub(crate) struct Federated {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
    pub(crate) key: PublicKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Registration {
    app_id: String,
    #[serde(default)]
    secrets: Vec<String>,
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
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FederatedRegistration {
    issuer: String,
    subject: String,
    #[serde(default = "exchange_audience")]
    audience: String,
    public_key: String,
}

/// What Microsoft's pages recommend for every issuer.
fn exchange_audience() -> String {
    "api://AzureADTokenExchange".into()
}

impl TryFrom<Registration> for Application {
    type Error = String;

    fn try_from(given: Registration) -> Result<Self, String> {
        let keys = given
            .certificates
            .iter()
            .map(|pem| PublicKey::from_pem(pem))
            .collect::<Result<_, _>>()?;
        let federated = given.federated_credentials.into_iter().map(|given| {
            let key = PublicKey::from_pem(&given.public_key)?;
            Ok(Federated {
                issuer: given.issuer,
                subject: given.subject,
                audience: given.audience,
                key,
            })
        });
        Ok(Self {
            federated: federated.collect::<Result<_, String>>()?,
            id: given.app_id.to_lowercase(),
            secrets: given.secrets,
            keys,
            redirect_uris: given.redirect_uris,
            roles: given.roles.unwrap_or_else(write_all),
            scopes: given.scopes,
            is_public: given.is_public,
            is_managed_identity: given.is_managed_identity,
        })
    }
}

fn write_all() -> Vec<String> {
    vec!["Presence.ReadWrite.All".into()]
}

/// All registrations, by id.
#[derive(Clone, Debug)]
pub(crate) struct Applications(BTreeMap<String, Application>);

impl Default for Applications {
    /// The application of Microsoft's examples, and a managed identity.
    fn default() -> Self {
        let blank = |id: &str| Application {
            id: id.into(),
            secrets: Vec::new(),
            keys: Vec::new(),
            federated: Vec::new(),
            redirect_uris: Vec::new(),
            roles: write_all(),
            scopes: None,
            is_public: false,
            is_managed_identity: false,
        };
        let main = Application {
            secrets: vec![super::CLIENT_SECRET.into()],
            is_public: true,
            ..blank(super::APP_ID)
        };
        let identity =
            Application { is_managed_identity: true, ..blank(super::MANAGED_IDENTITY_ID) };
        [main, identity].into_iter().collect()
    }
}

impl FromIterator<Application> for Applications {
    fn from_iter<I: IntoIterator<Item = Application>>(applications: I) -> Self {
        Self(
            applications
                .into_iter()
                .map(|application| (application.id.clone(), application))
                .collect(),
        )
    }
}

impl Applications {
    /// Adds a registration, or replaces the one of the same id.
    pub(crate) fn add(&mut self, application: Application) {
        self.0.insert(application.id.clone(), application);
    }

    /// Lets the default application prove its identity with this key.
    pub(crate) fn trust(&mut self, key: PublicKey) {
        self.0.entry(super::APP_ID.into()).and_modify(|application| application.keys.push(key));
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Application> {
        self.0.get(&id.to_lowercase())
    }

    pub(crate) fn managed_identities(&self) -> impl Iterator<Item = &Application> {
        self.0.values().filter(|application| application.is_managed_identity)
    }

    /// Without secrets, which a test that registered them knows.
    pub(crate) fn to_json(&self) -> Value {
        let applications = self.0.values().map(|application| {
            json!({
                "appId": application.id,
                "secrets": application.secrets.len(),
                "certificates": application.keys.len(),
                "federatedCredentials": application.federated.len(),
                "redirectUris": application.redirect_uris,
                "roles": application.roles,
                "scopes": application.scopes,
                "isPublic": application.is_public,
                "isManagedIdentity": application.is_managed_identity,
            })
        });
        applications.collect()
    }
}
