//! The code matches the module list in lib.rs: dependencies point down, rules do no I/O, and `unsafe` is in one place.

use std::fs;

use crate::modules::Graph;
use crate::source::{files, src};

/// The modules that the list in lib.rs names, in its order: the highest first.
fn map() -> Vec<String> {
    let text = fs::read_to_string(src().join("lib.rs")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("//! - `"));
    lines.map(|line| line.split('`').next().unwrap().to_string()).collect()
}

#[test]
fn files_have_no_cyclic_dependencies() {
    let graph = Graph::read(&src(), "lib.rs");
    assert!(graph.files().count() > 80);
    assert_eq!(graph.circle(), None);
    assert_eq!(graph.folders().circle(), None);
}

#[test]
fn dependencies_point_down_the_map_of_lib_rs_which_names_every_module() {
    let map = map();
    let order: Vec<&str> = std::iter::once("crate").chain(map.iter().map(String::as_str)).collect();
    let graph = Graph::read(&src(), "lib.rs").folders();
    assert_eq!(graph.against(&order), [] as [&str; 0], "user -> used");
    let mut named = order.clone();
    named.sort_unstable();
    assert_eq!(named, graph.files().collect::<Vec<_>>());
}

#[test]
fn the_domain_and_the_operations_reach_no_io() {
    const IO: [&str; 11] = [
        "std::env",
        "std::fs",
        "std::io",
        "std::net",
        "std::process",
        "std::thread",
        "std::time::Instant",
        "std::time::SystemTime",
        "hyper",
        "reqwest",
        "tokio",
    ];
    let graph = Graph::read(&src(), "lib.rs");
    let is_domain = |file: &&str| file.starts_with("presence::") || file.starts_with("operation::");
    let domain: Vec<&str> = graph.files().filter(is_domain).collect();
    assert!(domain.len() > 30, "{domain:?}");
    for file in domain {
        assert_eq!(graph.reaches(file, &IO), [] as [&str; 0]);
    }
}

#[test]
fn unsafe_stays_in_ffi() {
    // The compiler ensures this unless a file allows `unsafe`: lib.rs denies it and allows it only for ffi.
    for path in files(&src()) {
        let named = fs::read_to_string(&path).unwrap().matches("unsafe_code").count();
        let allowed = if path == src().join("lib.rs") { 2 } else { 0 };
        assert_eq!(named, allowed, "{}", path.display());
    }
    let lib = fs::read_to_string(src().join("lib.rs")).unwrap();
    assert!(lib.contains("#![deny(unsafe_code)]"));
}
