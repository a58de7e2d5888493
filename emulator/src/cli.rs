//! The command line: the emulator's settings, and the flags of the program alone.

use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use mgpresence_emulator::{Settings, StartError};

const PROGRAM: &str = "Program";

/// A Microsoft Graph presence service on loopback, for tests without a tenant.
///
/// The first line on stdout is one JSON object with url, control, token (an application token, ready to use), userToken
/// (a delegated token of the first user), appId, tenantId, userId, seed and version. Nothing else is printed on stdout.
#[derive(Debug, Default, Parser)]
#[command(
    name = "mgpresence-emulator",
    version,
    max_term_width = 100,
    allow_negative_numbers = true
)]
pub(crate) struct CommandLine {
    /// Settings from a JSON file; flags take precedence.
    #[arg(long, value_name = "FILE", help_heading = PROGRAM)]
    scenario: Option<PathBuf>,

    /// Stop when stdin closes, so that a test run that dies leaves nothing behind. Ctrl+C does not stop the emulator
    /// then.
    #[arg(long, help_heading = PROGRAM)]
    pub(crate) until_stdin_closes: bool,

    /// Permission of the tokens in the first line; may be repeated. Without it, they may read and write presence.
    #[arg(long = "permission", value_name = "NAME", help_heading = PROGRAM)]
    pub(crate) permissions: Vec<String>,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

impl CommandLine {
    /// Parses the arguments of this process. Prints a text and exits on `--help` and on an invalid argument. The
    /// command itself has no defaults, so an absent flag keeps the value from the scenario or from
    /// [`Settings::default`].
    pub(crate) fn read() -> Result<Self, StartError> {
        let mut command = command();
        let matches = command.get_matches_mut();
        let mut read = Self::default();
        if let Some(path) = matches.get_one::<PathBuf>("scenario") {
            let settings = Settings::from_file(path);
            read.settings =
                settings.map_err(|reason| StartError::Scenario(path.clone(), reason))?;
        }
        let updated = read.update_from_arg_matches(&matches);
        updated.map(|()| read).map_err(|error| StartError::Setting(error.to_string()))
    }
}

/// The command, with the default of each setting added to its help. Clap removes the final full stop of a help text;
/// this function adds it again.
fn command() -> clap::Command {
    let defaults = serde_json::to_value(Settings::default()).expect("settings are plain data");
    CommandLine::command_for_update().mut_args(|arg| {
        let help = format!("{}.", arg.get_help().cloned().unwrap_or_default());
        arg.clone().help(match &defaults[key(arg.get_id().as_str())] {
            serde_json::Value::Null | serde_json::Value::Bool(_) => help,
            serde_json::Value::String(text) => format!("{help} [default: {text}]"),
            // 30, not 30.0.
            number => format!("{help} [default: {}]", number.as_f64().expect("a number")),
        })
    })
}

/// The scenario's key for a flag: `pageSize` for `page_size`.
fn key(id: &str) -> String {
    let mut words = id.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |key, word| key + &word[..1].to_uppercase() + &word[1..])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::command;

    const START: &str = "<!-- The settings, written by `MGP_WRITE_DOCS=1 cargo test -p mgpresence-emulator settings`. -->\n";
    const END: &str = "<!-- End of the settings. -->\n";

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    /// A row for each flag, below the heading that its help has.
    fn table() -> String {
        let mut table = "| Flag | Default | Meaning |\n|---|---|---|\n".to_owned();
        let mut heading = "";
        let command = command();
        for arg in command.get_arguments().filter(|arg| arg.get_help_heading().is_some()) {
            if arg.get_help_heading() != Some(heading) {
                heading = arg.get_help_heading().unwrap();
                table += &format!("| **{heading}** | | |\n");
            }
            let is_switch = !arg.get_action().takes_values()
                || arg.get_num_args().is_some_and(|count| !count.takes_values());
            let value = match is_switch {
                true => String::new(),
                false => format!(" {}", arg.get_value_names().unwrap()[0].replace('|', "\\|")),
            };
            let help = arg.get_help().unwrap().to_string();
            let (meaning, default) = help
                .split_once(" [default: ")
                .unwrap_or((&help, if is_switch { "off" } else { "" }));
            let (flag, default) = (arg.get_long().unwrap(), default.trim_end_matches(']'));
            table += &format!("| `--{flag}{value}` | {default} | {meaning} |\n");
        }
        table
    }

    #[test]
    fn the_manual_has_the_table_of_the_settings() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/emulator.md");
        let manual = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = manual.split_once(START).expect("where the table begins");
        let (found, after) = rest.split_once(END).expect("where the table ends");
        if std::env::var_os("MGP_WRITE_DOCS").is_some() {
            std::fs::write(&path, [before, START, &table(), END, after].concat()).unwrap();
            return;
        }
        assert_eq!(found, table(), "run the command that stands above the table");
    }
}
