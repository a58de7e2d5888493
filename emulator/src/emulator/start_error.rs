//! The reasons why an emulator does not start.

use std::fmt;
use std::path::PathBuf;

/// Why an emulator did not start.
///
/// ```
/// use mgpresence_emulator::{Emulator, StartError};
///
/// let error = Emulator::builder().users_file("/nowhere/users.csv").start().unwrap_err();
/// assert!(matches!(&error, StartError::Users(path, _) if path.ends_with("users.csv")));
/// assert!(error.to_string().starts_with("The users file /nowhere/users.csv cannot be used: "));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// A setting is invalid. The text names the setting and the rule.
    Setting(String),
    /// The address or port cannot be bound.
    Bind(std::io::Error),
    /// The certificate cannot be made, or its file cannot be written.
    Tls(std::io::Error),
    /// The log file cannot be opened.
    Log(PathBuf, std::io::Error),
    /// The users file cannot be used, for the given reason.
    Users(PathBuf, String),
    /// The client certificate cannot be used, for the given reason.
    Certificate(String),
    /// The scenario cannot be used, for the given reason.
    Scenario(PathBuf, String),
    /// The saved state cannot be used, for the given reason.
    State(PathBuf, String),
    /// The threads cannot be started.
    Runtime(std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unusable = |f: &mut fmt::Formatter<'_>, what: &str, path: &PathBuf, reason: &str| {
            write!(f, "The {what} {} cannot be used: {reason}", path.display())
        };
        match self {
            Self::Setting(rule) => f.write_str(rule),
            Self::Bind(error) => write!(f, "The address cannot be bound: {error}"),
            Self::Tls(error) => write!(f, "The emulator cannot serve https: {error}"),
            Self::Log(path, error) => unusable(f, "log", path, &error.to_string()),
            Self::Users(path, reason) => unusable(f, "users file", path, reason),
            Self::Certificate(reason) => {
                write!(f, "The client certificate cannot be used: {reason}")
            }
            Self::Scenario(path, reason) => unusable(f, "scenario", path, reason),
            Self::State(path, reason) => unusable(f, "saved state", path, reason),
            Self::Runtime(error) => write!(f, "The threads cannot be started: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
