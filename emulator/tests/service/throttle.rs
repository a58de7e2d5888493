//! Throttling: <https://learn.microsoft.com/graph/throttling>

use std::time::Duration;

use mgpresence_emulator::Emulator;

use crate::client::Client;

const PATH: &str = "/v1.0/users/adele/presence";

fn emulator(limit: u64) -> Emulator {
    Emulator::builder().throttle(limit, Duration::from_secs(30)).time_scale(0.0).start().unwrap()
}

#[test]
fn a_full_window_answers_429_until_retry_after_has_passed() {
    let emulator = emulator(2);
    let app = Client::of_application(&emulator);
    assert_eq!(app.get(PATH).status, 200);
    emulator.advance("PT10.5S");
    assert_eq!(app.get(PATH).status, 200);
    let refused = app.get(PATH);
    assert_eq!(refused.error(), "429 TooManyRequests: Please retry again later.");
    assert_eq!(refused.header("retry-after"), "30.000");
    emulator.advance("PT30S");
    assert_eq!(app.get(PATH).status, 200);
}

#[test]
fn retry_after_is_in_seconds_of_the_client() {
    for (scale, expected) in [(10.0, 3.0), (0.5, 60.0)] {
        let window = Duration::from_secs(30);
        let emulator = Emulator::builder().throttle(1, window).time_scale(scale).start().unwrap();
        let app = Client::of_application(&emulator);
        assert_eq!(app.get(PATH).status, 200);
        let wait: f64 = app.get(PATH).header("retry-after").parse().unwrap();
        assert!((expected / 2.0..=expected).contains(&wait), "{wait} at {scale}");
    }
}

#[test]
fn rejected_calls_count_and_the_largest_window_is_reported() {
    let emulator = emulator(3);
    let app = Client::of_application(&emulator);
    (0..5).for_each(|_| drop(app.get(PATH)));
    let report = Client::new(&emulator, String::new()).get("/_emulator/throttle").json();
    assert_eq!(report, emulator.throttle());
    assert_eq!(report["largestInWindow"], 5);
    assert_eq!(
        (&report["callers"][0]["accepted"], &report["callers"][0]["rejected"]),
        (&3.into(), &2.into())
    );
}

#[test]
fn each_application_in_each_tenant_has_its_own_window() {
    let emulator = emulator(1);
    for token in [
        emulator.app_token(),
        emulator.token("other").mint(),
        emulator.token("other").tenant("elsewhere").mint(),
    ] {
        let app = Client::new(&emulator, token);
        assert_eq!((app.get(PATH).status, app.get(PATH).status), (200, 429));
    }
}

#[test]
fn the_limit_can_be_changed_on_the_way() {
    let emulator = emulator(1);
    let app = Client::of_application(&emulator);
    assert_eq!((app.get(PATH).status, app.get(PATH).status), (200, 429));
    let control = Client::new(&emulator, String::new());
    let limit = serde_json::json!({"limit": 0, "windowSeconds": 30});
    assert_eq!(control.call("PUT", "/_emulator/throttle", Some(limit), &[]).status, 200);
    assert_eq!(app.get(PATH).status, 200);
    let wrong = serde_json::json!({"limit": 1, "windowSeconds": -1});
    assert_eq!(control.call("PUT", "/_emulator/throttle", Some(wrong), &[]).status, 400);
}
