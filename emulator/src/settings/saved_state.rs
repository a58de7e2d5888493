//! A saved state: everything that a later emulator needs to go on from here. Received requests, throttle counts and tokens
//! are not part of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::User;
use crate::fault::Faults;
use crate::random::Random;
use crate::state::World;
use crate::time::Clock;

/// Raised when an older file can no longer be read.
const FORMAT: u32 = 1;

/// What GET writes and PUT, `--state` and scenarios read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "AnyFormat")]
pub(crate) struct State {
    format: u32,
    now: Timestamp,
    scale: f64,
    random: Random,
    users: Vec<User>,
    faults: Faults,
}

/// The same before its format is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnyFormat {
    format: u32,
    now: Timestamp,
    scale: f64,
    random: Random,
    users: Vec<User>,
    #[serde(default)]
    faults: Faults,
}

impl TryFrom<AnyFormat> for State {
    type Error = String;

    fn try_from(state: AnyFormat) -> Result<Self, String> {
        let AnyFormat { format, now, scale, random, users, faults } = state;
        match format {
            FORMAT => Ok(Self { format, now, scale, random, users, faults }),
            other => Err(format!("the state has format {other}, and this emulator reads {FORMAT}")),
        }
    }
}

impl State {
    pub(crate) fn of(world: &World) -> Self {
        Self {
            format: FORMAT,
            now: world.now(),
            scale: world.clock.scale(),
            random: world.random.clone(),
            users: world.directory.all().to_vec(),
            faults: world.faults.clone(),
        }
    }

    pub(crate) fn restore(self, world: &mut World) {
        world.clock = Clock::new(self.now, self.scale.max(0.0));
        world.random = self.random;
        world.directory = self.users.into_iter().collect();
        world.faults = self.faults;
    }
}
