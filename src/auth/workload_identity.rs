//! Workload identity: a Kubernetes pod signs in with the token that the cluster writes to a file.
//! <https://azure.github.io/azure-workload-identity/docs/concepts.html>

use super::attempt::Attempt;
use super::authority::with_host_of_environment;
use super::builder::{CredentialBuilder, Way};
use super::client_assertion::{of_file, token};
use super::entra::Entra;
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, Credential};
use crate::error::Error;

/// Signs in with the token of a pod; see [`Credential::workload_identity`].
#[derive(Debug, Default)]
pub struct WorkloadIdentity {
    file: Option<String>,
}

impl Credential {
    /// A Kubernetes pod signs in as the application of its service account. Tenant, client id and file
    /// default to `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_FEDERATED_TOKEN_FILE`, which the cluster sets, and
    /// the login host to `AZURE_AUTHORITY_HOST`. The file is read again for each sign-in, since the cluster replaces
    /// it.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::workload_identity().build()?; // reads nothing yet
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn workload_identity() -> CredentialBuilder<WorkloadIdentity> {
        CredentialBuilder::of(WorkloadIdentity::default())
    }
}

impl CredentialBuilder<WorkloadIdentity> {
    /// The path of the file with the token, in place of `AZURE_FEDERATED_TOKEN_FILE`.
    #[must_use]
    pub fn token_file(mut self, path: impl Into<String>) -> Self {
        self.kind.file = Some(path.into());
        self
    }
}

impl Way for WorkloadIdentity {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        options.client_id_if_given()?;
        options.tenant_id_if_given()?;
        Ok(Box::new(InPod { options: options.clone(), file: self.file }))
    }
}

struct InPod {
    options: Options,
    file: Option<String>,
}

const NAME: &str = "Workload identity";
const FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

impl SignIn for InPod {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        let options = with_host_of_environment(self.options.clone())?;
        let name = if self.file.is_some() { "assertion_file" } else { FILE };
        let file = options.environment.fill(NAME, FILE, self.file.clone())?;
        let options = options.with_ids_of_environment(NAME)?;
        let entra = Entra::new(&options, options.tenant_id()?, options.client_id()?)?;
        token(&entra, attempt, &of_file(name, &file)?)
    }

    fn identity(&self) -> Identity {
        self.options.identity_in_environment("workloadIdentity")
    }
}
