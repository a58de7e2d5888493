//! The binary: its first line, its log, and its end.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running binary that is killed when a test fails.
pub(crate) struct Program {
    child: Child,
    about: Value,
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mgpresence-emulator"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary was built with this test");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("stdout is piped"))
            .read_line(&mut line)
            .expect("it says where it is");
        Self { child, about: serde_json::from_str(&line).expect(&line) }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it answers a request.
    pub(crate) fn is_alive(&self) -> bool {
        ureq::get(self.text("control")).call().is_ok()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.about[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.about)).to_owned()
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> u16 {
        let request = ureq::post(format!("{}{path}", self.text("url")))
            .header("Authorization", format!("Bearer {token}"));
        request.send_json(body).expect("the emulator accepts it").status().as_u16()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_first_line_is_enough_to_begin() {
    let program = Program::start(&["--until-stdin-closes"]);
    let body =
        json!({"sessionId": program.text("appId"), "availability": "Busy", "activity": "InACall"});
    assert_eq!(
        program.post("/v1.0/users/adele/presence/setPresence", &program.text("token"), &body),
        200
    );
    assert_eq!(
        program.post("/v1.0/me/presence/setPresence", &program.text("userToken"), &body),
        200
    );
    assert_eq!(program.post("/_emulator/users", "", &json!("zoe")), 200);
    assert_eq!(program.text("control"), format!("{}/_emulator", program.text("url")));
}

#[test]
fn it_ends_when_stdin_closes() {
    let mut program = Program::start(&["--until-stdin-closes"]);
    drop(program.child.stdin.take());
    assert!(program.child.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn sigterm_and_sigint_end_it_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&[]);
        let id = program.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(program.child.wait().unwrap().success(), "{signal}");
    }
}

/// Ctrl+C in a terminal goes to the emulator of a command too, which only meant itself.
#[cfg(unix)]
#[test]
fn sigint_does_not_end_one_that_lives_until_stdin_closes() {
    let mut program = Program::start(&["--until-stdin-closes"]);
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert!(program.is_alive());
    drop(program.child.stdin.take());
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn the_log_has_a_line_for_each_request_but_those_of_control() {
    let path =
        std::env::temp_dir().join(format!("mgpresence-emulator-{}.jsonl", std::process::id()));
    let program = Program::start(&["--log", path.to_str().unwrap()]);
    let body =
        json!({"sessionId": program.text("appId"), "availability": "Busy", "activity": "InACall"});
    program.post("/_emulator/users", "", &json!("zoe"));
    program.post("/v1.0/users/zoe/presence/setPresence?a=b", &program.text("token"), &body);
    program.post(
        "/v1.0/users/zoe/presence/clearUserPreferredPresence",
        &program.text("token"),
        &json!({}),
    );
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!(lines[0]["path"], "/v1.0/users/zoe/presence/setPresence?a=b");
    assert_eq!(
        (&lines[0]["method"], &lines[0]["status"], &lines[0]["body"]),
        (&json!("POST"), &json!(200), &body)
    );
    assert_eq!(lines[0]["headers"]["authorization"], format!("Bearer {}", program.text("token")));
}

#[test]
fn flags_take_precedence_over_a_scenario() {
    let path =
        std::env::temp_dir().join(format!("mgpresence-scenario-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"seed": 7, "strict": true, "users": ["zoe"]}"#).unwrap();
    let program =
        Program::start(&["--scenario", path.to_str().unwrap(), "--seed", "9", "--users", "3"]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(program.about["seed"], 9);
    let url = format!("{}/v1.0/users/user3/presence", program.text("url"));
    let token = format!("Bearer {}", program.text("token"));
    let deleted = ureq::delete(url).header("Authorization", token).call();
    assert!(
        matches!(deleted, Err(ureq::Error::StatusCode(404))),
        "strict is left as it was: {deleted:?}"
    );
}

#[test]
fn a_wrong_command_line_ends_it_with_a_reason() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_mgpresence-emulator"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&["--address", "0.0.0.0"]).contains("--allow-remote"));
    assert!(run(&["--users", "/nowhere/users.csv"]).contains("/nowhere/users.csv"));
    assert!(run(&["--user", "a", "--users", "3"]).contains("--users"));
    assert!(run(&["--seed", "-1"]).contains("'-1' for '--seed"));
}

#[test]
fn the_tokens_of_the_first_line_may_do_what_a_flag_says() {
    let program = Program::start(&["--until-stdin-closes", "--permission", "Presence.Read.All"]);
    let get = |path: &str, token: &str| {
        let request = ureq::get(format!("{}{path}", program.text("url")))
            .header("Authorization", format!("Bearer {token}"));
        request.call().expect("reading is permitted").status().as_u16()
    };
    assert_eq!(get("/v1.0/users/alex/presence", &program.text("token")), 200);
    assert_eq!(get("/v1.0/users/alex/presence", &program.text("userToken")), 200);
    let written = ureq::delete(format!("{}/v1.0/me/presence", program.text("url")))
        .header("Authorization", format!("Bearer {}", program.text("userToken")))
        .call();
    assert!(matches!(written, Err(ureq::Error::StatusCode(403))), "{written:?}");
}
