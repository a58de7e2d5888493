//! The command line: every flag is one call of the library's builder.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Parser;
use mgpresence_emulator::{Builder, Emulator};

/// A Microsoft Graph presence service on loopback, for tests without a tenant.
///
/// The first line on stdout is one JSON object with url, control, token (an application's, ready to use), userToken (the
/// first user's), appId, tenantId, userId, seed and version. Nothing else is printed there.
#[derive(Debug, Parser)]
#[command(name = "mgpresence-emulator", version, max_term_width = 100)]
pub(crate) struct Options {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// The address; any but loopback needs --allow-remote too
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,

    /// Let others reach it: whoever does owns it
    #[arg(long)]
    allow_remote: bool,

    /// End when stdin closes, so that a test harness that dies leaves nothing running
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,

    /// Append a JSON line a request: method, path, status, headers, body
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,

    /// Users from a CSV or JSON file, or so many made-up ones
    #[arg(long, value_name = "FILE|N")]
    users: Option<String>,

    /// A user by short name, user principal name or object id; may be repeated
    #[arg(long = "user", value_name = "NAME", conflicts_with = "users")]
    user: Vec<String>,

    /// PATCH, POST and DELETE of a presence answer 404, as the live service does
    #[arg(long)]
    strict: bool,

    /// Refuse tokens that this process did not mint
    #[arg(long)]
    verify_tokens: bool,

    /// Let setPresence name a session that is not the token's application
    #[arg(long)]
    any_session_id: bool,

    /// Accept availability and activity in any case of letters
    #[arg(long)]
    any_case: bool,

    /// Repeat ids, made-up names and faults by chance
    #[arg(long)]
    seed: Option<u64>,

    /// Where the clock starts, such as 2026-08-18T10:00:00Z; without it at the machine's time
    #[arg(long, value_name = "TIME")]
    start_time: Option<jiff::Timestamp>,

    /// Emulated seconds in one second; 0 stands still
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    time_scale: f64,

    /// Connections at a time; the next ones are closed as they come
    #[arg(long, default_value_t = 8192, value_name = "N")]
    max_connections: usize,
}

/// What a flag without a value does.
type Switch = fn(Builder) -> Builder;

impl Options {
    pub(crate) fn builder(self) -> Builder {
        let builder = Emulator::builder()
            .port(self.port)
            .address(self.address)
            .time_scale(self.time_scale)
            .max_connections(self.max_connections);
        let flags: [(bool, Switch); 5] = [
            (self.allow_remote, Builder::allow_remote),
            (self.strict, Builder::strict),
            (self.verify_tokens, Builder::verify_tokens),
            (self.any_session_id, Builder::any_session_id),
            (self.any_case, Builder::any_case),
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
        with(builder, self.start_time, Builder::start_time)
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
