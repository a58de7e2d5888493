//! Every setting, once: its flag, its key in a scenario, its type, its default and what it means. The help of the program
//! and the table in docs/emulator.md are made from this file.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ClientAtStart, Limit, SavedState, Seconds, Users, file};
use crate::directory::{Application, PublicKey, Tenant};
use crate::fault::{Fault, check_status};

/// Each takes about a kilobyte of memory.
const MOST_USERS: usize = 1_000_000;

const NETWORK: &str = "Network";
const START: &str = "Users and state at the start";
const TIME: &str = "Time and chance";
const LIMITS: &str = "Limits";
const SIGN_IN: &str = "Tokens and sign-in";
const CONTRADICTIONS: &str = "Where Graph's documentation contradicts itself";

/// Everything that can be chosen before the start. A flag `--page-size` is the key `pageSize` in a scenario.
///
/// ```
/// use mgpresence_emulator::{Builder, Settings};
///
/// let settings = Settings::from_json(r#"{"users": 25, "pageSize": 10}"#).unwrap();
/// let emulator = Builder::from(settings).start().unwrap();
/// assert!(emulator.user_id("user25").len() == 36);
///
/// let error = Settings::from_json(r#"{"pageSise": 10}"#).unwrap_err();
/// assert!(error.contains("pageSise"));
/// ```
#[derive(Clone, Debug, Args, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, value_name = "PORT", help_heading = NETWORK)]
    pub(crate) port: u16,

    /// Address to listen on; any address but loopback also needs --allow-remote.
    #[arg(long, value_name = "ADDRESS", help_heading = NETWORK)]
    pub(crate) address: IpAddr,

    /// Listen on an address that other machines can reach; anyone who reaches the control API owns the emulator.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = NETWORK)]
    pub(crate) allow_remote: bool,

    /// Serve https; the first line then has caFile, the certificate to trust, which is made anew at each start, for loopback and ADDRESS.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = NETWORK)]
    pub(crate) https: bool,

    /// Append one line of JSON per request to this file: method, path, status, headers, body.
    #[arg(long, value_name = "FILE", help_heading = NETWORK)]
    pub(crate) log: Option<PathBuf>,

    /// Users from a CSV or JSON file, or a number of made-up ones; a scenario has the number or the list itself.
    #[arg(long, value_name = "FILE|N", value_parser = Users::from_argument, help_heading = START)]
    #[serde(skip_serializing)]
    pub(crate) users: Users,

    /// A user, by short name, user principal name or object id; may be repeated.
    #[arg(long, value_name = "NAME", conflicts_with = "users", help_heading = START)]
    #[serde(skip)]
    pub(crate) user: Vec<String>,

    /// Continue from a state that GET /_emulator/state returned; its clock, seed and users replace those that flags give. A scenario has the state itself.
    #[arg(long, value_name = "FILE", value_parser = SavedState::from_argument, help_heading = START)]
    #[serde(skip_serializing)]
    pub(crate) state: Option<SavedState>,

    /// Teams clients that are signed in at the start.
    #[arg(skip)]
    #[serde(skip_serializing)]
    pub(crate) clients: Vec<ClientAtStart>,

    /// Faults that are in force at the start and again after each reset.
    #[arg(skip)]
    #[serde(skip_serializing)]
    pub(crate) faults: Vec<Fault>,

    /// Tenants beside the default one.
    #[arg(skip)]
    #[serde(skip_serializing)]
    pub(crate) tenants: Vec<Tenant>,

    /// App registrations beside the default ones.
    #[arg(skip)]
    #[serde(skip_serializing)]
    pub(crate) applications: Vec<Application>,

    /// Make request ids, made-up names, the order of batch answers and faults by chance repeatable.
    #[arg(long, value_name = "SEED", help_heading = TIME)]
    pub(crate) seed: Option<u64>,

    /// Time at which the clock starts, such as 2026-08-18T10:00:00Z; without it, the time of the machine.
    #[arg(long, value_name = "TIME", help_heading = TIME)]
    pub(crate) start_time: Option<Timestamp>,

    /// Emulated seconds per real second: 60 lets an hour pass in a minute; 0 stops the clock, and the window of the throttling with it.
    #[arg(long, value_name = "FACTOR", help_heading = TIME)]
    pub(crate) time_scale: f64,

    /// Requests that each application may send in each tenant per window; 0 allows any number.
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) throttle_limit: u64,

    /// Length of that window in seconds.
    #[arg(long, value_name = "SECONDS", help_heading = LIMITS)]
    pub(crate) throttle_window: Seconds,

    /// Largest number of presences in one page of the collection.
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) page_size: usize,

    /// Largest number of connections; when all slots are taken, the connection that has been idle longest is closed.
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) max_connections: usize,

    /// Largest request body in bytes; a larger one is answered with 413. The default is Graph's own limit.
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) max_body_bytes: usize,

    /// How much of a request head is read, in bytes, 8192 or more. A larger head is answered with 431 (one that arrives
    /// in a single piece may have twice the size), and so is one with more than 100 fields.
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) max_header_bytes: usize,

    /// Seconds that a request head may take; on a kept connection, the wait for the next request is part of it.
    #[arg(long, value_name = "SECONDS", help_heading = LIMITS)]
    pub(crate) header_timeout: Seconds,

    /// Refuse tokens that this process did not mint.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = SIGN_IN)]
    pub(crate) verify_tokens: bool,

    /// Certificate or public key (PEM) that the default application may sign assertions with; a scenario has the PEM text.
    #[arg(long, value_name = "FILE", value_parser = PublicKey::from_argument, help_heading = SIGN_IN)]
    #[serde(skip_serializing)]
    pub(crate) client_certificate: Option<PublicKey>,

    /// Approve device sign-ins at once, as this user.
    #[arg(long, value_name = "USER", help_heading = SIGN_IN)]
    pub(crate) approve_sign_ins: Option<String>,

    /// Seconds that the client of a device sign-in is told to wait between polls.
    #[arg(long, value_name = "SECONDS", help_heading = SIGN_IN)]
    pub(crate) device_code_interval: u32,

    /// Lifetime, in emulated seconds, of the access tokens that the token endpoint issues.
    #[arg(long, value_name = "SECONDS", help_heading = SIGN_IN)]
    pub(crate) token_lifetime: Seconds,

    /// Folder for the key files of Azure Arc's endpoint, /arc/metadata/identity/oauth2/token; without it, there is no Arc.
    #[arg(long, value_name = "FOLDER", help_heading = SIGN_IN)]
    pub(crate) arc_key_folder: Option<PathBuf>,

    /// Subject of the tokens that the endpoint of GitHub Actions, /actions/idtoken, issues.
    #[arg(long, value_name = "SUBJECT", help_heading = SIGN_IN)]
    pub(crate) actions_subject: String,

    /// Answer PATCH, POST and DELETE of a presence with 404, as the live service does.
    // <https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/3287>
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = CONTRADICTIONS)]
    pub(crate) strict: bool,

    /// Let setPresence name a session that is not the token's application.
    // Off: the page says to send the application's id.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = CONTRADICTIONS)]
    pub(crate) any_session_id: bool,

    /// Accept availability and activity in any case of letters.
    // Off: every example is in PascalCase, and no page says whether another spelling passes.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = CONTRADICTIONS)]
    pub(crate) any_case: bool,

    /// Answer in camelCase, as the resource page prints since December 2025.
    // Off: every example is in PascalCase.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = CONTRADICTIONS)]
    pub(crate) camel_case: bool,

    /// Answer GET of /communications/presences/{id} with a value array, as the example on its page does.
    // Off: one presence, as OpenAPI has it.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = CONTRADICTIONS)]
    pub(crate) presence_in_array: bool,

    /// Let delegated Presence.Read read other users too, as the permissions table says.
    // Off: the text of the page says that it does not.
    #[arg(long, num_args = 0, default_missing_value = "true", action = ArgAction::Set, help_heading = CONTRADICTIONS)]
    pub(crate) presence_read_reads_others: bool,

    /// Status of setPresence in beta: its draft said 204, the published pages say 200.
    #[arg(long, value_name = "STATUS", help_heading = CONTRADICTIONS)]
    pub(crate) beta_set_presence_status: u16,

    /// Status of the location actions: the text of their pages says 200, their examples say 204.
    #[arg(long, value_name = "STATUS", help_heading = CONTRADICTIONS)]
    pub(crate) location_status: u16,

    /// Status of a $batch with a throttled item: 200, or 424 as the page said before about 2023.
    #[arg(long, value_name = "STATUS", help_heading = CONTRADICTIONS)]
    pub(crate) throttled_batch_status: u16,
}

