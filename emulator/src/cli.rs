//! The command line: every flag is one call of the library's builder.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use mgpresence_emulator::{Builder, Emulator, StartError};

/// A Microsoft Graph presence service on loopback, for tests without a tenant.
///
/// The first line on stdout is one JSON object with url, control, token (an application's, ready to use), userToken (the
/// first user's), appId, tenantId, userId, seed and version. Nothing else is printed there.
#[derive(Debug, Parser)]
#[command(name = "mgpresence-emulator", version, max_term_width = 100)]
pub(crate) struct Options {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0, help_heading = "Where it listens")]
    port: u16,

    /// The address; any but loopback needs --allow-remote too
    #[arg(long, default_value = "127.0.0.1", help_heading = "Where it listens")]
    address: IpAddr,

    /// Let others reach it: whoever does owns it
    #[arg(long, help_heading = "Where it listens")]
    allow_remote: bool,

    /// Serve https; the first line then has caFile, the certificate to trust
    #[arg(long, help_heading = "Where it listens")]
    https: bool,

    /// End when stdin closes, so that a test harness that dies leaves nothing running; Ctrl+C is not for the emulator then
    #[arg(long, help_heading = "Where it listens")]
    pub(crate) until_stdin_closes: bool,

    /// Append a JSON line a request: method, path, status, headers, body
    #[arg(long, value_name = "FILE", help_heading = "Where it listens")]
    log: Option<PathBuf>,

    /// Users from a CSV or JSON file, or so many made-up ones
    #[arg(long, value_name = "FILE|N", help_heading = "Who exists")]
    users: Option<String>,

    /// A user by short name, user principal name or object id; may be repeated
    #[arg(
        long = "user",
        value_name = "NAME",
        conflicts_with = "users",
        help_heading = "Who exists"
    )]
    user: Vec<String>,

    /// Set the stage from a JSON file: seed, clock, users, clients, faults, throttle; other flags have precedence
    #[arg(long, value_name = "FILE", help_heading = "The stage")]
    scenario: Option<PathBuf>,

    /// Go on from a state that GET /_emulator/state wrote
    #[arg(long, value_name = "FILE", help_heading = "The stage")]
    state: Option<PathBuf>,

    /// Requests in a window for each application in each tenant [default: 10000 in 30 s]; 0 allows all
    #[arg(long, value_name = "N", help_heading = "Limits")]
    throttle_limit: Option<u64>,

    /// The length of that window in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30.0,
        requires = "throttle_limit",
        help_heading = "Limits"
    )]
    throttle_window: f64,

    /// Presences in one page of the collection, at most
    #[arg(long, value_name = "N", help_heading = "Limits")]
    page_size: Option<usize>,

    /// Status of setPresence in beta: its draft said 204, the published pages say 200 [default: 204]
    #[arg(long, value_name = "STATUS", help_heading = "Where Graph's pages contradict each other")]
    beta_set_presence_status: Option<u16>,

    /// Status of the location actions: their text says 200, their examples say 204 [default: 200]
    #[arg(long, value_name = "STATUS", help_heading = "Where Graph's pages contradict each other")]
    location_status: Option<u16>,

    /// Status of a $batch with a throttled item: 200, or 424 as before about 2023 [default: 200]
    #[arg(long, value_name = "STATUS", help_heading = "Where Graph's pages contradict each other")]
    throttled_batch_status: Option<u16>,

    /// What the tokens of the first line may do; may be repeated [default: what reading and writing presence needs]
    #[arg(long = "permission", value_name = "NAME", help_heading = "Tokens and sign-in")]
    pub(crate) permissions: Vec<String>,

    /// Let the default application prove itself at the token endpoint by this certificate or public key (PEM)
    #[arg(long, value_name = "FILE", help_heading = "Tokens and sign-in")]
    client_certificate: Option<PathBuf>,

    /// Approve device sign-ins at once, as this user
    #[arg(long, value_name = "USER", help_heading = "Tokens and sign-in")]
    approve_sign_ins: Option<String>,

    /// Life of the access tokens that the token endpoint issues, in seconds of emulated time [default: 3599]
    #[arg(long, value_name = "SECONDS", help_heading = "Tokens and sign-in")]
    token_lifetime: Option<u64>,

    /// PATCH, POST and DELETE of a presence answer 404, as the live service does
    #[arg(long, help_heading = "Where Graph's pages contradict each other")]
    strict: bool,

    /// Refuse tokens that this process did not mint
    #[arg(long, help_heading = "Tokens and sign-in")]
    verify_tokens: bool,

    /// Let setPresence name a session that is not the token's application
    #[arg(long, help_heading = "Where Graph's pages contradict each other")]
    any_session_id: bool,

    /// Accept availability and activity in any case of letters
    #[arg(long, help_heading = "Where Graph's pages contradict each other")]
    any_case: bool,

    /// GET of /communications/presences/{id} answers with a value array, as its page's example
    #[arg(long, help_heading = "Where Graph's pages contradict each other")]
    presence_in_array: bool,

    /// Delegated Presence.Read reads other users too, as the permission table says
    #[arg(long, help_heading = "Where Graph's pages contradict each other")]
    presence_read_reads_others: bool,

    /// Answer in camelCase, as the resource page prints since December 2025
    #[arg(long, help_heading = "Where Graph's pages contradict each other")]
    camel_case: bool,

    /// Repeat ids, made-up names and faults by chance
    #[arg(long, help_heading = "Time and chance")]
    seed: Option<u64>,

    /// Where the clock starts, such as 2026-08-18T10:00:00Z; without it at the machine's time
    #[arg(long, value_name = "TIME", help_heading = "Time and chance")]
    start_time: Option<jiff::Timestamp>,

    /// Emulated seconds in one second; 0 stands still [default: 1]
    #[arg(long, value_name = "FACTOR", help_heading = "Time and chance")]
    time_scale: Option<f64>,

    /// Bytes of a request's body, at most [default: 4194304]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_body_bytes: Option<usize>,

    /// Bytes of a request's head, at most; 8192 or more [default: 65536]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_header_bytes: Option<usize>,

    /// Connections at a time; when all are taken the longest idle gives way
    #[arg(long, default_value_t = 8192, value_name = "N", help_heading = "Limits")]
    max_connections: usize,
}

