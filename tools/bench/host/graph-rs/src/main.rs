//! setPresence through graph-rs-sdk: `bench-graph-rs URL TOKEN CALLS IN_FLIGHT`. Fails on any answer but 200.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use graph_rs_sdk::{GraphClient, GraphClientConfiguration};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, token, calls, in_flight] = arguments.as_slice() else {
        panic!("usage: bench-graph-rs URL TOKEN CALLS IN_FLIGHT")
    };
    let configuration = GraphClientConfiguration::new().access_token(token).https_only(false);
    let mut client = GraphClient::from(configuration);
    client.use_test_endpoint(&format!("{url}/v1.0").parse().expect("a URL"));
    let left = Arc::new(AtomicUsize::new(calls.parse().expect("a number of calls")));
    let lanes: usize = in_flight.parse().expect("a number of requests in flight");
    let lanes: Vec<_> =
        (0..lanes).map(|_| tokio::spawn(lane(client.clone(), Arc::clone(&left)))).collect();
    for lane in lanes {
        lane.await.expect("every answer is 200");
    }
}

/// Sends one request after the other while some are left.
async fn lane(client: GraphClient, left: Arc<AtomicUsize>) {
    let body = body();
    while left
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
        .is_ok()
    {
        let sent = client.user("adele").presence().set_presence(&body).send().await;
        assert_eq!(sent.expect("an answer").status(), 200);
    }
}

fn body() -> Value {
    json!({
        "sessionId": "22553876-f5ab-4529-bffb-cfe50aa89f87",
        "availability": "Busy",
        "activity": "InACall",
        "expirationDuration": "PT1H",
    })
}
