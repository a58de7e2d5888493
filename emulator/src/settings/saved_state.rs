//! A saved state, from which another emulator can continue. It does not contain received requests, throttle counts or
//! tokens.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::file;
use crate::directory::User;
use crate::fault::Faults;
use crate::random::Random;

/// The version of the format. Increased when an older file can no longer be read.
const FORMAT: u32 = 1;

/// The JSON that GET returns, and that PUT, `--state` and scenarios read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedState {
    format: Format,
    pub(crate) now: Timestamp,
    pub(crate) scale: f64,
    pub(crate) random: Random,
    pub(crate) users: Vec<User>,
    #[serde(default)]
    pub(crate) faults: Faults,
}

/// The version number. Deserialization fails for any other number.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub(crate) struct Format;

impl From<Format> for u32 {
    fn from(_: Format) -> Self {
        FORMAT
    }
}

impl TryFrom<u32> for Format {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        match number {
            FORMAT => Ok(Self),
            other => Err(format!("the state has format {other}, and this emulator reads {FORMAT}")),
        }
    }
}

impl SavedState {
    /// Reads a file with the response of GET `/_emulator/state`.
    pub(crate) fn from_file(path: impl AsRef<Path>) -> Result<Self, String> {
        serde_json::from_str(&file::read(path)?).map_err(|error| error.to_string())
    }

    /// Like [`Self::from_file`], as a value parser of the command line.
    pub(crate) fn from_argument(path: &str) -> Result<Self, String> {
        Self::from_file(path)
    }

    /// Collects the clock's time and speed, the state of the random generator, the users and the faults.
    pub(crate) fn new(
        (now, scale): (Timestamp, f64),
        random: Random,
        users: Vec<User>,
        faults: Faults,
    ) -> Self {
        Self { format: Format, now, scale, random, users, faults }
    }
}
