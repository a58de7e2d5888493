//! Signs in with the environment variables that Azure's tools share.
//! <https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential>

use super::attempt::Attempt;
use super::authority::with_host_of_environment;
use super::builder::{CredentialBuilder, Way};
use super::certificate::Certificate;
use super::client_certificate::ClientCertificate;
use super::client_secret::ClientSecret;
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::workload_identity::WorkloadIdentity;
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;

/// Signs in with environment variables; see [`Credential::environment`].
#[derive(Debug)]
pub struct EnvironmentVariables(());

impl Credential {
    /// An application signs in with the environment variables that Azure's other tools read:
    /// `AZURE_TENANT_ID` and `AZURE_CLIENT_ID`, with `AZURE_CLIENT_SECRET`, or `AZURE_CLIENT_CERTIFICATE_PATH` (and
    /// `AZURE_CLIENT_CERTIFICATE_PASSWORD`, `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN`), or `AZURE_FEDERATED_TOKEN_FILE`;
    /// and `AZURE_AUTHORITY_HOST`. They are read at each sign-in. `AZURE_USERNAME` and `AZURE_PASSWORD` are refused,
    /// since Entra no longer lets a password alone sign a person in.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let credential = Credential::environment().build()?; // reads nothing yet
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn environment() -> CredentialBuilder<EnvironmentVariables> {
        CredentialBuilder::of(EnvironmentVariables(()))
    }
}

impl Way for EnvironmentVariables {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        Ok(Box::new(AsVariablesSay(options.clone())))
    }
}

struct AsVariablesSay(Options);

const NAME: &str = "The environment";

impl SignIn for AsVariablesSay {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        self.way()?.token(attempt)
    }

    fn identity(&self) -> Identity {
        let variable = |name| self.0.environment.get(name);
        Identity {
            kind: "environment",
            client_id: variable("AZURE_CLIENT_ID"),
            tenant_id: variable("AZURE_TENANT_ID"),
        }
    }
}

impl AsVariablesSay {
    /// The way to sign in that the variables select, in the order of Azure's tools.
    fn way(&self) -> Result<Box<dyn SignIn>, Error> {
        let variable = |name| self.0.environment.get(name);
        let mut options = with_host_of_environment(self.0.clone())?;
        let of = |name| self.0.environment.fill(NAME, name, None);
        options.tenant_id = Some(of("AZURE_TENANT_ID")?);
        options.client_id = Some(of("AZURE_CLIENT_ID")?);
        if let Some(secret) = variable("AZURE_CLIENT_SECRET") {
            return ClientSecret::of(&secret).sign_in(&options);
        }
        if let Some(path) = variable("AZURE_CLIENT_CERTIFICATE_PATH") {
            let mut certificate = Certificate::from_file(path);
            if let Some(password) = variable("AZURE_CLIENT_CERTIFICATE_PASSWORD") {
                certificate = certificate.password(&password);
            }
            let flag = variable("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN").unwrap_or_default();
            let sends_chain = flag == "1" || flag.eq_ignore_ascii_case("true");
            return ClientCertificate::of(certificate, sends_chain).sign_in(&options);
        }
        if variable("AZURE_FEDERATED_TOKEN_FILE").is_some() {
            return WorkloadIdentity::default().sign_in(&options);
        }
        if variable("AZURE_USERNAME").is_some() || variable("AZURE_PASSWORD").is_some() {
            let reason = "AZURE_USERNAME and AZURE_PASSWORD are not used, since Entra requires more than a password. \
                          Set AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH"
                .into();
            return Err(AuthFailure::NotSetUp { what: NAME, reason }.into());
        }
        let reason = "none of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE \
                      is set"
            .into();
        Err(AuthFailure::NotSetUp { what: NAME, reason }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::environment::Environment;

    /// The way to sign in that variables select, or why there is none.
    fn way(names: &[&str]) -> Result<&'static str, String> {
        let variables = names.iter().map(|name| (name.to_string(), "x".to_string()));
        let options = Options { environment: Environment::given(variables), ..Options::default() };
        let way = AsVariablesSay(options).way();
        way.map(|way| way.identity().kind).map_err(|error| error.to_string())
    }

    #[test]
    fn the_variables_select_the_way_to_sign_in() {
        const IDS: [&str; 2] = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"];
        let with = |more: &[&'static str]| way(&[&IDS[..], more].concat());
        for (more, kind) in [
            (&["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"][..], "clientSecret"),
            (&["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"], "clientCertificate"),
            (&["AZURE_FEDERATED_TOKEN_FILE", "AZURE_USERNAME"], "workloadIdentity"),
        ] {
            assert_eq!(with(more), Ok(kind), "{more:?}");
        }
        for (names, why) in [
            (vec![], "AZURE_TENANT_ID is not set"),
            (vec!["AZURE_TENANT_ID"], "AZURE_CLIENT_ID is not set"),
            (IDS.to_vec(), "none of AZURE_CLIENT_SECRET"),
            (
                [&IDS[..], &["AZURE_USERNAME"]].concat(),
                "AZURE_USERNAME and AZURE_PASSWORD are not used, since Entra requires more than a password. Set \
                 AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.",
            ),
        ] {
            let told = way(&names).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
