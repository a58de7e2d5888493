//! Saved states, scenarios, entity tags.

use std::path::PathBuf;

use mgpresence_emulator::{Builder, Emulator, Fault};
use serde_json::{Value, json};

use crate::client::{Client, session};

/// A file that is gone when the test is.
struct File(PathBuf);

impl File {
    fn with(name: &str, text: &Value) -> Self {
        let path =
            std::env::temp_dir().join(format!("mgpresence-emulator-{}-{name}", std::process::id()));
        // Windows PowerShell begins a file with this mark.
        std::fs::write(&path, format!("\u{feff}{text}"))
            .expect("the temporary folder can be written");
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_saved_state_goes_on_elsewhere() {
    let first = Emulator::builder().seed(3).time_scale(0.0).start().unwrap();
    let app = Client::of_application(&first);
    app.post("/v1.0/users/adele/presence/setPresence", session("Busy", "InACall"));
    first.sign_in("alex", "web", "Away", "Away");
    first.inject(Fault::answer(503).every(2));
    first.advance("PT4M");
    app.get("/v1.0/users/adele/presence");
    let state = Client::new(&first, String::new()).get("/_emulator/state").json();
    assert_eq!(state, first.state());

    let file = File::with("state.json", &state);
    let second = Emulator::builder().state_file(&file.0).start().unwrap();
    assert_eq!(second.state(), state);
    let app = Client::of_application(&second);
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 503);
    assert_eq!(app.shown("adele"), "Busy/InACall");
    second.clear_faults();
    second.advance("PT1M");
    assert_eq!(app.shown("adele"), "Offline/Offline");
    assert_eq!(app.shown("alex"), "Away/Away");

    let control = Client::new(&second, String::new());
    assert_eq!(control.call("PUT", "/_emulator/state", Some(state.clone()), &[]).status, 204);
    assert_eq!(second.state(), state);
    assert_eq!(
        control.call("PUT", "/_emulator/state", Some(json!({"format": 0})), &[]).status,
        400
    );
}

#[test]
fn a_scenario_sets_the_stage() {
    let scenario = json!({
        "seed": 7,
        "startTime": "2026-08-18T10:00:00Z",
        "timeScale": 0,
        "users": ["adele", "zoe"],
        "clients": [{"user": "zoe", "name": "web", "availability": "Busy", "activity": "InAMeeting"}],
        "faults": [{"status": 503, "nth": 1}],
        "throttleLimit": 2,
        "throttleWindow": 10,
        "strict": true,
    });
    let file = File::with("scenario.json", &scenario);
    let emulator = Builder::from_scenario(&file.0).unwrap().start().unwrap();
    let app = Client::of_application(&emulator);
    assert_eq!(emulator.now().to_string(), "2026-08-18T10:00:00Z");
    assert_eq!(app.get("/v1.0/users/zoe/presence").status, 503);
    assert_eq!(app.shown("zoe"), "Busy/InAMeeting");
    assert_eq!(app.call("PATCH", "/v1.0/users/zoe/presence", Some(json!({})), &[]).status, 404);
    assert_eq!(app.get("/v1.0/users/zoe/presence").status, 429);
    emulator.reset();
    assert_eq!(emulator.presence("zoe")["activity"], "InAMeeting");
}

#[test]
fn if_match_guards_update_and_delete() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    let path = "/v1.0/me/presence";
    let old = adele.get(path).header("etag").to_owned();
    adele.post("/v1.0/me/presence/setPresence", session("Busy", "InACall"));
    let new = adele.get(path).header("etag").to_owned();
    assert_ne!(old, new);
    let body = Some(json!({"availability": "Away"}));
    for method in ["PATCH", "DELETE"] {
        let refused = adele.call(method, path, body.clone(), &[("If-Match", &old)]);
        assert!(refused.error().starts_with("412 PreconditionFailed"), "{}", refused.error());
    }
    assert_eq!(adele.call("PATCH", path, body.clone(), &[("If-Match", &new)]).status, 200);
    assert_eq!(
        adele.call("PATCH", path, body, &[("If-Match", &new)]).status,
        412,
        "it has changed"
    );
    assert_eq!(adele.call("DELETE", path, None, &[("If-Match", "*")]).status, 204);
}
