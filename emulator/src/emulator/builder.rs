//! The builder with which a Rust test chooses the settings before the start.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use super::{Emulator, StartError};
use crate::directory::{NewUser, PublicKey};
use crate::fault::Fault;
use crate::settings::{SavedState, Settings, Users};

/// Collects settings and starts an emulator with [`Builder::start`]. Created by [`Emulator::builder`] or from
/// [`Settings`].
///
/// ```
/// use std::time::Duration;
/// use mgpresence_emulator::Emulator;
///
/// let emulator = Emulator::builder()
///     .user("zoe")
///     .throttle(1500, Duration::from_secs(30))
///     .time_scale(0.0) // the clock moves only when the test advances it
///     .start()?;
/// assert_eq!(emulator.presence("zoe")["activity"], "Offline");
///
/// let error = Emulator::builder().page_size(0).start().unwrap_err();
/// assert_eq!(error.to_string(), "pageSize 0 is too small; use 1 or more");
/// # Ok::<(), mgpresence_emulator::StartError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing listens before start()"]
pub struct Builder {
    settings: Settings,
    users_file: Option<PathBuf>,
    state_file: Option<PathBuf>,
}

impl From<Settings> for Builder {
    fn from(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }
}

/// Generates methods that store a value or set a flag. Their descriptions stand beside the settings, in
/// `settings/flags.rs`.
macro_rules! setters {
    (values { $($value:ident: $type:ty,)* } switches { $($switch:ident,)* }) => {
        impl Builder {
            $(
                #[doc = concat!("Chooses `", stringify!($value), "`; docs/emulator.md says what it means and its default.")]
                pub fn $value(mut self, value: $type) -> Self {
                    self.settings.$value = value.into();
                    self
                }
            )*
            $(
                #[doc = concat!("Turns `", stringify!($switch), "` on; docs/emulator.md says what it means.")]
                pub fn $switch(mut self) -> Self {
                    self.settings.$switch = true;
                    self
                }
            )*
        }
    };
}

setters! {
    values {
        port: u16,
        address: IpAddr,
        seed: u64,
        start_time: Timestamp,
        time_scale: f64,
        page_size: usize,
        max_connections: usize,
        max_body_bytes: usize,
        max_header_bytes: usize,
        header_timeout: Duration,
        device_code_interval: u32,
        token_lifetime: Duration,
        arc_key_folder: PathBuf,
        actions_subject: String,
        beta_set_presence_status: u16,
        location_status: u16,
        throttled_batch_status: u16,
    }
    switches {
        allow_remote,
        https,
        verify_tokens,
        strict,
        any_session_id,
        any_case,
        camel_case,
        presence_in_array,
        presence_read_reads_others,
    }
}

impl Builder {
    /// Reads settings from a scenario file. Settings made afterwards take precedence. docs/emulator.md describes the
    /// file.
    ///
    /// # Errors
    /// [`StartError::Scenario`] if the file cannot be read, is not JSON, or has an unknown key.
    pub fn from_scenario(path: impl Into<PathBuf>) -> Result<Self, StartError> {
        let path = path.into();
        let settings = Settings::from_file(&path);
        settings.map(Self::from).map_err(|reason| StartError::Scenario(path, reason))
    }

    /// Continues from a saved state, as returned by GET `/_emulator/state` or [`Emulator::state`]. The file is read at
    /// the start.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Lets the default application authenticate with this certificate or public key, in PEM.
    ///
    /// # Errors
    /// [`StartError::Certificate`] if the text is neither a certificate nor a public key, or if the key is not RSA.
    pub fn client_certificate(mut self, pem: &str) -> Result<Self, StartError> {
        let key = PublicKey::from_pem(pem).map_err(StartError::Certificate)?;
        self.settings.client_certificate = Some(key);
        Ok(self)
    }

    /// Approves device sign-ins at once as this user. The user also signs in in the browser if there is no login hint.
    pub fn approve_sign_ins(mut self, user: &str) -> Self {
        self.settings.approve_sign_ins = Some(user.into());
        self
    }

    /// The number of requests that each application may send in each tenant in any `window`. A limit of 0 allows any
    /// number.
    pub fn throttle(mut self, limit: u64, window: Duration) -> Self {
        (self.settings.throttle_limit, self.settings.throttle_window) = (limit, window.into());
        self
    }

    /// Adds a user by short name, user principal name or object id. The first call replaces the default users.
    pub fn user(mut self, name: &str) -> Self {
        let user = NewUser::named(name);
        match &mut self.settings.users {
            Users::Listed(users) => users.push(user),
            users => *users = Users::Listed(vec![user]),
        }
        self
    }

    /// Makes up this many users: `user1`, `user2`, …
    pub fn made_up_users(mut self, count: usize) -> Self {
        self.settings.users = Users::MadeUp(count);
        self
    }

    /// Takes the users from a CSV or JSON file. The file is read at the start.
    pub fn users_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.users_file = Some(path.into());
        self
    }

    /// Adds a fault that is in force from the start and again after each reset.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push(fault);
        self
    }

    /// Appends one line of JSON to this file for each request as it is answered.
    pub fn log(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.log = Some(path.into());
        self
    }

    /// Starts the emulator.
    ///
    /// # Errors
    /// See [`StartError`]. Examples are an invalid setting, a port in use, and a file that cannot be read.
    pub fn start(mut self) -> Result<Emulator, StartError> {
        if let Some(path) = self.users_file {
            let users = Users::from_file(&path);
            self.settings.users = users.map_err(|reason| StartError::Users(path, reason))?;
        }
        if let Some(path) = self.state_file {
            let state = SavedState::from_file(&path);
            self.settings.state = Some(state.map_err(|reason| StartError::State(path, reason))?);
        }
        self = self
            .settings
            .user
            .clone()
            .iter()
            .fold(Self::from(self.settings), |builder, name| builder.user(name));
        self.settings.check().map_err(StartError::Setting)?;
        Emulator::from_settings(self.settings)
    }
}

impl Emulator {
    /// Starts with the defaults on a free port. The users are adele, alex, megan and lidia; none of them is signed in.
    ///
    /// # Panics
    /// If no port on 127.0.0.1 can be bound.
    pub fn start() -> Self {
        Self::builder().start().expect("a loopback port is free")
    }

    /// Starts configuring an emulator.
    pub fn builder() -> Builder {
        Builder::default()
    }
}
