//! What the machine or the service around a program would hand it, so that it gets tokens without a secret of its own.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::random::Random;

/// Of this emulator.
#[derive(Debug)]
pub(crate) struct Host {
    /// What App Service would put into IDENTITY_HEADER.
    pub(crate) identity_header: String,
    /// What GitHub Actions would put into ACTIONS_ID_TOKEN_REQUEST_TOKEN.
    pub(crate) actions_token: String,
    pub(crate) arc_keys: ArcKeys,
}

impl Host {
    pub(crate) fn new(random: &mut Random) -> Self {
        let (identity_header, actions_token) = (random.guid(), random.guid());
        Self { identity_header, actions_token, arc_keys: ArcKeys::default() }
    }
}

/// The files of Azure Arc's challenges that are still open. They are deleted with this.
#[derive(Debug, Default)]
pub(crate) struct ArcKeys(Vec<(String, PathBuf)>);

impl ArcKeys {
    /// Writes a new key into a file of its own and returns the file.
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

    /// Whether the key was read from one of the files; each is good for one token.
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
