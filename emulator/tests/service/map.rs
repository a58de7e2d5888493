//! The code is as the map in lib.rs says: folders in one order, dependencies that point down, rules without I/O.

use std::path::{Path, PathBuf};

use crate::modules::Graph;

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules that the list in lib.rs names, in its order: the highest first.
fn map() -> Vec<String> {
    let text = std::fs::read_to_string(src().join("lib.rs")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("//! - `"));
    lines.map(|line| line.split('`').next().unwrap().to_owned()).collect()
}

#[test]
fn no_file_depends_on_itself_by_way_of_others() {
    for root in ["lib.rs", "main.rs"] {
        let graph = Graph::read(&src(), root);
        assert_eq!(graph.circle(), None, "{root}");
        assert_eq!(graph.folders().circle(), None, "{root}");
    }
}

#[test]
fn dependencies_point_down_the_map_of_lib_rs() {
    let map = map();
    let order: Vec<&str> = std::iter::once("crate").chain(map.iter().map(String::as_str)).collect();
    let graph = Graph::read(&src(), "lib.rs").folders();
    assert_eq!(graph.against(&order), [] as [&str; 0], "user -> used");
    let mut named = order.clone();
    named.sort_unstable();
    assert_eq!(named, graph.files().collect::<Vec<_>>(), "the map names every module and no other");
}

#[test]
fn the_domain_does_no_io() {
    const IO: [&str; 13] = [
        "std::fs",
        "std::net",
        "std::io",
        "std::env",
        "std::process",
        "std::thread",
        "std::time::Instant",
        "std::time::SystemTime",
        "jiff::Timestamp::now",
        "tokio",
        "tokio_rustls",
        "hyper",
        "hyper_util",
    ];
    let graph = Graph::read(&src(), "lib.rs");
    let is_domain = |file: &&str| {
        ["presence", "odata", "fault", "http", "guid", "random", "time::duration"]
            .iter()
            .any(|domain| file == domain || file.starts_with(&format!("{domain}::")))
    };
    let domain: Vec<&str> = graph.files().filter(is_domain).collect();
    assert!(domain.len() > 15, "{domain:?}");
    for file in domain {
        assert_eq!(graph.reaches(file, &IO), [] as [&str; 0]);
    }
}
