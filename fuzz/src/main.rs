//! Hands the fuzzer's input to the target that MGP_FUZZ names. `tools/fuzz` builds and runs this.
#![no_main]

use std::env;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

type Target = fn(&[u8]);

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let wanted = env::var("MGP_FUZZ").unwrap_or_default();
    let mut all = mgpresence::fuzzing::TARGETS.iter().chain(mgpresence_emulator::fuzzing::TARGETS);
    let found = all.find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("MGP_FUZZ={wanted} is not a target")).1
});

fuzz_target!(|data: &[u8]| TARGET(data));
