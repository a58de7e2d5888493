//! The house is as its maps say: the modules of lib.rs, the boundaries between them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![(path.clone(), fs::read_to_string(&path).unwrap())],
        })
        .collect()
}

#[test]
fn the_map_in_lib_rs_names_every_module_and_no_other() {
    let text = fs::read_to_string(src().join("lib.rs")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("//! - "));
    let named: BTreeSet<String> = lines
        .flat_map(|line| line.split(':').next().unwrap().split(", "))
        .map(|name| name.trim_matches('`').to_string())
        .collect();
    let there: BTreeSet<String> = fs::read_dir(src())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_string())
        .filter(|name| name != "lib")
        .collect();
    assert_eq!(named, there);
}

#[test]
fn the_domain_and_the_operations_import_no_io() {
    for folder in ["presence", "operation"] {
        for (path, text) in sources(&src().join(folder)) {
            for word in ["reqwest", "tokio", "std::net", "std::fs", "transport", "client"] {
                let used = text.lines().any(|line| line.starts_with("use ") && line.contains(word));
                assert!(!used, "{} imports {word}", path.display());
            }
        }
    }
}

#[test]
fn every_exported_function_runs_inside_entry_or_guard() {
    for (path, text) in sources(&src().join("ffi")) {
        for function in text.split("extern \"C\" fn mgp_").skip(1) {
            let name = function.split('(').next().unwrap();
            let body = function.split("\n}\n").next().unwrap();
            let is_guarded =
                ["entry(", "guard(", "text(", "put("].iter().any(|way| body.contains(way));
            assert!(is_guarded, "mgp_{name} in {} is not guarded", path.display());
        }
    }
}

/// The functions that a text calls, in order, as it names them: `In::new`.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| {
        line.match_indices('(').map(move |(end, _)| {
            let start = line[..end].rfind(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
            &line[start.map_or(0, |start| start + 1)..end]
        })
    })
    .filter(|name| !name.is_empty())
}

/// What an argument is made with cannot panic; reading it may, and that is for the guarded part.
#[test]
fn nothing_but_the_arguments_is_made_before_the_guard() {
    let mut seen = 0;
    for (path, text) in sources(&src().join("ffi")) {
        for function in text.split("extern \"C\" fn mgp_").skip(1) {
            let (signature, body) = function.split_once(" {\n").unwrap();
            let name = signature.split('(').next().unwrap();
            let guards = ["entry", "guard", "text", "put"];
            for call in calls(body).take_while(|call| !guards.contains(call)) {
                let makes = call.ends_with("::new") || ["take", "null_mut"].contains(&call);
                assert!(makes, "mgp_{name} in {} calls {call} unguarded", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn unsafe_stays_in_ffi() {
    for (path, text) in sources(&src()) {
        if path.starts_with(src().join("ffi")) {
            continue;
        }
        assert!(!text.contains("unsafe {") && !text.contains("unsafe fn"), "{}", path.display());
    }
}
