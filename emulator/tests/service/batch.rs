//! $batch: <https://learn.microsoft.com/graph/json-batching>

use std::time::Duration;

use mgpresence_emulator::{Emulator, Fault};
use serde_json::{Value, json};

use crate::client::{Answer, Client, session};

fn set(id: &str, user: &str, depends_on: &[&str]) -> Value {
    let mut item = json!({
        "id": id,
        "method": "POST",
        "url": format!("/users/{user}/presence/setPresence"),
        "headers": {"Content-Type": "application/json"},
        "body": session("Busy", "InACall"),
    });
    if !depends_on.is_empty() {
        item["dependsOn"] = depends_on.into();
    }
    item
}

fn get(id: &str, url: &str) -> Value {
    json!({"id": id, "method": "GET", "url": url})
}

fn send(client: &Client, items: &[Value]) -> Answer {
    client.post("/v1.0/$batch", json!({"requests": items}))
}

/// The answer to one item.
fn item(answer: &Answer, id: &str) -> Value {
    let body = answer.json();
    let found = body["responses"].as_array().unwrap().iter().find(|item| item["id"] == id);
    found.unwrap_or_else(|| panic!("{id} in {body}")).clone()
}

#[test]
fn each_item_has_its_own_status_headers_and_body() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let answer = send(
        &app,
        &[
            set("1", "adele", &[]),
            get("2", "/users/nobody/presence"),
            get("3", "communications/presences/$count"),
        ],
    );
    assert_eq!(answer.status, 200);
    assert_eq!(item(&answer, "1")["status"], 200);
    assert!(item(&answer, "1").get("body").is_none());
    assert_eq!(item(&answer, "2")["body"]["error"]["code"], "Request_ResourceNotFound");
    assert!(item(&answer, "2")["headers"]["request-id"].is_string());
    assert_eq!(item(&answer, "3")["body"], 4);
    assert_eq!(app.shown("adele"), "Busy/InACall");
}

#[test]
fn an_item_with_a_body_needs_its_content_type() {
    let emulator = Emulator::start();
    let mut without = set("1", "adele", &[]);
    without["headers"] = json!({});
    let clear = json!({"id": "2", "method": "POST", "url": "/users/adele/presence/clearUserPreferredPresence", "body": {}});
    let answer = send(&Client::of_application(&emulator), &[without, clear]);
    assert_eq!(
        (&item(&answer, "1")["status"], &item(&answer, "2")["status"]),
        (&json!(400), &json!(400))
    );
}

#[test]
fn what_depends_on_a_failure_fails() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let answer = send(
        &app,
        &[
            set("c", "alex", &["b"]),
            set("b", "megan", &["a"]),
            set("a", "nobody", &[]),
            set("d", "lidia", &["e"]),
            set("e", "adele", &[]),
        ],
    );
    let statuses: Vec<Value> =
        ["a", "b", "c", "d", "e"].iter().map(|id| item(&answer, id)["status"].clone()).collect();
    assert_eq!(statuses, [404, 424, 424, 200, 200]);
    assert_eq!(app.shown("alex"), "Offline/Offline");
}

#[test]
fn a_batch_that_makes_no_sense_is_refused_whole() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let many: Vec<Value> = (0..21).map(|number| set(&number.to_string(), "adele", &[])).collect();
    assert_eq!(
        send(&app, &many).error(),
        "400 BadRequest: Number of batch request steps exceeds the maximum value of 20."
    );
    assert_eq!(send(&app, &many[..20]).status, 200);
    for items in [
        vec![],
        vec![json!({"id": "1"})],
        vec![set("1", "adele", &[]), set("1", "alex", &[])],
        vec![set("1", "adele", &["2"])],
        vec![set("1", "adele", &["2"]), set("2", "adele", &["1"])],
        vec![set("1", "adele", &["1"])],
    ] {
        assert_eq!(send(&app, &items).status, 400, "{items:?}");
    }
}

#[test]
fn an_absolute_url_or_a_batch_within_is_refused_alone() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let absolute = format!("{}/v1.0/users/adele/presence", emulator.url());
    let nested = json!({"id": "2", "method": "POST", "url": "/$batch", "headers": {"Content-Type": "application/json"}, "body": {"requests": []}});
    let answer = send(&app, &[get("1", &absolute), nested, get("3", "/users/adele/presence")]);
    let statuses: Vec<Value> =
        ["1", "2", "3"].iter().map(|id| item(&answer, id)["status"].clone()).collect();
    assert_eq!(statuses, [400, 400, 200]);
}

