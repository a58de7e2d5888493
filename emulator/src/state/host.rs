//! The values that a host, such as a virtual machine or App Service, gives a program so that it can get tokens without
//! a secret.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::random::Random;

/// The host values of this emulator.
#[derive(Debug)]
pub(crate) struct Host {
    /// The value of IDENTITY_HEADER on App Service.
    pub(crate) identity_header: String,
    /// The value of ACTIONS_ID_TOKEN_REQUEST_TOKEN in GitHub Actions.
    pub(crate) actions_token: String,
    pub(crate) arc_keys: ArcKeys,
}

impl Host {
    pub(crate) fn new(random: &mut Random) -> Self {
        let (identity_header, actions_token) = (random.guid(), random.guid());
        Self { identity_header, actions_token, arc_keys: ArcKeys::default() }
    }
}

/// The files of Azure Arc's open challenges. They are deleted on drop.
#[derive(Debug, Default)]
pub(crate) struct ArcKeys(Vec<(String, PathBuf)>);

impl ArcKeys {
    /// Writes a new key to a new file and returns the path.
    pub(crate) fn write(&mut self, folder: &Path, random: &mut Random) -> io::Result<PathBuf> {
        let (key, path) = (random.guid(), folder.join(format!("{}.key", random.guid())));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?.write_all(key.as_bytes())?;
        self.0.push((key, path.clone()));
        Ok(path)
    }

    /// Whether `key` is the content of one of the files. Each key is valid for one token.
    pub(crate) fn redeem(&mut self, key: &str) -> bool {
        let found = self.0.iter().position(|(known, _)| known == key);
        found.map(|at| drop(std::fs::remove_file(self.0.remove(at).1))).is_some()
    }
}

impl Drop for ArcKeys {
    fn drop(&mut self) {
        for (_, path) in &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}
