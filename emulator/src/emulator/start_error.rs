//! Why an emulator did not start.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// Why an emulator did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not loopback, and [`Builder::allow_remote`] was not called.
    NotLoopback(IpAddr),
    /// The address or port cannot be had.
    Bind(std::io::Error),
    /// The certificate cannot be made or its file cannot be written.
    Tls(std::io::Error),
    /// The log file cannot be opened.
    Log(PathBuf, std::io::Error),
    /// The file of users cannot be read, with the reason.
    Users(PathBuf, String),
    /// The client certificate cannot be used, with the reason.
    Certificate(String),
    /// The scenario cannot be read, with the reason.
    Scenario(PathBuf, String),
    /// The saved state cannot be read, with the reason.
    State(PathBuf, String),
    /// The runtime's threads cannot be made.
    Runtime(std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(
                f,
                "{address} is not a loopback address, and everybody who reaches the emulator owns it; say that others may (--allow-remote)"
            ),
            Self::Bind(error) => write!(f, "the address cannot be bound: {error}"),
            Self::Tls(error) => write!(f, "no certificate: {error}"),
            Self::Log(path, error) => {
                write!(f, "the log {} cannot be opened: {error}", path.display())
            }
            Self::Users(path, reason) => write!(f, "no users from {}: {reason}", path.display()),
            Self::Certificate(reason) => {
                write!(f, "the client certificate cannot be used: {reason}")
            }
            Self::Scenario(path, reason) => {
                write!(f, "no scenario from {}: {reason}", path.display())
            }
            Self::State(path, reason) => write!(f, "no state from {}: {reason}", path.display()),
            Self::Runtime(error) => write!(f, "the runtime cannot be started: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
