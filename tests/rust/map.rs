//! The house is as its maps say: the modules of lib.rs, the boundaries between them.

use std::collections::BTreeSet;
use std::fs;

use crate::source::{Source, files, sources, src};

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
    let io = [
        "reqwest",
        "hyper",
        "rustls",
        "tokio",
        "libc",
        "std::net",
        "std::fs",
        "std::process",
        "std::thread",
        "std::env",
        "crate::auth",
        "crate::builder",
        "crate::client",
        "crate::ffi",
        "crate::queue",
        "crate::transport",
    ];
    let exported = exported();
    for source in ["presence", "operation"].into_iter().flat_map(sources) {
        for path in source.references() {
            let path = resolved(path, &exported);
            let found = io.iter().find(|io| format!("{path}::").starts_with(&format!("{io}::")));
            assert!(found.is_none(), "{} refers to {path}", source.path.display());
        }
    }
}

/// What lib.rs re-exports, `client::Client` and the like.
fn exported() -> Vec<String> {
    Source::read(src().join("lib.rs")).references()
}

/// `crate::Client` is `crate::client::Client`.
fn resolved(path: String, exported: &[String]) -> String {
    let Some(name) = path.strip_prefix("crate::") else { return path };
    let origin = exported.iter().find(|it| it.ends_with(&format!("::{name}")));
    origin.map_or_else(|| path.clone(), |it| format!("crate::{it}"))
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
    for path in files(&src().join("ffi")) {
        let text = fs::read_to_string(&path).unwrap();
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
    // The compiler sees to it, unless a file takes leave: lib.rs denies it, and allows it to ffi alone.
    for path in files(&src()) {
        let named = fs::read_to_string(&path).unwrap().matches("unsafe_code").count();
        let allowed = if path == src().join("lib.rs") { 2 } else { 0 };
        assert_eq!(named, allowed, "{}", path.display());
    }
    let lib = fs::read_to_string(src().join("lib.rs")).unwrap();
    assert!(lib.contains("#![deny(unsafe_code)]"));
}
