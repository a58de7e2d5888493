//! Azure Arc: a machine elsewhere. Its agent wants to see that the caller can read a file that only administrators and the
//! agent's group can. <https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication>

use std::path::{Path, PathBuf};

use reqwest::header::{AUTHORIZATION, HeaderMap, WWW_AUTHENTICATE};

use super::endpoint::{Endpoint, metadata};
use super::machine::OfMachine;
use crate::auth::attempt::Attempt;
use crate::auth::challenge::parameter;
use crate::auth::environment::Environment;
use crate::auth::network::{Patience, secret_header};
use crate::auth::{AccessToken, AuthFailure, file};
use crate::error::Error;
use crate::token::Secret;

pub(super) const DEFAULT_ENDPOINT: &str = "http://localhost:40342/metadata/identity/oauth2/token";

const API_VERSION: &str = "2020-06-01";

/// The largest key that the agent writes, in bytes.
const LARGEST_KEY: usize = 4096;

/// Whether the agent is installed, which sets its variables for interactive shells only.
pub(super) fn is_installed() -> bool {
    cfg!(target_os = "linux") && Path::new("/opt/azcmagent/bin/himds").exists()
}

/// The only folder that a key is read from.
pub(super) fn key_folder(environment: &Environment) -> PathBuf {
    if cfg!(windows) {
        let data = environment.get("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
        Path::new(&data).join("AzureConnectedMachineAgent").join("Tokens")
    } else {
        "/var/opt/azcmagent/tokens".into()
    }
}

pub(super) fn token(
    machine: &OfMachine,
    attempt: &Attempt,
    url: &str,
    key_folder: &Path,
) -> Result<AccessToken, Error> {
    if machine.client_id.is_some() {
        let reason = "cannot be chosen on Azure Arc, which has one identity. Leave it out".into();
        return Err(AuthFailure::Field { name: "client_id", reason }.into());
    }
    let endpoint = Endpoint::new("The agent of Azure Arc", "IDENTITY_ENDPOINT", url)?;
    let ask = |headers: HeaderMap, key: Option<&Secret>| {
        endpoint.get(machine, attempt, API_VERSION, headers, key, Patience::Usual)
    };
    let challenge = ask(metadata(), None)?;
    if challenge.http_status != 401 {
        return endpoint.token(machine, challenge);
    }
    let header = challenge.headers.get(WWW_AUTHENTICATE).and_then(|it| it.to_str().ok());
    let key = key(header.unwrap_or_default(), key_folder)?;
    let mut headers = metadata();
    headers.insert(AUTHORIZATION, secret_header("Basic ", &key, "realm")?);
    let response = ask(headers, Some(&key))?;
    endpoint.token(machine, response)
}

/// The key in the file that a challenge names: `Basic realm=/var/opt/azcmagent/tokens/x.key`.
fn key(challenge: &str, folder: &Path) -> Result<Secret, Error> {
    let fail = |reason: String| Error::from(AuthFailure::ArcKey { reason: reason.into() });
    let path = parameter(challenge, "realm").unwrap_or_default();
    let is_key = Path::new(path).extension().is_some_and(|extension| extension == "key");
    let is_in_folder = Path::new(path).parent() == Some(folder) && !path.contains("..");
    if !is_key || !is_in_folder {
        return Err(fail(format!("it named a file that is not a key in {}", folder.display())));
    }
    let text = file::text(path).map_err(|reason| {
        fail(format!("its key cannot be read ({reason}); run as a member of the group himds"))
    })?;
    match text.len() {
        1..=LARGEST_KEY => Ok(Secret::new(text.trim())),
        length => Err(fail(format!("its key has {length} bytes"))),
    }
}

#[cfg(test)]
mod tests {
    use mgpresence_emulator::Emulator;

    use super::*;
    use crate::auth::options::Options;

    /// A folder for one test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("mgpresence-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn the_agent_is_shown_the_key_that_it_wrote() {
        let folder = folder("arc");
        let emulator = Emulator::builder().arc_key_folder(folder.clone()).start().unwrap();
        let endpoint = emulator.about()["arcEndpoint"].as_str().unwrap().to_string();
        let ask = |client_id: Option<&str>| {
            let client_id = client_id.map(String::from);
            let machine = OfMachine { options: Options::default(), client_id };
            let (attempt, _cancel) = Attempt::new(None, true);
            token(&machine, &attempt, &endpoint, &folder).map_err(|error| error.status())
        };
        assert!(ask(None).unwrap().text().starts_with("ey"));
        assert_eq!(ask(Some("11112222-bbbb")).err(), Some(crate::Status::Option));
        assert_eq!(emulator.sent().len(), 2);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_key_is_read_from_the_agents_folder_only() {
        let folder = folder("keys");
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("good.key", "the-key-of-the-agent\n");
        write("empty.key", "");
        write("large.key", &"k".repeat(LARGEST_KEY + 1));
        write("other.txt", "no key");
        let shown = folder.display().to_string();
        let read = |challenge: String| key(&challenge, &folder).map(|key| key.as_str().to_string());

        let good = format!("Basic realm={shown}/good.key");
        assert_eq!(read(good).unwrap(), "the-key-of-the-agent");
        let elsewhere = folder.join("elsewhere");
        for challenge in [
            String::new(),
            "Basic".into(),
            "Basic realm=/etc/passwd".into(),
            "Basic realm=good.key".into(),
            format!("Basic realm={shown}/other.txt"),
            format!("Basic realm={shown}/absent.key"),
            format!("Basic realm={shown}/empty.key"),
            format!("Basic realm={shown}/large.key"),
            format!("Basic realm={shown}/../{}/good.key", folder.file_name().unwrap().display()),
            format!("Basic realm={}/good.key", elsewhere.display()),
        ] {
            let error = read(challenge.clone()).unwrap_err();
            assert_eq!(error.status(), crate::Status::Token, "{challenge}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