/// What a flag without a value does.
type Switch = fn(Builder) -> Builder;

impl Options {
    pub(crate) fn builder(self) -> Result<Builder, StartError> {
        let builder =
            self.scenario.map_or_else(|| Ok(Emulator::builder()), Builder::from_scenario)?;
        let builder =
            builder.port(self.port).address(self.address).max_connections(self.max_connections);
        let flags: [(bool, Switch); 9] = [
            (self.allow_remote, Builder::allow_remote),
            (self.https, Builder::https),
            (self.strict, Builder::strict),
            (self.verify_tokens, Builder::verify_tokens),
            (self.any_session_id, Builder::any_session_id),
            (self.any_case, Builder::any_case),
            (self.presence_in_array, Builder::presence_in_array),
            (self.presence_read_reads_others, Builder::presence_read_reads_others),
            (self.camel_case, Builder::camel_case),
        ];
        let builder = flags
            .into_iter()
            .filter(|(is_set, _)| *is_set)
            .fold(builder, |builder, (_, set)| set(builder));
        let builder = self.user.iter().fold(builder, |builder, name| builder.user(name));
        let builder = with(builder, self.users, |builder, users| match users.parse() {
            Ok(count) => builder.made_up_users(count),
            Err(_) => builder.users_file(users),
        });
        let builder = with(builder, self.log, Builder::log);
        let builder = with(builder, self.seed, Builder::seed);
        let builder = match self.client_certificate {
            None => builder,
            Some(path) => {
                let pem = std::fs::read_to_string(&path);
                builder.client_certificate(
                    &pem.map_err(|error| StartError::Certificate(error.to_string()))?,
                )?
            }
        };
        let builder =
            with(builder, self.approve_sign_ins, |builder, user| builder.approve_sign_ins(&user));
        let life = self.token_lifetime.map(Duration::from_secs);
        let builder = with(builder, life, Builder::token_lifetime);
        let builder = with(builder, self.state, Builder::state_file);
        let builder = with(builder, self.time_scale, Builder::time_scale);
        let window = Duration::try_from_secs_f64(self.throttle_window).unwrap_or_default();
        let builder =
            with(builder, self.throttle_limit, |builder, limit| builder.throttle(limit, window));
        let builder = with(builder, self.max_body_bytes, Builder::max_body_bytes);
        let builder = with(builder, self.max_header_bytes, Builder::max_header_bytes);
        let builder = with(builder, self.page_size, Builder::page_size);
        let builder =
            with(builder, self.beta_set_presence_status, Builder::beta_set_presence_status);
        let builder = with(builder, self.location_status, Builder::location_status);
        let builder = with(builder, self.throttled_batch_status, Builder::throttled_batch_status);
        Ok(with(builder, self.start_time, Builder::start_time))
    }
}

fn with<T>(builder: Builder, value: Option<T>, set: impl FnOnce(Builder, T) -> Builder) -> Builder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Options::command().debug_assert();
    }
}
