//! A scenario: a JSON file that sets the stage before the start. What it leaves out has its default.

use jiff::Timestamp;
use serde::Deserialize;

use super::{ClientAtStart, Limit, SavedState, Settings, Users};
use crate::directory::{Application, NewUser};
use crate::fault::Fault;

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Scenario {
    seed: Option<u64>,
    clock: ClockAtStart,
    users: Option<UsersAtStart>,
    clients: Vec<ClientAtStart>,
    faults: Vec<Fault>,
    /// Beside the default ones.
    applications: Vec<Application>,
    approve_sign_ins: Option<String>,
    throttle: Option<Limit>,
    strict: bool,
    verify_tokens: bool,
    state: Option<SavedState>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ClockAtStart {
    set: Option<Timestamp>,
    scale: Option<f64>,
}

/// So many, or these.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum UsersAtStart {
    Count(usize),
    Listed(Vec<NewUser>),
}

impl Scenario {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let scenario: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if scenario.throttle.is_some_and(|limit| !limit.is_sound()) {
            return Err("throttle.windowSeconds must be between 0.001 and 864000".into());
        }
        if scenario.clock.scale.is_some_and(|scale| scale < 0.0) {
            return Err("clock.scale must not be negative".into());
        }
        Ok(scenario)
    }

    pub(crate) fn into_settings(self) -> Settings {
        let mut settings = Settings::default();
        self.applications
            .into_iter()
            .for_each(|application| settings.applications.add(application));
        settings.semantics.approve_sign_ins = self.approve_sign_ins;
        settings.semantics.strict = self.strict;
        settings.semantics.verify_tokens = self.verify_tokens;
        Settings {
            seed: self.seed,
            start: self.clock.set,
            scale: self.clock.scale.unwrap_or(settings.scale),
            users: match self.users {
                None => Users::Default,
                Some(UsersAtStart::Count(count)) => Users::MadeUp(count),
                Some(UsersAtStart::Listed(users)) => Users::Listed(users),
            },
            clients: self.clients,
            faults: self.faults,
            throttle: self.throttle.unwrap_or_default(),
            state: self.state,
            ..settings
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn a_scenario_that_is_misspelt_is_refused_with_the_word() {
        for (text, word) in [
            (r#"{"sead": 1}"#, "sead"),
            (r#"{"faults": [{"kind": "explode"}]}"#, "explode"),
            (r#"{"throttle": {"windowSeconds": 0}}"#, "windowSeconds"),
            (r#"{"clock": {"scale": -1}}"#, "scale"),
            (
                r#"{"state": {"format": 9, "now": "2026-08-18T10:00:00Z", "scale": 1, "random": "0", "users": []}}"#,
                "format 9",
            ),
        ] {
            let error = Scenario::parse(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
