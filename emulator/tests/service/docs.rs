//! The table of rules names tests, the manual names flags and control paths: all of them exist.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use mgpresence_emulator::{Builder, Emulator, Settings};

use crate::assertion::{CERTIFICATE, PUBLIC_KEY};
use crate::client::Client;

const RULES: &str = include_str!("../../../docs/emulator-rules.md");
const MANUAL: &str = include_str!("../../../docs/emulator.md");

/// The text of every Rust file below `folder`.
fn sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder of this crate") {
        let path = entry.expect("a readable entry").path();
        match path.extension() {
            _ if path.is_dir() => sources(&path, text),
            Some(extension) if extension == "rs" => {
                text.push_str(&std::fs::read_to_string(&path).expect("a source file"))
            }
            _ => {}
        }
    }
}

#[test]
fn every_test_that_the_table_names_exists() {
    let mut text = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["src", "tests"].iter().for_each(|folder| sources(&root.join(folder), &mut text));
    let rows = RULES
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`') && !line.contains("|---"));
    let named: Vec<&str> = rows.filter_map(|row| row.rsplit('`').nth(1)).collect();
    assert!(named.len() > 60, "{} rows", named.len());
    let missing: Vec<&&str> = named
        .iter()
        .filter(|name| {
            !text.contains(&format!("#[test]\n    fn {name}()"))
                && !text.contains(&format!("#[test]\nfn {name}()"))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_manual_names_every_flag_and_no_other() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_mgpresence-emulator")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let flags = |text: &str| -> BTreeSet<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        let is_flag = |word: &&str| {
            word.strip_prefix("--")
                .is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
        };
        words.filter(is_flag).map(Into::into).collect()
    };
    let (offered, named) = (flags(&help), flags(MANUAL));
    let ours: BTreeSet<String> = ["--help", "--version"].map(Into::into).into();
    let missing: Vec<_> = offered.difference(&named).filter(|flag| !ours.contains(*flag)).collect();
    assert!(missing.is_empty(), "not in docs/emulator.md: {missing:?}");
    let unknown: Vec<_> = named.difference(&offered).collect();
    assert!(unknown.is_empty(), "only in docs/emulator.md: {unknown:?}");
}

/// The manual's first code block of that language that begins with `words`.
fn block(language: &str, words: &str) -> String {
    let start = format!("```{language}\n{words}");
    let (_, block) = MANUAL.split_once(&start).expect(&start);
    words.to_owned() + block.split_once("```").expect("the end of a code block").0
}

#[test]
fn the_registration_and_the_scenario_of_the_manual_are_read() {
    let registration = block("json", r#"{"appId""#)
        .replace("-----BEGIN CERTIFICATE-----…", &CERTIFICATE.replace('\n', "\\n"))
        .replace("-----BEGIN PUBLIC KEY-----…", &PUBLIC_KEY.replace('\n', "\\n"));
    let registration = serde_json::from_str(&registration).expect("JSON");
    let emulator = Emulator::start();
    let client = Client::of_application(&emulator);
    assert_eq!(client.post("/_emulator/applications", registration).status, 204);
    let known = client.get("/_emulator/applications").json();
    let added = known.as_array().unwrap().iter().find(|known| known["appId"] == "my-app").unwrap();
    assert_eq!((&added["certificates"], &added["federatedCredentials"]), (&1.into(), &1.into()));

    let scenario = Settings::from_json(&block("json", r#"{"seed": 7"#)).unwrap();
    assert_eq!(Builder::from(scenario).start().unwrap().user_id("adele").len(), 36);
}

#[cfg(unix)]
#[test]
fn the_shell_recipe_shows_what_it_says() {
    let has = |tool: &str| {
        Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    if !has("curl") || !has("jq") {
        // Not eprintln: libtest would keep it to itself, and tools/test-rust could not count it.
        let reason = "SKIPPED: the shell recipe of docs/emulator.md: apt-get install curl jq";
        writeln!(std::io::stderr(), "\n{reason}").expect("stderr is open");
        return;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_mgpresence-emulator"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &block("sh", "#!/bin/sh")])
        .env("PATH", path)
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let activities: Vec<&str> = shown.lines().take(2).collect();
    assert_eq!(activities, ["InACall", "Offline"], "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.contains("POST /v1.0/users/adele/presence/setPresence 200"), "{shown}");
}