impl Default for Settings {
    fn default() -> Self {
        let Limit { limit, window_seconds } = Limit::default();
        Self {
            port: 0,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            allow_remote: false,
            https: false,
            log: None,
            users: Users::Default,
            user: Vec::new(),
            state: None,
            clients: Vec::new(),
            faults: Vec::new(),
            tenants: Vec::new(),
            applications: Vec::new(),
            seed: None,
            start_time: None,
            time_scale: 1.0,
            throttle_limit: limit,
            throttle_window: Seconds(window_seconds),
            page_size: 100,
            max_connections: 8192,
            max_body_bytes: 4 << 20,
            max_header_bytes: 64 << 10,
            header_timeout: Seconds(60.0),
            verify_tokens: false,
            client_certificate: None,
            approve_sign_ins: None,
            device_code_interval: 5,
            token_lifetime: Seconds(3599.0),
            arc_key_folder: None,
            actions_subject: "repo:contoso/presence:ref:refs/heads/main".into(),
            strict: false,
            any_session_id: false,
            any_case: false,
            camel_case: false,
            presence_in_array: false,
            presence_read_reads_others: false,
            beta_set_presence_status: 204,
            location_status: 200,
            throttled_batch_status: 200,
        }
    }
}

impl Settings {
    /// Reads a scenario: JSON in which every key is optional.
    ///
    /// # Errors
    /// The reason, when the text is not JSON or has a key or a value that means nothing.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The same from a file, as an argument of the program names it.
    ///
    /// # Errors
    /// The reason, when the file cannot be read or is not a scenario.
    pub fn from_file(path: &Path) -> Result<Self, String> {
        Self::from_json(&file::read(path)?)
    }

