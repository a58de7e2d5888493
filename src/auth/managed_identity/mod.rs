//! Managed identities: a machine or a service of Azure signs in by where it runs, without any secret of its own.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview>

mod app_service;
mod arc;
mod endpoint;
mod imds;
mod machine;

use machine::OfMachine;

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;

/// Signs in with a managed identity; see [`Credential::managed_identity`].
#[derive(Debug)]
pub struct ManagedIdentity(());

impl Credential {
    /// A virtual machine, App Service, Function, Container App or machine of Azure Arc signs in with its managed identity. If
    /// it has several, [`CredentialBuilder::client_id`] says which one.
    ///
    /// It never goes through a proxy, and the secret of an endpoint goes to this machine and its own network only.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::managed_identity().build()?; // sends nothing yet
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn managed_identity() -> CredentialBuilder<ManagedIdentity> {
        CredentialBuilder::of(ManagedIdentity(()))
    }
}

impl Way for ManagedIdentity {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        let client_id = options.client_id_if_given()?;
        Ok(Box::new(OfMachine { options: options.clone(), client_id }))
    }
}

/// Where a managed identity is asked for, by the variables that Azure sets.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Place {
    AppService {
        endpoint: String,
    },
    Arc {
        endpoint: String,
    },
    Imds,
    /// Of Service Fabric, whose endpoint has a certificate of its own.
    ServiceFabric,
}

impl OfMachine {
    fn place(&self) -> Place {
        let variable = |name| self.options.environment.get(name);
        match (variable("IDENTITY_ENDPOINT"), variable("IDENTITY_HEADER")) {
            (Some(_), Some(_)) if variable("IDENTITY_SERVER_THUMBPRINT").is_some() => {
                Place::ServiceFabric
            }
            (Some(endpoint), Some(_)) => Place::AppService { endpoint },
            (Some(endpoint), None) if variable("IMDS_ENDPOINT").is_some() => {
                Place::Arc { endpoint }
            }
            _ if arc::is_installed() => Place::Arc { endpoint: arc::DEFAULT_ENDPOINT.into() },
            _ => Place::Imds,
        }
    }
}

impl SignIn for OfMachine {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        match self.place() {
            Place::AppService { endpoint } => app_service::token(self, attempt, &endpoint),
            Place::Arc { endpoint } => {
                arc::token(self, attempt, &endpoint, &arc::key_folder(&self.options.environment))
            }
            Place::Imds => imds::token(self, attempt),
            Place::ServiceFabric => {
                let reason = "Service Fabric is not supported".into();
                Err(AuthFailure::NotSetUp { what: "A managed identity", reason }.into())
            }
        }
    }

    fn identity(&self) -> Identity {
        let client_id = self.client_id.clone();
        Identity { kind: "managedIdentity", client_id, tenant_id: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::environment::Environment;

    fn place(variables: &[(&str, &str)]) -> Place {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let environment = Environment::given(variables);
        let options = Options { environment, ..Options::default() };
        OfMachine { options, client_id: None }.place()
    }

    #[test]
    fn the_variables_of_azure_tell_where_the_identity_is() {
        let endpoint = ("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token");
        let header = ("IDENTITY_HEADER", "secret");
        let at = endpoint.1.to_string();
        for (variables, expected) in [
            (vec![], Place::Imds),
            (vec![endpoint], Place::Imds),
            (vec![endpoint, header], Place::AppService { endpoint: at.clone() }),
            (
                vec![endpoint, ("IMDS_ENDPOINT", "http://localhost:40342")],
                Place::Arc { endpoint: at },
            ),
            (vec![endpoint, header, ("IDENTITY_SERVER_THUMBPRINT", "x")], Place::ServiceFabric),
        ] {
            assert_eq!(place(&variables), expected, "{variables:?}");
        }
    }
}
