//! Each example in the README is part of a file that the tests run.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The fenced blocks of a language.
fn blocks<'a>(markdown: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    markdown.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn each_example_is_in_its_source_file() {
    let readme = read("README.md");
    let sources: [(&str, &[&str]); 4] = [
        (
            "powershell",
            &["examples/powershell/Start-Here.ps1", "examples/powershell/Set-MgUserPresence.ps1"],
        ),
        ("c", &["examples/c/set_presence.c"]),
        ("csharp", &["examples/csharp/SetPresence.cs"]),
        ("rust", &["src/client.rs"]),
    ];
    for (language, paths) in sources {
        let files: String = paths.iter().map(|path| read(path)).collect();
        let is_doc = language == "rust";
        let shown = |line: &str| match line.strip_prefix("///") {
            Some(doc) if is_doc => format!("{}\n", doc.strip_prefix(' ').unwrap_or(doc)),
            _ => format!("{line}\n"),
        };
        let files: String = files.lines().map(shown).collect();
        for block in blocks(&readme, language) {
            assert!(files.contains(block), "{paths:?} no longer have\n{block}");
        }
        assert!(!blocks(&readme, language).is_empty(), "no example in {language}");
    }
}

#[test]
fn the_operations_page_contains_the_current_service_files() {
    let page = read("docs/operations.md");
    for (language, path) in [("ini", "presence.service"), ("dockerfile", "Containerfile")] {
        assert_eq!(blocks(&page, language), [read(&format!("examples/service/{path}"))]);
    }
}

#[test]
fn the_two_commands_and_all_linked_files_exist() {
    let (readme, makefile) = (read("README.md"), read("Makefile"));
    for target in ["demo", "test", "module", "install-module", "install"] {
        assert!(makefile.contains(&format!("\n{target}:")), "make {target}");
    }
    for link in readme.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
        assert!(link.starts_with("http") || !read(link).is_empty(), "{link}");
    }
}