    pub(crate) fn throttle(&self) -> Limit {
        Limit { limit: self.throttle_limit, window_seconds: self.throttle_window.0 }
    }

    /// The first rule that a value breaks.
    pub(crate) fn check(&self) -> Result<(), String> {
        let rules = [
            (
                self.address.is_loopback() || self.allow_remote,
                format!(
                    "{} is not a loopback address, and anyone who reaches the emulator owns it; add --allow-remote",
                    self.address
                ),
            ),
            (
                self.throttle().is_sound(),
                format!(
                    "throttleWindow {} is outside 0.001 to 864000 seconds",
                    self.throttle_window
                ),
            ),
            (
                self.time_scale.is_finite() && self.time_scale >= 0.0,
                format!(
                    "timeScale {} is negative or not finite; use 0 to stop the clock",
                    self.time_scale
                ),
            ),
            (
                !matches!(self.users, Users::MadeUp(count) if count > MOST_USERS),
                format!("there may be at most {MOST_USERS} made-up users"),
            ),
            (self.page_size > 0, "pageSize 0 is too small; use 1 or more".into()),
            (self.max_connections > 0, "maxConnections 0 is too small; use 1 or more".into()),
            (
                self.header_timeout.is_positive(),
                format!("headerTimeout {} is not a time; use more than 0", self.header_timeout),
            ),
            (
                self.token_lifetime.is_positive(),
                format!("tokenLifetime {} is not a time; use more than 0", self.token_lifetime),
            ),
            (
                self.max_header_bytes >= 8192,
                format!("maxHeaderBytes {} is too small; use 8192 or more", self.max_header_bytes),
            ),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(rule))?;
        for (name, status) in [
            ("betaSetPresenceStatus", self.beta_set_presence_status),
            ("locationStatus", self.location_status),
            ("throttledBatchStatus", self.throttled_batch_status),
        ] {
            check_status(name, status)?;
        }
        self.faults.iter().try_for_each(Fault::check)
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn a_scenario_that_is_misspelt_is_refused_with_the_word() {
        for (text, word) in [
            (r#"{"sead": 1}"#, "sead"),
            (r#"{"users": [{"mail": "zoe@contoso.example"}]}"#, "unknown field `mail`"),
            (r#"{"faults": [{"kind": "explode"}]}"#, "explode"),
            (
                r#"{"state": {"format": 9, "now": "2026-08-18T10:00:00Z", "scale": 1, "random": "0", "users": []}}"#,
                "format 9",
            ),
        ] {
            let error = Settings::from_json(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn a_value_that_breaks_a_rule_is_refused_with_the_rule() {
        for (text, word) in [
            (r#"{"throttleWindow": 0}"#, "throttleWindow 0 is outside"),
            (r#"{"timeScale": -1}"#, "timeScale -1 is negative"),
            (r#"{"users": 1000001}"#, "at most 1000000 made-up users"),
            (r#"{"pageSize": 0}"#, "pageSize 0 is too small"),
            (r#"{"maxConnections": 0}"#, "maxConnections 0 is too small"),
            (r#"{"headerTimeout": 0}"#, "headerTimeout 0 is not a time"),
            (r#"{"tokenLifetime": -1}"#, "tokenLifetime -1 is not a time"),
            (r#"{"locationStatus": 1000}"#, "locationStatus 1000 is not the status"),
            (r#"{"betaSetPresenceStatus": 0}"#, "use 200 to 599"),
            (r#"{"throttledBatchStatus": 99}"#, "use 200 to 599"),
            (r#"{"faults": [{"status": 1000}]}"#, "status 1000 is not the status"),
            (r#"{"faults": [{"nth": 0}]}"#, "nth 0 means no request"),
            (r#"{"faults": [{"every": 0}]}"#, "every 0 means no request"),
            (r#"{"faults": [{"count": 0}]}"#, "count 0 means no request"),
            (
                r#"{"faults": [{"from": "2026-08-18T10:00:00Z", "to": "2026-08-18T10:00:00Z"}]}"#,
                "to must be later than from",
            ),
            (r#"{"faults": [{"probability": 2}]}"#, "probability 2 is outside 0 to 1"),
            (r#"{"maxHeaderBytes": 1}"#, "use 8192 or more"),
            (r#"{"address": "0.0.0.0"}"#, "0.0.0.0 is not a loopback address"),
        ] {
            let error = Settings::from_json(text).unwrap().check().unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
        assert_eq!(Settings::default().check(), Ok(()));
    }
}