#[test]
fn a_batch_within_is_refused_in_any_case_of_letters() {
    let emulator = Emulator::start();
    let json = json!({"Content-Type": "application/json"});
    let within = json!({"requests": [get("1", "/users/adele/presence")]});
    for url in ["/$batch", "/$BATCH", "$Batch?x=y"] {
        let nested =
            json!({"id": "1", "method": "POST", "url": url, "headers": json, "body": within});
        let answer = send(&Client::of_application(&emulator), &[nested]);
        let body = &item(&answer, "1")["body"];
        assert_eq!(body["error"]["message"], "A batch cannot contain a batch.", "{url}: {body}");
    }
}

#[test]
fn the_items_use_the_token_of_the_batch() {
    let emulator = Emulator::start();
    let alex = Client::of_user(&emulator, "alex");
    let answer = send(&alex, &[set("1", "alex", &[]), set("2", "adele", &[])]);
    assert_eq!(
        (&item(&answer, "1")["status"], &item(&answer, "2")["status"]),
        (&json!(200), &json!(401))
    );
    assert_eq!(send(&Client::new(&emulator, String::new()), &[set("1", "alex", &[])]).status, 401);
}

#[test]
fn items_are_throttled_one_by_one() {
    let emulator =
        Emulator::builder().throttle(2, Duration::from_secs(30)).time_scale(0.0).start().unwrap();
    let app = Client::of_application(&emulator);
    let answer =
        send(&app, &[set("1", "adele", &[]), set("2", "alex", &[]), set("3", "megan", &[])]);
    assert_eq!(answer.status, 200);
    let throttled = item(&answer, "3");
    assert_eq!(
        (&throttled["status"], &throttled["headers"]["retry-after"]),
        (&json!(429), &json!("30.000"))
    );
    assert_eq!(throttled["body"]["error"]["code"], "TooManyRequests");
}

#[test]
fn the_old_pages_424_for_a_throttled_batch_is_an_option() {
    let emulator = Emulator::builder()
        .throttle(1, Duration::from_secs(30))
        .throttled_batch_status(424)
        .start()
        .unwrap();
    let answer =
        send(&Client::of_application(&emulator), &[set("1", "adele", &[]), set("2", "alex", &[])]);
    assert_eq!(answer.status, 424);
    assert_eq!(item(&answer, "1")["status"], 200);
}

#[test]
fn a_fault_may_hit_one_item() {
    let emulator = Emulator::start();
    emulator.inject(
        Fault::answer(503).header("Retry-After", "1.5").user("alex").on("POST", "/v1.0/users/*"),
    );
    let answer =
        send(&Client::of_application(&emulator), &[set("1", "adele", &[]), set("2", "alexw", &[])]);
    assert_eq!(item(&answer, "1")["status"], 200);
    assert_eq!(
        (&item(&answer, "2")["status"], &item(&answer, "2")["headers"]["retry-after"]),
        (&json!(503), &json!("1.5"))
    );
}

#[test]
fn an_item_may_take_effect_although_its_answer_is_lost() {
    let emulator = Emulator::start();
    emulator.inject(Fault::answer(503).user("alex").after_taking_effect());
    let answer = send(&Client::of_application(&emulator), &[set("1", "alex", &[])]);
    assert_eq!(item(&answer, "1")["status"], 503);
    assert_eq!(emulator.presence("alex")["activity"], "InACall");
    let fault = Fault::answer(503).after_taking_effect();
    emulator.inject(fault.on("POST", "*/nobody/presence/setPresence"));
    let answer = send(&Client::of_application(&emulator), &[set("1", "nobody", &[])]);
    assert_eq!(item(&answer, "1")["status"], 503, "as a request that fails by itself");
}

#[test]
fn answers_come_in_any_order_that_a_seed_repeats() {
    let order = |seed| {
        let emulator = Emulator::builder().seed(seed).start().unwrap();
        let items: Vec<Value> =
            (0..20).map(|number| set(&number.to_string(), "adele", &[])).collect();
        let body = send(&Client::of_application(&emulator), &items).json();
        body["responses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
}
